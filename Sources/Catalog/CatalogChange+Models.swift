internal import FoundationEssentials
internal import GRDB

extension CatalogChange {
    /// Forgets the files of a model and their objects, whose keys are to be destroyed after the
    /// commit. The model itself stays.
    public func removeArtifacts(of model: [UInt8]) throws(CatalogError) {
        let files = try artifacts(of: model)
        try run("DELETE FROM model_artifacts WHERE model = ?", [blob(model)])
        for file in files { try removeObject(file.object) }
    }
}
