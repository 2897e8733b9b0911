internal import CLibXML2
internal import Glibc
internal import ReaderProtocol

extension XMLSession {
    /// libxml2's table of callbacks. All that would load or keep something is left out.
    static var callbacks: xmlSAXHandler {
        var sax = unsafe xmlSAXHandler()
        unsafe sax.initialized = XML_SAX2_MAGIC
        unsafe sax.startDocument = { me in
            if let me = unsafe me { unsafe XMLSession.from(me).noteEncoding() }
        }
        unsafe sax.startElementNs = {
            me, name, _, uri, _, _, count, defaulted, attributes in
            guard let me = unsafe me, let name = unsafe name else { return }
            // Values that the DTD fills in are left out: they could repeat without end.
            unsafe XMLSession.from(me).start(
                name, uri, Values(count: Int(count - defaulted), pointers: attributes))
        }
        unsafe sax.endElementNs = { me, name, _, _ in
            guard let me = unsafe me, let name = unsafe name else { return }
            unsafe XMLSession.from(me).end(name)
        }
        let characters: charactersSAXFunc = { me, bytes, count in
            guard let me = unsafe me, let bytes = unsafe bytes else { return }
            unsafe XMLSession.from(me).append(bytes, Int(count))
        }
        unsafe sax.characters = characters
        unsafe sax.ignorableWhitespace = characters
        unsafe sax.cdataBlock = characters
        unsafe sax.entityDecl = { me, name, type, publicID, systemID, content in
            guard let me = unsafe me, let name = unsafe name else { return }
            unsafe XMLSession.from(me).declare(
                String(cString: name), type: type,
                isExternal: publicID != nil || systemID != nil,
                content: content.map {
                    unsafe Array(UnsafeBufferPointer(start: $0, count: strlen($0)))
                } ?? [])
        }
        unsafe sax.getEntity = { me, name in
            guard let me = unsafe me, let name = unsafe name else { return nil }
            return unsafe XMLSession.from(me).entity(String(cString: name))
        }
        unsafe sax.getParameterEntity = { _, _ in nil }
        unsafe sax.resolveEntity = { _, _, _ in nil }
        unsafe sax.serror = { me, problem in
            guard let me = unsafe me, let problem = unsafe problem else { return }
            unsafe XMLSession.from(me).fail(problem.pointee)
        }
        return unsafe sax
    }
}

/// libxml2 as a whole.
enum XMLLibrary {
    private static let once: Void = {
        xmlInitParser()
        unsafe xmlSetExternalEntityLoader { _, _, _ in nil }
    }()

    /// Prepares it; nothing outside of a document can be opened afterwards.
    static func start() {
        once
        // Errors without a parser of their own would be written to standard error.
        unsafe xmlSetStructuredErrorFunc(nil) { _, _ in }
    }
}
