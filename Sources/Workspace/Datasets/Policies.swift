import Records
import Redaction

/// The redaction policies: `tundish policy list/show/check`.
public struct Policies: Sendable {
    private let home: String?

    /// Looks in a workspace's own policies first.
    public init(home: String?) { self.home = home }

    /// Every policy that can be named.
    public func list() throws -> Report {
        var json: [JSONValue] = []
        var lines: [String] = []
        for (name, path) in PolicyFiles.list(home: home) {
            let policy = try PolicyFiles.load(path, home: home)
            json.append([
                "name": .string(name), "path": .string(path),
                "description": .string(policy.description),
                "digest": .string(Hex.encode(policy.digest)),
            ])
            lines.append(name.filled(to: 20) + policy.description)
        }
        return Report(json: ["policies": .array(json)], lines: lines)
    }

    /// What a policy does.
    public func show(_ name: String) throws -> Report {
        let policy = try PolicyFiles.load(name, home: home)
        return Report(
            json: policy.canonical,
            lines: ["\(policy.name): \(policy.description)"]
                + EntityType.known.sorted().map {
                    "  " + $0.rawValue.filled(to: 26) + policy.rule(for: $0).operator.rawValue
                })
    }

    /// Whether a policy file is sound.
    public func check(_ name: String) throws -> Report {
        let policy = try PolicyFiles.load(name, home: home)
        return Report(
            json: ["policy": .string(policy.name), "digest": .string(Hex.encode(policy.digest))],
            lines: ["\(policy.name) is sound, digest \(Hex.encode(policy.digest))"])
    }
}
