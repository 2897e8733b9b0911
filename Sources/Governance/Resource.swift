internal import Catalog
public import Records

/// What something is done to.
public enum Resource: Hashable, Sendable {
    /// The workspace as a whole.
    case workspace
    /// A dataset as a whole, by its scope id.
    case dataset([UInt8])
    /// All versions of one stage of a dataset.
    case stage(dataset: [UInt8], Stage)
    /// One version.
    case version([UInt8])
    /// One model, by its scope id.
    case model([UInt8])
    /// One run.
    case run(String)

    /// As written in events: `workspace`, `dataset:<hex>`, `version:<hex>`, `run:r-…`.
    public var text: String {
        switch self {
        case .workspace: "workspace"
        case .dataset(let id): "dataset:" + Hex.encode(id)
        case .stage(let id, let stage): "dataset:\(Hex.encode(id))/\(stage.rawValue)"
        case .version(let id): "version:" + Hex.encode(id)
        case .model(let id): "model:" + Hex.encode(id)
        case .run(let id): "run:" + id
        }
    }

    /// Reads ``text``; nil when it is none.
    public init?(text: String) {
        if text == "workspace" {
            self = .workspace
            return
        }
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return nil }
        switch parts[0] {
        case "run": self = .run(parts[1])
        case "version":
            guard let id = Hex.decode(parts[1]), id.count == 32 else { return nil }
            self = .version(id)
        case "dataset", "model":
            let path = parts[1].split(separator: "/").map(String.init)
            guard let id = path.first.flatMap(Hex.decode), id.count == 16 else { return nil }
            if parts[0] == "model" {
                self = .model(id)
            } else if path.count == 2 {
                guard let stage = Stage(rawValue: path[1]) else { return nil }
                self = .stage(dataset: id, stage)
            } else {
                self = .dataset(id)
            }
        default: return nil
        }
    }
}

/// A resource with what a decision needs to know of it.
struct ResolvedResource {
    /// The narrowest scope that a grant can cover it by.
    var scope: GrantScope
    var dataset: DatasetRow?
    var version: VersionRow?
    var stage: Stage?
    var run: RunRow?
    /// A model trained here also lies in the dataset it was trained on.
    var second: GrantScope?
    /// A base model holds nothing of the workspace's data.
    var isBaseModel = false

    /// Whether a grant or deny over a scope reaches it.
    func isReached(by scope: GrantScope) -> Bool {
        scope.covers(self.scope) || second.map { scope.covers($0) } ?? false
    }

    init(_ resource: Resource, _ reader: CatalogReader) throws(GovernanceError) {
        do {
            switch resource {
            case .workspace: scope = .workspace
            case .dataset(let id): (scope, dataset) = (.dataset(id), try reader.dataset(id))
            case .stage(let id, let stage):
                (scope, dataset) = (.dataset(id), try reader.dataset(id))
                self.stage = stage
            case .version(let id):
                guard let row = try reader.version(id) else {
                    throw CatalogError(.notFound, "there is no version \(Hex.encode(id))")
                }
                (scope, version, stage) = (.dataset(row.dataset), row, row.stage)
                dataset = try reader.dataset(row.dataset)
            case .model(let id):
                guard let model = try reader.model(id) else {
                    throw CatalogError(.notFound, "there is no model \(Hex.encode(id))")
                }
                scope = .model(id)
                isBaseModel = model.kind == .base
                if let run = try model.run.flatMap({ try reader.run($0) }),
                    let version = try run.version.flatMap({ try reader.version($0) })
                {
                    second = .dataset(version.dataset)
                }
            case .run(let id):
                guard let row = try reader.run(id) else {
                    throw CatalogError(.notFound, "there is no run \(id)")
                }
                run = row
                if let version = try row.version.flatMap({ try reader.version($0) }) {
                    scope = .dataset(version.dataset)
                    dataset = try reader.dataset(version.dataset)
                } else {
                    scope = .workspace
                }
            }
        } catch let error as CatalogError {
            throw GovernanceError(error)
        } catch {
            throw GovernanceError(.storage, "\(error)")
        }
        if case .dataset(let id) = scope, dataset == nil {
            throw GovernanceError(.notFound, "there is no dataset \(Hex.encode(id))")
        }
    }
}

extension GrantScope {
    /// Whether a grant over this scope reaches something in another.
    func covers(_ other: GrantScope) -> Bool { self == .workspace || self == other }
}
