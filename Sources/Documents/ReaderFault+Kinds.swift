internal import ReaderProtocol

extension ReaderFault {
    static func malformed(
        _ message: String, hint: String = "open it in its own program and save it again"
    ) -> ReaderFault { ReaderFault(.malformed, message, hint: hint) }

    static func overLimit(
        _ message: String, hint: String = "if the file is sound, split it into smaller ones"
    ) -> ReaderFault { ReaderFault(.overLimit, message, hint: hint) }

    static func external(_ message: String) -> ReaderFault {
        ReaderFault(
            .external, message, hint: "take the declaration out, or put the text in its place")
    }

    static func encrypted(
        _ message: String, hint: String = "open it with its password and save it without one"
    ) -> ReaderFault { ReaderFault(.encrypted, message, hint: hint) }

    static func unsupported(_ message: String, hint: String) -> ReaderFault {
        ReaderFault(.unsupported, message, hint: hint)
    }

    static func noText(_ message: String, hint: String) -> ReaderFault {
        ReaderFault(.noText, message, hint: hint)
    }
}
