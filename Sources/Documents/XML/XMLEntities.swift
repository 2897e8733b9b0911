internal import CLibXML2
internal import Glibc
internal import ReaderProtocol

/// The entities that a document may use.
///
/// libxml2 asks for each entity and gets a struct of ours, whose text holds no reference of its
/// own: its own expansion never runs.
@safe struct XMLEntities: ~Copyable {
    /// The longest text of an entity that is put in, in bytes.
    static let longestText = 1024
    /// The most bytes that entities may add to a document.
    static let mostBytes = 1 << 20

    var declared: [String: [UInt8]] = [:]
    var added = 0
    private var made: [UnsafeMutablePointer<xmlEntity>] = unsafe []
    private var byName: [String: Int] = [:]

    /// The struct for an entity in text, or in an attribute's value.
    mutating func make(_ name: String, _ text: [UInt8], inAttribute: Bool) -> xmlEntityPtr {
        let key = (inAttribute ? "@" : "") + name
        if let index = byName[key] { return unsafe made[index] }
        let entity = UnsafeMutablePointer<xmlEntity>.allocate(capacity: 1)
        unsafe entity.initialize(to: xmlEntity())
        let content = UnsafeMutablePointer<xmlChar>.allocate(capacity: text.count + 1)
        for (index, byte) in text.enumerated() { unsafe content[index] = byte }
        unsafe content[text.count] = 0
        unsafe entity.pointee.type = XML_ENTITY_DECL
        unsafe entity.pointee.name = UnsafePointer(content)
        unsafe entity.pointee.content = unsafe content
        unsafe entity.pointee.length = Int32(text.count)
        // In text a predefined entity is put in as it stands; in an attribute libxml2 would take
        // only its first byte, and goes through the text of a general one.
        unsafe entity.pointee.etype =
            inAttribute ? XML_INTERNAL_GENERAL_ENTITY : XML_INTERNAL_PREDEFINED_ENTITY
        unsafe made.append(entity)
        byName[key] = unsafe made.count - 1
        return unsafe entity
    }

    deinit {
        for index in unsafe made.indices {
            unsafe made[index].pointee.content.deallocate()
            unsafe made[index].deallocate()
        }
    }
}

extension XMLSession {
    /// A declaration in the document's own DTD.
    func declare(_ name: String, type: Int32, isExternal: Bool, content: [UInt8]) {
        let type = xmlEntityType(UInt32(bitPattern: type))
        // An unparsed entity names a picture or the like, which nothing here opens.
        guard type != XML_EXTERNAL_GENERAL_UNPARSED_ENTITY else { return }
        guard !isExternal else {
            return stop(.external("an XML document that declares an entity outside of itself"))
        }
        if type == XML_INTERNAL_GENERAL_ENTITY, entities.declared[name] == nil {
            entities.declared[name] = content
        }
    }

    /// The entity for a reference; nil where it is not known.
    func entity(_ name: String) -> xmlEntityPtr? {
        if let predefined = unsafe xmlGetPredefinedEntity(name) { return unsafe predefined }
        var text = entities.declared[name]
        if text == nil, let known = unsafe htmlEntityLookup(name) {
            text = unsafe Unicode.Scalar(known.pointee.value).map { Array(String($0).utf8) }
        }
        guard let text else { return nil }
        guard !text.contains(0x26), text.count <= XMLEntities.longestText else {
            stop(
                .overLimit(
                    text.contains(0x26)
                        ? "an XML entity made of other entities, as a bomb is"
                        : "an XML entity of \(text.count) bytes"))
            return nil
        }
        guard !text.contains(0x3C) else {
            stop(
                .unsupported(
                    "an XML entity that holds elements", hint: "put its text in its place"))
            return nil
        }
        entities.added += text.count
        guard entities.added <= XMLEntities.mostBytes else {
            stop(.overLimit("XML entities that add more than \(XMLEntities.mostBytes) bytes"))
            return nil
        }
        return unsafe entities.make(name, text, inAttribute: isInAttribute)
    }
}
