/// The families in which types of different tools and data sets are compared: a date of birth is a
/// date, a postal code a place.
public enum TypeFamily {
    /// The family of a type's name, case and separators ignored; the name itself, in capitals,
    /// where none is known.
    public static func of(_ type: String) -> String {
        let name = type.uppercased().map { $0 == "-" || $0 == " " ? "_" : $0 }
        let key = String(name)
        return families[key] ?? key
    }

    private static let lists: [(String, String)] = [
        (
            "PERSON",
            "PERSON PER NAME FIRST_NAME LAST_NAME FULL_NAME GIVENNAME SURNAME PATIENT DOCTOR PERSON_NAME"
        ),
        ("USERNAME", "USERNAME TWITTER SKYPE"),
        (
            "LOCATION",
            """
            LOCATION LOC GPE FAC ADDRESS STREET_ADDRESS STREET CITY STATE COUNTRY ZIP_CODE ZIP ZIPCODE \
            POSTALCODE POSTCODE UK_POSTCODE GPS COORDINATE GEO
            """
        ),
        ("ORGANIZATION", "ORGANIZATION ORG COMPANY HOSPITAL"),
        ("DATE_TIME", "DATE_TIME DATE TIME DATE_OF_BIRTH DOB DATEOFBIRTH"),
        ("AGE", "AGE"),
        ("NRP", "NRP NORP NATIONALITY"),
        ("TITLE", "TITLE PREFIX"),
        ("PHONE", "PHONE_NUMBER PHONE FAX TELEPHONENUM US_PHONE_NUMBER"),
        ("EMAIL", "EMAIL_ADDRESS EMAIL"),
        ("URL", "URL DOMAIN_NAME DOMAIN"),
        ("IP", "IP_ADDRESS IP IPV4 IPV6"),
        ("DEVICE_ID", "MAC_ADDRESS DEVICE_ID IMEI UUID"),
        ("CREDIT_CARD", "CREDIT_CARD CREDIT_CARD_NUMBER CREDITCARDNUMBER"),
        ("IBAN", "IBAN_CODE IBAN"),
        ("BANK", "US_BANK_NUMBER BANK_ACCOUNT ABA_ROUTING_NUMBER SWIFT BIC US_ROUTING_NUMBER"),
        ("CRYPTO", "CRYPTO"),
        ("SSN", "US_SSN SSN SOCIAL_SECURITY_NUMBER US_ITIN"),
        ("DRIVER_LICENSE", "US_DRIVER_LICENSE DRIVER_LICENSE DRIVERS_LICENCE"),
        ("PASSPORT", "US_PASSPORT PASSPORT UK_PASSPORT"),
        (
            "MEDICAL_ID",
            """
            UK_NHS NHS MEDICAL_LICENSE US_MBI US_NPI NPI MRN MEDICAL_RECORD HEALTH_PLAN DEA
            """
        ),
        (
            "NATIONAL_ID",
            "UK_NINO NATIONAL_INSURANCE_NUMBER TAX_REFERENCE_NUMBER NATIONAL_ID"
        ),
        ("OTHER_ID", "ID OTHER_ID ACCOUNT LICENSE"),
        ("VEHICLE_ID", "VEHICLE VEHICLE_ID VIN LICENSE_PLATE VEHICLE_LICENCE_PLATE"),
        (
            "CREDENTIAL",
            "CREDENTIAL PASSWORD SECRET API_KEY JWT BEARER_TOKEN PRIVATE_KEY CREDENTIAL_URI"
        ),
    ]

    private static let families: [String: String] = Dictionary(
        lists.flatMap { family, names in
            names.split(separator: " ").map { (String($0), family) }
        }, uniquingKeysWith: { first, _ in first })
}
