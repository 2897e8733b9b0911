/// Names of columns and members that are themselves data, as where a file has no header.
public enum IdentifierNames {
    private static let scanners = Scanners()

    private static let types: Set<EntityType> = [
        .emailAddress, .phoneNumber, .streetAddress, "CREDIT_CARD", "IBAN_CODE", "US_SSN",
    ]

    /// Whether a name holds an e-mail address, a phone or card number, an IBAN, an SSN or a street
    /// address. Names of people are not looked for: too many columns are called like somebody.
    public static func isPersonal(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        // What is looked for has an @ or several digits; most names have neither.
        let digits = bytes.count { (0x30...0x39).contains($0) }
        guard digits >= 2 || bytes.contains(UInt8(ascii: "@")) else { return false }
        return scanners.findings(in: DocumentView(bytes)).contains {
            types.contains($0.type) && $0.score >= 0.4
        }
    }
}
