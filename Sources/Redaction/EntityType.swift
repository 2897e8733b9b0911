/// What a finding is: an upper-case name such as `PERSON`. Policies may add names of their own.
///
/// The names are those that independent scorers of personal-data detection know, so that the output
/// of `scan` under the policy `all` can be scored as it is.
public struct EntityType: RawRepresentable, Hashable, Comparable, Sendable,
    CustomStringConvertible, ExpressibleByStringLiteral
{
    /// The upper-case name, letters, digits and `_`.
    public let rawValue: String

    /// Makes a type from its name as it stands; `isWellFormed` says whether the name is usable.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Makes a type from a literal.
    public init(stringLiteral value: String) { self.rawValue = value }

    /// The name.
    public var description: String { rawValue }

    /// Orders types by name.
    public static func < (a: EntityType, b: EntityType) -> Bool { a.rawValue < b.rawValue }

    /// Whether the name is 1–64 upper-case letters, digits and `_`, beginning with a letter.
    public var isWellFormed: Bool {
        guard let first = rawValue.utf8.first, (65...90).contains(first) else { return false }
        return rawValue.utf8.count <= 64
            && rawValue.utf8.allSatisfy {
                (65...90).contains($0) || (48...57).contains($0) || $0 == 95
            }
    }
}

extension EntityType {
    // People and groups
    /// A person's name or part of one.
    public static let person: EntityType = "PERSON"
    /// A user name or handle.
    public static let username: EntityType = "USERNAME"
    /// A company, institution or employer.
    public static let organization: EntityType = "ORGANIZATION"
    /// A nationality, religious or political group.
    public static let nrp: EntityType = "NRP"
    /// An age of a person.
    public static let age: EntityType = "AGE"

    // Places
    /// A town, region, country or other place.
    public static let location: EntityType = "LOCATION"
    /// A street address or a part of one, post-office boxes included.
    public static let streetAddress: EntityType = "STREET_ADDRESS"
    /// A postal code.
    public static let zipCode: EntityType = "ZIP_CODE"
    /// A geographic coordinate pair.
    public static let coordinate: EntityType = "COORDINATE"

    // Time
    /// A date or a time of day.
    public static let dateTime: EntityType = "DATE_TIME"
    /// A date that stands beside a word for birth.
    public static let dateOfBirth: EntityType = "DATE_OF_BIRTH"

    // Contact
    /// A telephone or fax number.
    public static let phoneNumber: EntityType = "PHONE_NUMBER"
    /// An e-mail address.
    public static let emailAddress: EntityType = "EMAIL_ADDRESS"
    /// A web address or domain name.
    public static let url: EntityType = "URL"
    /// An IPv4 or IPv6 address.
    public static let ipAddress: EntityType = "IP_ADDRESS"
    /// A hardware address of a network interface.
    public static let macAddress: EntityType = "MAC_ADDRESS"

    // Money
    /// A payment card number.
    public static let creditCard: EntityType = "CREDIT_CARD"
    /// An international bank account number.
    public static let iban: EntityType = "IBAN_CODE"
    /// A bank identifier code (ISO 9362).
    public static let bic: EntityType = "BIC"
    /// A US routing transit number.
    public static let routingNumber: EntityType = "ABA_ROUTING_NUMBER"
    /// A bank account number or sort code.
    public static let bankAccount: EntityType = "BANK_ACCOUNT"
    /// A crypto-currency address.
    public static let crypto: EntityType = "CRYPTO"

    // Government
    /// A US Social Security number.
    public static let ssn: EntityType = "US_SSN"
    /// A US individual taxpayer identification number.
    public static let itin: EntityType = "US_ITIN"
    /// A tax reference of a person or employer.
    public static let taxReference: EntityType = "TAX_REFERENCE_NUMBER"
    /// A UK National Insurance number.
    public static let nino: EntityType = "UK_NINO"
    /// A national identity number.
    public static let nationalID: EntityType = "NATIONAL_ID"
    /// A passport number.
    public static let passport: EntityType = "PASSPORT"
    /// A driver licence number.
    public static let driverLicense: EntityType = "DRIVER_LICENSE"
    /// A certificate or professional licence number.
    public static let license: EntityType = "LICENSE"

    // Health
    /// A UK NHS number.
    public static let nhs: EntityType = "UK_NHS"
    /// A US National Provider Identifier.
    public static let npi: EntityType = "US_NPI"
    /// A US Medicare Beneficiary Identifier.
    public static let mbi: EntityType = "US_MBI"
    /// A US Drug Enforcement Administration registration.
    public static let dea: EntityType = "DEA"
    /// A medical record number.
    public static let medicalRecord: EntityType = "MRN"
    /// A health plan or member number.
    public static let healthPlan: EntityType = "HEALTH_PLAN"

    // Vehicles and devices
    /// A vehicle identification number.
    public static let vin: EntityType = "VIN"
    /// A licence plate.
    public static let licensePlate: EntityType = "LICENSE_PLATE"
    /// A mobile equipment identity.
    public static let imei: EntityType = "IMEI"
    /// A serial number of a device.
    public static let deviceID: EntityType = "DEVICE_ID"
    /// A universally unique identifier.
    public static let uuid: EntityType = "UUID"

    // Secrets and other codes
    /// An access key or token of a well-known shape.
    public static let apiKey: EntityType = "API_KEY"
    /// A password or passphrase.
    public static let password: EntityType = "PASSWORD"
    /// A JSON Web Token.
    public static let jwt: EntityType = "JWT"
    /// A private key block.
    public static let privateKey: EntityType = "PRIVATE_KEY"
    /// An order, customer, account, ticket or invoice number.
    public static let account: EntityType = "ACCOUNT"
    /// Any other unique code.
    public static let otherID: EntityType = "OTHER_ID"

    /// Every type that this room can find by itself, in a fixed order.
    public static let known: [EntityType] = [
        .person, .username, .organization, .nrp, .age, .location, .streetAddress, .zipCode,
        .coordinate, .dateTime, .dateOfBirth, .phoneNumber, .emailAddress, .url, .ipAddress,
        .macAddress, .creditCard, .iban, .bic, .routingNumber, .bankAccount, .crypto, .ssn, .itin,
        .taxReference, .nino, .nationalID, .passport, .driverLicense, .license, .nhs, .npi, .mbi,
        .dea, .medicalRecord, .healthPlan, .vin, .licensePlate, .imei, .deviceID, .uuid, .apiKey,
        .password, .jwt, .privateKey, .account, .otherID,
    ]
}
