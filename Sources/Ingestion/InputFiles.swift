internal import Glibc

/// Turns what a person asks for (files, folders, patterns) into the list of files to read.
///
/// Rules: folders are walked to the bottom; names that begin with a dot, and links inside folders,
/// are left out; a pattern (`*`, `?`, `[`) is expanded if no file has that very name; no file comes
/// twice; the order is that of the bytes of the relative path, so that it depends neither on the
/// locale nor on the order of the arguments.
public enum InputFiles {
    /// The files behind `paths`, in reading order. Throws `notFound`, `unreadable` or `emptyInput`.
    public static func expand(_ paths: [String]) throws(IngestionError) -> [InputFile] {
        if paths == ["-"] { return [.standardInput] }
        var found: [String] = []
        var roots: [[Substring]] = []
        for path in paths {
            guard path != "-" else {
                throw IngestionError(
                    .badOption, "standard input cannot be mixed with files",
                    hint: "ingest '-' in a run of its own")
            }
            for match in try matches(path) {
                guard let real = resolve(match) else {
                    throw IngestionError(
                        .notFound, "there is no file '\(match)'", hint: "check the path")
                }
                let parts = real.split(separator: "/")
                if isFolder(real) {
                    roots.append(parts)
                    try walk(real, into: &found)
                } else {
                    roots.append(parts.dropLast())
                    found.append(real)
                }
            }
        }
        let common = commonPrefix(of: roots)
        let files = Set(found).map { real in
            let relative = real.split(separator: "/").dropFirst(common)
            // It is printed, and stands in reports and tables: no line ends, no escape sequences.
            return InputFile(
                path: real, relativePath: IngestRun.printable(relative.joined(separator: "/")))
        }
        guard !files.isEmpty else {
            throw IngestionError(
                .emptyInput, "there is no file to read under \(paths.joined(separator: ", "))",
                hint: "names that begin with a dot and links inside folders are left out")
        }
        return files.sorted { $0.relativePath.utf8.lexicographicallyPrecedes($1.relativePath.utf8) }
    }

    private static func commonPrefix(of paths: [[Substring]]) -> Int {
        guard let first = paths.first else { return 0 }
        return paths.reduce(first.count) { length, path in
            zip(first.prefix(length), path).prefix { $0 == $1 }.count
        }
    }

    private static func matches(_ path: String) throws(IngestionError) -> [String] {
        guard resolve(path) == nil, path.contains(where: { "*?[".contains($0) }) else {
            return [path]
        }
        var result = unsafe glob_t()
        defer { unsafe globfree(&result) }
        guard unsafe glob(path, 0, nil, &result) == 0 else {
            throw IngestionError(
                .notFound, "no file matches '\(path)'", hint: "check the pattern")
        }
        return unsafe (0..<Int(result.gl_pathc)).compactMap { index in
            unsafe result.gl_pathv[index].map { unsafe String(cString: $0) }
        }
    }

    private static func resolve(_ path: String) -> String? {
        guard let real = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(real) }
        return unsafe String(cString: real)
    }

    private static func isFolder(_ path: String) -> Bool {
        var info = stat()
        return unsafe stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
    }

    private static func walk(_ folder: String, into files: inout [String]) throws(IngestionError) {
        guard let stream = unsafe opendir(folder) else {
            throw IngestionError(
                .unreadable, "cannot open the folder '\(folder)': error \(errno)",
                hint: "check its permissions")
        }
        var names: [String] = []
        var strange = 0
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { raw in
                unsafe String(validating: raw.prefix { $0 != 0 }, as: UTF8.self)
            }
            if let name { if !name.hasPrefix(".") { names.append(name) } } else { strange += 1 }
        }
        unsafe closedir(stream)
        // Such a name cannot be written down; left out in silence, the file would be lost.
        guard strange == 0 else {
            throw IngestionError(
                .unreadable, "names in the folder '\(IngestRun.printable(folder))' are not UTF-8",
                hint: "rename these files: \(strange)")
        }
        for name in names {
            let path = "\(folder)/\(name)"
            var info = stat()
            guard unsafe lstat(path, &info) == 0 else { continue }
            if info.st_mode & S_IFMT == S_IFDIR {
                try walk(path, into: &files)
            } else if info.st_mode & S_IFMT == S_IFREG {
                files.append(path)
            }
        }
    }
}
