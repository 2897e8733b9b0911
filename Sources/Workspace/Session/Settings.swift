import FoundationEssentials
import Glibc
public import Records
import Yams

/// Where things are. Each value comes from the first of: a flag, the environment, `tundish.yaml` in
/// the workspace, `$XDG_CONFIG_HOME/tundish/config.yaml`, the default.
///
/// Secrets are never values here, only files that hold them.
public struct Settings: Sendable {
    /// The workspace's folder.
    public var home: String
    /// The identity file of whoever runs the command; nil: the default of the workspace.
    public var identity: String?
    /// The file that holds the identity's passphrase.
    public var passphraseFile: String?
    /// The file that holds the Custodian's root key or its passphrase; nil: the default.
    public var rootKeyFile: String?
    /// Where the highest checkpoint is kept, outside the workspace.
    public var stateFolder: String
    /// The folder of the person's own configuration.
    public var configFolder: String

    /// Flags of the command line, each nil when it was not given.
    public struct Flags: Sendable {
        /// `--home`
        public var home: String?
        /// `--identity`
        public var identity: String?

        /// Makes flags.
        public init(home: String? = nil, identity: String? = nil) {
            self.home = home
            self.identity = identity
        }
    }

    /// Resolves the settings; `environment` is the process's own unless given.
    public static func resolve(
        _ flags: Flags = Flags(), environment: [String: String]? = nil
    ) throws -> Settings {
        let environment = environment ?? ProcessInfo.processInfo.environment
        let user = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? "/"
        let config = (environment["XDG_CONFIG_HOME"] ?? user + "/.config") + "/tundish"
        let state = (environment["XDG_STATE_HOME"] ?? user + "/.local/state") + "/tundish"
        let personal = try values(in: config + "/config.yaml")
        let home = absolute(
            flags.home ?? environment["TUNDISH_HOME"] ?? personal["home"]?.stringValue ?? ".")
        let local = try values(in: home + "/tundish.yaml")
        func setting(_ variable: String, _ name: String) -> String? {
            environment[variable] ?? local[name]?.stringValue ?? personal[name]?.stringValue
        }
        return Settings(
            home: home, identity: flags.identity ?? setting("TUNDISH_IDENTITY", "identity"),
            passphraseFile: setting("TUNDISH_PASSPHRASE_FILE", "passphrase_file"),
            rootKeyFile: setting("TUNDISH_ROOT_KEY_FILE", "root_key_file"), stateFolder: state,
            configFolder: config)
    }

    /// The default place of the identity that `init` makes for a workspace.
    func defaultIdentity(workspace: String) -> String {
        configFolder + "/identities/\(workspace).json"
    }

    /// The default place of the root key that `init` makes for a workspace.
    func defaultRootKey(workspace: String) -> String { configFolder + "/roots/\(workspace).key" }

    /// A path made absolute from the current folder.
    static func absolute(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        let current = FileManager.default.currentDirectoryPath
        return path == "." ? current : current + "/" + path
    }

    private static let known = ["home", "identity", "passphrase_file", "root_key_file"]

    private static func values(in path: String) throws -> [String: JSONValue] {
        guard FileManager.default.fileExists(atPath: path) else { return [:] }
        let value = try YAMLFile.read(path)
        if value.isNull { return [:] }
        guard let members = value.objectValue else {
            throw WorkspaceError(.usage, "\(path) must hold settings as `name: value` lines")
        }
        for name in members.keys where !known.contains(name) {
            throw WorkspaceError(
                .usage, "\(path) holds an unknown setting `\(name)`",
                hint: "the settings are \(known.joined(separator: ", "))")
        }
        return members
    }
}

/// YAML files (JSON is YAML too) as JSON values: settings, recipes, mappings.
public enum YAMLFile {
    /// Reads one document; scalars take the types of YAML 1.2's core schema.
    public static func read(_ path: String) throws -> JSONValue {
        let text = String(decoding: try Files.read(path), as: UTF8.self)
        do {
            guard let node = try Yams.compose(yaml: text) else { return .null }
            return try value(of: node)
        } catch let error as YamlError {
            throw WorkspaceError(.usage, "\(path) is not YAML: \(error)")
        }
    }

    private static func value(of node: Node) throws -> JSONValue {
        switch node {
        case .scalar(let scalar):
            if node.null != nil, scalar.style == .plain || scalar.style == .any { return .null }
            guard scalar.style == .plain || scalar.style == .any else {
                return .string(scalar.string)
            }
            if let whole = node.int { return .integer(whole) }
            if let number = node.float { return .double(number) }
            if let flag = node.bool { return .bool(flag) }
            return .string(scalar.string)
        case .sequence(let elements): return .array(try elements.map(value))
        case .mapping(let pairs):
            var members: [String: JSONValue] = [:]
            for (name, member) in pairs {
                members[name.string ?? ""] = try value(of: member)
            }
            return .object(members)
        case .alias:
            throw WorkspaceError(.usage, "YAML aliases are not supported in recipes and settings")
        }
    }
}
