internal import Catalog
internal import Records
@_spi(ChokePoint) internal import Vault

extension LeaseReader {
    /// Opens one file of a checkpoint of the lease's own run, piece by piece.
    ///
    /// A checkpoint follows from the records, so that the lease that opens the run's version opens
    /// it too, and no other does.
    public func checkpoint(
        step: Int, file name: String, into sink: ([UInt8]) throws -> Void
    ) throws(GovernanceError) {
        let place = try governed {
            try authorizer.catalog.read { reader in
                try Self.checkLive(lease, reader, authorizer.now())
                return try placed(step, name, reader)
            }
        }
        try governed {
            try vault.open(place.location, object: place.id, scope: place.scope, into: sink)
        }
    }

    private func placed(
        _ step: Int, _ name: String, _ reader: CatalogReader
    ) throws -> PlacedObject {
        guard lease.permission == .train, let id = lease.run, let run = try reader.run(id),
            run.version == lease.version
        else {
            throw GovernanceError(
                .denied, "lease \(lease.id) opens no checkpoint",
                hint: "a run opens its own, under its own lease")
        }
        let file = try reader.checkpointFiles(of: id).first { $0.step == step && $0.name == name }
        guard let file, let row = try reader.object(file.object) else {
            throw GovernanceError(.notFound, "run \(id) has no file \(name) of checkpoint \(step)")
        }
        guard row.kind == .checkpoint, row.stageCode == SealStage.checkpoint.rawValue else {
            throw GovernanceError(
                .integrity, "object \(Hex.encode(row.id)) is no checkpoint's")
        }
        return try PlacedObject(row)
    }
}
