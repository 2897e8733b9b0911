internal import CLibXML2
internal import Glibc
internal import ReaderProtocol

/// One run of libxml2's SAX2 parser.
@safe final class XMLSession {
    private let input: DocumentInput
    let limits: ReaderLimits
    private let handler: any XMLHandler
    private var context: xmlParserCtxtPtr?
    /// Why it stopped, when we stopped it.
    private var fault: ReaderFault?
    /// The first error of libxml2 that ends the parse.
    private var error: (code: Int32, line: Int32)?
    private var depth: UInt64 = 0
    private var text: [UInt8] = []
    var entities = XMLEntities()
    private var lastURI: (pointer: UnsafePointer<xmlChar>, text: String)?
    private(set) var encoding = "utf-8"

    init(_ input: DocumentInput, limits: ReaderLimits, handler: any XMLHandler) {
        self.input = input
        self.limits = limits
        self.handler = handler
    }

    deinit {
        guard let context = unsafe context else { return }
        if let document = unsafe context.pointee.myDoc { unsafe xmlFreeDoc(document) }
        unsafe xmlFreeParserCtxt(context)
    }

    /// Parses to the end.
    func run(encoding declared: String?) throws(ReaderFault) {
        XMLLibrary.start()
        var sax = unsafe Self.callbacks
        let me = unsafe Unmanaged.passUnretained(self).toOpaque()
        guard
            let context = unsafe xmlCreateIOParserCtxt(
                &sax, me,
                { context, buffer, count in
                    guard let context = unsafe context, let buffer = unsafe buffer else {
                        return -1
                    }
                    return unsafe XMLSession.from(context).feed(
                        UnsafeMutableRawBufferPointer(start: buffer, count: Int(count)))
                }, nil, me, XML_CHAR_ENCODING_NONE)
        else {
            if let fault { throw fault }
            throw .malformed("an XML document without any content")
        }
        unsafe self.context = unsafe context
        var options = XML_PARSE_NOENT.rawValue | XML_PARSE_NONET.rawValue
        options |= XML_PARSE_HUGE.rawValue
        if let declared { options |= try unsafe use(declared, context) }
        unsafe xmlCtxtUseOptions(context, Int32(bitPattern: options))
        unsafe xmlParseDocument(context)
        if let fault { throw fault }
        if unsafe context.pointee.wellFormed == 0 { throw malformed() }
    }

    private func use(
        _ label: String, _ context: xmlParserCtxtPtr
    ) throws(ReaderFault) -> UInt32 {
        guard let name = Charset.name(label), let found = unsafe xmlFindCharEncodingHandler(name)
        else {
            throw .unsupported(
                "the encoding that was declared is not known", hint: "name it as IANA does")
        }
        unsafe xmlSwitchToEncoding(context, found)
        encoding = name
        return XML_PARSE_IGNORE_ENC.rawValue
    }

    private func malformed() -> ReaderFault {
        let line = error.map { "line \($0.line)" } ?? "its start"
        switch error.map({ xmlParserErrors(UInt32(bitPattern: $0.code)) }) {
        case XML_ERR_NO_MEMORY, XML_ERR_NAME_TOO_LONG, XML_ERR_INTERNAL_ERROR,
            XML_ERR_ENTITY_LOOP:
            return .overLimit("an XML document that goes beyond the limits at \(line)")
        case XML_ERR_DOCUMENT_EMPTY:
            return .malformed("an XML document without any content")
        case XML_ERR_INVALID_ENCODING, XML_ERR_UNSUPPORTED_ENCODING, XML_ERR_UNKNOWN_ENCODING,
            XML_I18N_CONV_FAILED:
            return .malformed(
                "an XML document whose bytes are not in its encoding, at \(line)",
                hint: "declare the encoding it is in")
        case XML_ERR_UNDECLARED_ENTITY:
            return .malformed("an XML document with an entity it does not declare, at \(line)")
        default:
            let code = error?.code ?? 0
            return .malformed("XML that is not well-formed at \(line) (libxml2 error \(code))")
        }
    }

    /// Ends the parse with `fault`; the first one counts.
    func stop(_ reason: ReaderFault) {
        if fault == nil { fault = reason }
        if let context = unsafe context { unsafe xmlStopParser(context) }
    }

    /// Whether the parser is inside of an attribute's value.
    var isInAttribute: Bool {
        guard let context = unsafe context else { return false }
        return unsafe context.pointee.instate == XML_PARSER_ATTRIBUTE_VALUE
    }

    // MARK: Events

    private func feed(_ buffer: UnsafeMutableRawBufferPointer) -> Int32 {
        do {
            return try unsafe Int32(clamping: input.read(into: buffer))
        } catch {
            if fault == nil { fault = error }
            return -1
        }
    }

    func noteEncoding() {
        guard let context = unsafe context, let input = unsafe context.pointee.input else { return }
        if unsafe context.pointee.options & Int32(XML_PARSE_IGNORE_ENC.rawValue) != 0 { return }
        if let name = unsafe input.pointee.encoding ?? context.pointee.encoding {
            encoding = unsafe String(cString: name).lowercased()
        } else if unsafe input.pointee.buf?.pointee.encoder != nil {
            encoding = "utf-16"
        }
    }

    func fail(_ problem: xmlError) {
        let level = unsafe problem.level
        if error == nil, level == XML_ERR_FATAL || level == XML_ERR_ERROR {
            error = unsafe (problem.code, problem.line)
        }
    }

    func append(_ bytes: UnsafePointer<xmlChar>, _ count: Int) {
        guard fault == nil else { return }
        guard UInt64(text.count + count) <= limits.recordBytes else {
            return stop(.overLimit("a text of more than \(limits.recordBytes) bytes"))
        }
        unsafe text.append(contentsOf: UnsafeBufferPointer(start: bytes, count: count))
    }

    private func flush() throws(ReaderFault) {
        guard !text.isEmpty else { return }
        let whole = String(decoding: text, as: UTF8.self)
        text.removeAll(keepingCapacity: text.capacity < 1 << 20)
        try handler.text(whole)
    }

    func start(_ name: UnsafePointer<xmlChar>, _ uri: UnsafePointer<xmlChar>?, _ values: Values) {
        guard fault == nil else { return }
        depth += 1
        guard depth <= limits.depth else {
            return stop(.overLimit("elements nested more than \(limits.depth) deep"))
        }
        do {
            try flush()
            let element = unsafe XMLStart(
                name: String(cString: name), namespace: namespace(uri),
                attributes: attributes(values), offset: offset(back: true))
            try handler.start(element)
        } catch { stop(error) }
    }

    func end(_ name: UnsafePointer<xmlChar>) {
        guard fault == nil else { return }
        depth -= 1
        do {
            try flush()
            try handler.end(unsafe String(cString: name), offset: offset(back: false))
        } catch { stop(error) }
    }

    /// Attributes as libxml2 hands them over: five pointers each.
    @unsafe struct Values {
        var count: Int
        var pointers: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
    }

    private func attributes(_ values: Values) -> [XMLAttribute] {
        guard unsafe values.count > 0, let pointers = unsafe values.pointers else { return [] }
        var out: [XMLAttribute] = []
        unsafe out.reserveCapacity(values.count)
        for index in unsafe 0..<values.count {
            let five = unsafe pointers + index * 5
            guard let name = unsafe five[0], let from = unsafe five[3], let to = unsafe five[4]
            else { continue }
            let bytes = unsafe UnsafeBufferPointer(start: from, count: to - from)
            unsafe out.append(
                XMLAttribute(
                    name: String(cString: name), namespace: namespace(five[2]),
                    value: String(decoding: bytes, as: UTF8.self)))
        }
        return out
    }

    /// libxml2 keeps one copy of each URI, so the pointer tells whether it is the last one's.
    private func namespace(_ uri: UnsafePointer<xmlChar>?) -> String? {
        guard let uri = unsafe uri else { return nil }
        if let last = unsafe lastURI, unsafe last.pointer == uri { return unsafe last.text }
        let text = unsafe String(cString: uri)
        unsafe lastURI = unsafe (uri, text)
        return text
    }

    /// Where the parser stands in the input, or where the tag before that began. Known only where
    /// the input is not converted from another encoding.
    private func offset(back: Bool) -> UInt64? {
        guard let context = unsafe context, let input = unsafe context.pointee.input,
            let base = unsafe input.pointee.base, var current = unsafe input.pointee.cur,
            unsafe input.pointee.buf?.pointee.encoder == nil
        else { return nil }
        if back {
            // No `<` stands inside of a tag (XML 1.0 §3.1), so the nearest is the tag's own.
            while unsafe current > base, unsafe current.pointee != 0x3C {
                unsafe current -= 1
            }
        }
        return unsafe UInt64(input.pointee.consumed) + UInt64(current - base)
    }

    static func from(_ pointer: UnsafeMutableRawPointer) -> XMLSession {
        unsafe Unmanaged<XMLSession>.fromOpaque(pointer).takeUnretainedValue()
    }
}
