extension RejectReason {
    /// A chat with a turn without text.
    public static let chatEmptyTurn = RejectReason("chat-empty-turn")
    /// A chat with a speaker of an unknown role.
    public static let chatUnknownRole = RejectReason("chat-unknown-role")
    /// A chat whose turns do not follow each other as they must.
    public static let chatRoleOrder = RejectReason("chat-role-order")
    /// A chat with a tool call that is malformed, unanswered, or answered without being made.
    public static let chatToolCall = RejectReason("chat-tool-call")
    /// A chat with content that is not text.
    public static let chatContent = RejectReason("chat-content")
    /// A row that has not the form of the others.
    public static let chatForm = RejectReason("chat-form")
    /// A turn of a conversation that was complete before.
    public static let chatScattered = RejectReason("chat-scattered")
    /// A pair of answers without a prompt that both share.
    public static let chatNoPrompt = RejectReason("chat-no-prompt")
    /// FHIR that is no resource: no object, or without `resourceType`.
    public static let fhirNoResource = RejectReason("fhir-no-resource")
    /// HL7 v2 text that belongs to no message.
    public static let hl7NoHeader = RejectReason("hl7-no-header")
    /// An HL7 v2 message whose header does not say how it is written.
    public static let hl7Malformed = RejectReason("hl7-malformed")
    /// An HL7 v2 message in a character set that is not read here.
    public static let hl7Charset = RejectReason("hl7-charset")
    /// An SQL row with another number of values than columns.
    public static let sqlColumnCount = RejectReason("sql-column-count")
    /// SQL that cannot be read.
    public static let sqlSyntax = RejectReason("sql-syntax")
    /// A subtitle without a time that can be read.
    public static let badCue = RejectReason("bad-cue")
}
