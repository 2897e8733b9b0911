import Records
import Redaction

/// Finds personal data in text or JSON Lines, without a workspace: `tundish scan`.
public struct Scan: Sendable {
    /// The policy's name or path.
    public var policy: String
    /// Whether the input is JSON Lines of `{"text": …}`, or plain text, a row a line.
    public var isJSONLines: Bool

    /// Makes the request.
    public init(policy: String, isJSONLines: Bool) {
        self.policy = policy
        self.isJSONLines = isJSONLines
    }

    /// Reads lines until `readChunk` gives nil and writes one JSON line for each.
    ///
    /// - Parameter readChunk: gives the next bytes of the input, of any length.
    /// - Returns: the number of rows and of findings, by type.
    public func run(
        readChunk: () throws -> [UInt8]?, write: ([UInt8]) throws -> Void
    ) throws -> Report {
        let policy = try PolicyFiles.load(self.policy, home: nil)
        guard policy.needs.isEmpty else {
            throw WorkspaceError(
                .usage,
                "policy `\(policy.name)` needs a workspace's "
                    + policy.needs.map(\.rawValue).joined(separator: " and "),
                hint: "scan with `all`, or redact inside a workspace")
        }
        let redactor = try Redactor(policy: policy)
        var row = 0
        var counts: [String: Int] = [:]
        try Lines.forEach(in: readChunk) { line in
            if isJSONLines, line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { return }
            let (id, text) = try self.text(of: line, row: row)
            let redacted = try redactor.redact(text: text)
            for finding in redacted.findings { counts[finding.type.rawValue, default: 0] += 1 }
            try write(
                ScanLine.encode(
                    id: id, source: text, findings: redacted.findings, text: redacted.text))
            row += 1
        }
        return Report(
            json: [
                "rows": .integer(row), "findings": .object(counts.mapValues { .integer($0) }),
            ],
            lines: ["\(row) rows, \(counts.values.reduce(0, +)) findings"])
    }

    /// The row's number is its id: `id` in the output counts rows from 0.
    private func text(of line: [UInt8], row: Int) throws -> (JSONValue, [UInt8]) {
        guard isJSONLines else {
            guard let text = String(validating: line, as: UTF8.self) else {
                throw WorkspaceError(
                    .failed, "line \(row + 1) is not valid UTF-8",
                    hint: "convert the input, for example with iconv")
            }
            return (.integer(row), Array(text.utf8))
        }
        let value: JSONValue
        do { value = try JSONParser.parse(line) } catch {
            throw WorkspaceError(.failed, "line \(row + 1) is not JSON: \(error)")
        }
        guard let text = value["text"]?.stringValue ?? value["full_text"]?.stringValue else {
            throw WorkspaceError(
                .failed, "line \(row + 1) has no string member `text`",
                hint: "each line must be an object such as {\"text\": \"…\"}")
        }
        return (.integer(row), Array(text.utf8))
    }
}

/// Cuts a stream of bytes into lines.
enum Lines {
    /// Gives each line without its end (LF or CRLF).
    static func forEach(
        in readChunk: () throws -> [UInt8]?, _ body: ([UInt8]) throws -> Void
    ) throws {
        var rest: [UInt8] = []
        while let chunk = try readChunk() {
            var start = 0
            for index in chunk.indices where chunk[index] == 0x0A {
                rest.append(contentsOf: chunk[start..<index])
                if rest.last == 0x0D { rest.removeLast() }
                try body(rest)
                rest.removeAll(keepingCapacity: true)
                start = index + 1
            }
            rest.append(contentsOf: chunk[start...])
        }
        if rest.last == 0x0D { rest.removeLast() }
        if !rest.isEmpty { try body(rest) }
    }
}
