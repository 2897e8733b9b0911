/// What a field's or column's name says about the values in it.
enum FieldNames {
    /// Names, lower case with everything but letters and digits dropped, that make a whole value
    /// personal data of one type.
    static let types: [String: EntityType] = {
        let lists: [(EntityType, String)] = [
            (.emailAddress, "email emailaddress mail emails contactemail useremail customeremail"),
            (
                .phoneNumber,
                """
                phone phonenumber telephone tel mobile cell cellphone fax faxnumber mobilenumber \
                contactnumber homephone workphone customerphone
                """
            ),
            (
                .person,
                """
                fullname firstname lastname surname givenname familyname middlename customername \
                patientname personname authorname reviewer reviewername contactname \
                employeename maidenname nickname signature cardholder cardholdername patient
                """
            ),
            (
                .streetAddress,
                """
                address street streetaddress addressline address1 address2 addressline1 addressline2 \
                homeaddress shippingaddress billingaddress deliveryaddress postaladdress
                """
            ),
            (.location, "city town county location place hometown birthplace"),
            (.zipCode, "zip zipcode postcode postalcode plz"),
            (.ssn, "ssn socialsecurity socialsecuritynumber"),
            (.dateOfBirth, "dob dateofbirth birthdate birthday born birthyear yearofbirth yob"),
            (.age, "age"),
            (.creditCard, "creditcard cardnumber creditcardnumber pan ccnumber card"),
            (.iban, "iban"),
            (.bankAccount, "accountnumber bankaccount bankaccountnumber"),
            (.ipAddress, "ip ipaddress clientip remoteaddr"),
            (.macAddress, "mac macaddress"),
            (.url, "url website homepage profileurl"),
            (.passport, "passport passportnumber"),
            (.driverLicense, "driverlicense driverslicense drivinglicence licensenumber"),
            (.medicalRecord, "mrn medicalrecordnumber patientid"),
            (.healthPlan, "memberid healthplan policynumber insurancenumber"),
            (.account, "customerid orderid ordernumber customernumber accountid ticketid orderno"),
            (.password, "password passwd pwd secret pin"),
            (.apiKey, "apikey accesskey token secretkey"),
            (.vin, "vin"), (.licensePlate, "licenseplate plate platenumber"),
            (.imei, "imei"), (.deviceID, "deviceid serial serialnumber"),
            (.coordinate, "latitude longitude lat lon lng gps coordinates"),
            (.username, "username userid login handle screenname twitter userhandle"),
            (.nrp, "nationality religion ethnicity race"),
            (.organization, "employer company organization organisation"),
        ]
        var table: [String: EntityType] = [:]
        for (type, names) in lists {
            for name in names.split(separator: " ") { table[String(name)] = type }
        }
        return table
    }()

    /// The name with case and separators dropped: `Phone_Number` and `phone number` are one.
    static func folded(_ name: String) -> String {
        String(
            decoding: name.utf8.compactMap { byte -> UInt8? in
                byte.isWord ? byte.lowered : nil
            }, as: UTF8.self)
    }

    /// The type that a name gives to whole values, or nil.
    static func type(of name: String) -> EntityType? { types[folded(name)] }

    /// The cues that a field's and column's names give to every value in it.
    static func cues(of context: FieldContext) -> Cue {
        var cues: Cue = []
        for name in [context.field, context.column].compactMap({ $0 }) {
            guard let type = type(of: name) else { continue }
            cues.formUnion(cueOfType[type] ?? [])
        }
        return cues
    }

    private static let cueOfType: [EntityType: Cue] = [
        .phoneNumber: .phone, .ssn: .ssn, .dateOfBirth: .birth, .creditCard: .card, .iban: .bank,
        .bankAccount: .bank, .zipCode: .zip, .passport: .passport, .driverLicense: .driver,
        .medicalRecord: .record, .healthPlan: .plan, .account: .account, .vin: .vehicle,
        .licensePlate: .plate, .imei: .device, .deviceID: .device, .age: .age,
        .coordinate: .coordinate, .streetAddress: .address,
    ]
}
