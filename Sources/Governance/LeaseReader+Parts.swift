internal import Catalog
internal import Records
@_spi(ChokePoint) internal import Vault

/// What may belong to a version: parts of its own dataset and stage.
enum VersionParts {
    static func holds(_ version: VersionRow, segment: SegmentRow) -> Bool {
        segment.dataset == version.dataset && segment.stage == version.stage
    }

    static func holds(_ version: VersionRow, segment: SegmentRow, object row: ObjectRow) -> Bool {
        row.kind == .segment && holds(version, segment: segment) && isOfStage(version, row)
    }

    /// An object beside the segments. Origins hold no text and stay sealed as raw, whichever
    /// stages inherit them.
    static func holds(_ version: VersionRow, object row: ObjectRow) -> Bool {
        if row.kind == .segment { return false }
        let isOrigins =
            row.kind == .origins && row.stageCode == SealStage.raw.rawValue
            && row.scope == version.dataset
        return isOrigins || isOfStage(version, row)
    }

    private static func isOfStage(_ version: VersionRow, _ row: ObjectRow) -> Bool {
        row.scope == version.dataset
            && SealStage(rawValue: row.stageCode)?.name == version.stage.rawValue
    }
}
