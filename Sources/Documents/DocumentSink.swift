public import ReaderProtocol

/// Where a document's parser puts what it finds; the reader process writes it as frames.
public protocol DocumentSink: AnyObject {
    /// Takes a record, a refusal, a note, or a member with its bytes.
    func put(_ frame: ReaderFrame) throws(ReaderFault)
}
