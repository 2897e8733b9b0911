internal import CLibXML2
internal import Glibc
internal import ReaderProtocol

/// XML 1.0 as events, safe for hostile input.
///
/// Nothing outside of the document is opened: no DTD, no external entity (a document that declares
/// one is refused). Entities declared inside the document are put in only where they are short
/// plain text; one that refers to others, or a large one, is refused where it is used. Elements
/// nest and text grows up to the limits.
enum XMLEvents {
    /// Reads a document in memory.
    static func parse(
        _ bytes: [UInt8], limits: ReaderLimits, handler: any XMLHandler
    ) throws(ReaderFault) {
        _ = try parse(
            DocumentInput(bytes, limits: limits), encoding: nil, limits: limits, handler: handler)
    }

    /// Reads a document as it comes, in memory that does not grow with it.
    ///
    /// - Returns: The encoding it was read in, in lower case.
    static func parse(
        _ input: DocumentInput, encoding: String?, limits: ReaderLimits, handler: any XMLHandler
    ) throws(ReaderFault) -> String {
        let session = XMLSession(input, limits: limits, handler: handler)
        try session.run(encoding: encoding)
        return session.encoding
    }
}
