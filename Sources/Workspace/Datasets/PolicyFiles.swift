import FoundationEssentials
public import Redaction

/// Finds policies: the YAML packs of `policies/`.
public enum PolicyFiles {
    /// Where packs are looked for, first one wins: the workspace's own, `TUNDISH_POLICIES`, beside
    /// the installed binary, and the source tree that the binary was built in.
    public static func folders(
        home: String?, executable: String = Executable.path
    ) -> [String] {
        var folders: [String] = []
        if let home { folders.append(home + "/policies") }
        if let own = ProcessInfo.processInfo.environment["TUNDISH_POLICIES"] { folders.append(own) }
        let binaries = parent(of: executable)
        folders.append(parent(of: binaries) + "/share/tundish/policies")
        var above = binaries
        for _ in 0..<5 {
            above = parent(of: above)
            folders.append(above + "/policies")
        }
        return folders.filter { Files.exists($0) }
    }

    /// Loads a policy by its name, such as `gdpr`, or by the path of its file.
    public static func load(_ name: String, home: String?) throws -> Policy {
        if name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
            return try Policy.load(yaml: Files.read(name), named: name)
        }
        let folders = folders(home: home)
        for folder in folders where Files.exists("\(folder)/\(name).yaml") {
            let path = "\(folder)/\(name).yaml"
            return try Policy.load(yaml: Files.read(path), named: path)
        }
        let known = list(home: home).map(\.name).joined(separator: ", ")
        throw WorkspaceError(
            .notFound, "there is no policy `\(name)`",
            hint: known.isEmpty
                ? "set TUNDISH_POLICIES to the folder of the policy packs" : "there are \(known)")
    }

    /// The policies that can be named, each once.
    public static func list(home: String?) -> [(name: String, path: String)] {
        var found: [String: String] = [:]
        for folder in folders(home: home) {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            for file in names where file.hasSuffix(".yaml") {
                let name = String(file.dropLast(5))
                if found[name] == nil { found[name] = "\(folder)/\(file)" }
            }
        }
        return found.sorted { $0.key < $1.key }.map { (name: $0.key, path: $0.value) }
    }
}

/// The running program's file.
public enum Executable {
    /// Its path with links resolved, so that what is installed beside it is found.
    public static var path: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            ?? CommandLine.arguments.first ?? ""
    }

    /// Another program installed beside this one.
    public static func sibling(_ name: String) -> String { parent(of: path) + "/" + name }
}
