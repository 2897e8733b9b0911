internal import ReaderProtocol

/// Takes the events of an XML document in order.
protocol XMLHandler: AnyObject {
    /// An element begins.
    func start(_ element: XMLStart) throws(ReaderFault)
    /// All text up to the next tag; references are resolved and CDATA is text.
    func text(_ text: String) throws(ReaderFault)
    /// The element ends; `offset` is the first byte behind it, where that is known.
    func end(_ name: String, offset: UInt64?) throws(ReaderFault)
}

/// The start of an element.
struct XMLStart {
    /// Its name without prefix.
    let name: String
    /// Its namespace's URI.
    let namespace: String?
    /// Its attributes in order, without namespace declarations.
    let attributes: [XMLAttribute]
    /// Where its `<` stands in the input, where that is known (in UTF-8 documents).
    let offset: UInt64?

    /// The value of the first attribute of this local name.
    subscript(_ local: String) -> String? { attributes.first { $0.name == local }?.value }

    /// The value of the attribute of this local name and namespace.
    func attribute(_ local: String, namespace: String?) -> String? {
        attributes.first { $0.name == local && $0.namespace == namespace }?.value
    }
}

/// An attribute.
struct XMLAttribute: Hashable {
    /// Its name without prefix.
    let name: String
    /// Its namespace's URI; nil without a prefix.
    let namespace: String?
    /// Its value.
    let value: String
}
