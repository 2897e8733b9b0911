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

    /// Sealed objects of the raw stage that stand beside another version of the dataset and that
    /// work on this one needs: the findings report for who confirms findings, the tables of codes
    /// and decisions for who redacts or re-identifies.
    static func isCompanion(
        of version: VersionRow, object row: ObjectRow, for permission: Permission?
    ) -> Bool {
        guard row.scope == version.dataset, row.stageCode == SealStage.raw.rawValue else {
            return false
        }
        return switch permission {
        case .label: row.kind == .findings && version.stage == .raw
        case .redact: row.kind == .table && version.stage == .raw
        case .reidentify: row.kind == .table
        default: false
        }
    }

    private static func isOfStage(_ version: VersionRow, _ row: ObjectRow) -> Bool {
        row.scope == version.dataset
            && SealStage(rawValue: row.stageCode)?.name == version.stage.rawValue
    }
}
