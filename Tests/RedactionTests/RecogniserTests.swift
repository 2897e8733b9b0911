import Testing

@testable import Redaction

/// Tables of (text, findings), good and bad, per recogniser.
struct RecogniserTests {
    @Test(arguments: [
        ("mail jo.doe+x@mail.example.co.uk now", ["EMAIL_ADDRESS:jo.doe+x@mail.example.co.uk"]),
        ("<anna@firma.de>,", ["EMAIL_ADDRESS:anna@firma.de"]),
        ("(a@b.io).", ["EMAIL_ADDRESS:a@b.io"]),
        ("josé.ñandú@correo.es", ["EMAIL_ADDRESS:josé.ñandú@correo.es"]),
        ("root@[192.168.0.1] x", ["EMAIL_ADDRESS:root@[192.168.0.1]"]),
        ("price @ 5 each, a@b", []),
        ("thanks @anna_b", ["USERNAME:@anna_b"]),
    ])
    func email(_ text: String, _ expected: [String]) { #expect(scanned(text) == expected) }

    @Test(arguments: [
        ("see https://a.example/x?y=1#z.", ["URL:https://a.example/x?y=1#z"]),
        ("(http://a.b/c_(d))", ["URL:http://a.b/c_(d)"]),
        ("https://user@host.org/x", ["URL:https://user@host.org/x"]),
        ("go to www.shop.museum now", ["URL:www.shop.museum"]),
        ("example.com/path and foo.org", ["URL:example.com/path", "URL:foo.org"]),
        ("I liked it.So did she", []),
        ("the end.In the morning", []),
        ("ran main.swift and a.b.c", []),
    ])
    func url(_ text: String, _ expected: [String]) { #expect(scanned(text) == expected) }

    @Test(arguments: [
        ("host 192.168.10.254:8080 up", ["IP_ADDRESS:192.168.10.254:8080"]),
        ("net 10.0.0.0/8", ["IP_ADDRESS:10.0.0.0/8"]),
        ("256.1.1.1", []),
        ("oid 1.3.6.1.4.1", []),
        ("at 2001:db8::8a2e:370:7334.", ["IP_ADDRESS:2001:db8::8a2e:370:7334"]),
        ("fe80::1%eth0", ["IP_ADDRESS:fe80::1%eth0"]),
        ("::ffff:10.1.2.3", ["IP_ADDRESS:::ffff:10.1.2.3"]),
        ("std::vector", []),
        ("mac 00:1A:2b:3C:4d:5E", ["MAC_ADDRESS:00:1A:2b:3C:4d:5E"]),
        ("mac aa-bb-cc-dd-ee-ff", ["MAC_ADDRESS:aa-bb-cc-dd-ee-ff"]),
        ("001a.2b3c.4d5e", ["MAC_ADDRESS:001a.2b3c.4d5e"]),
        ("550e8400-e29b-41d4-a716-446655440000", ["UUID:550e8400-e29b-41d4-a716-446655440000"]),
        ("deadbeef-e29b-41d4-a716-446655440000", ["UUID:deadbeef-e29b-41d4-a716-446655440000"]),
    ])
    func network(_ text: String, _ expected: [String]) { #expect(scanned(text) == expected) }

    @Test(arguments: [
        ("call (212) 555-0142 today", ["PHONE_NUMBER:(212) 555-0142"]),
        ("212-555-0142", ["PHONE_NUMBER:212-555-0142"]),
        ("1-800-555-0199 x123", ["PHONE_NUMBER:1-800-555-0199 x123"]),
        ("+1 (415) 555 0100", ["PHONE_NUMBER:+1 (415) 555 0100"]),
        ("+44 (0)20 7946 0958", ["PHONE_NUMBER:+44 (0)20 7946 0958"]),
        ("ring 07700 900123", ["PHONE_NUMBER:07700 900123"]),
        ("Tel. 030/1234567", ["PHONE_NUMBER:030/1234567"]),
        ("+49 151 23456789", ["PHONE_NUMBER:+49 151 23456789"]),
        ("01 23 45 67 89", ["PHONE_NUMBER:01 23 45 67 89"]),
        ("phone: 6125550100", ["PHONE_NUMBER:6125550100"]),
        ("fax 555.0123", ["PHONE_NUMBER:555.0123"]),
        ("555-0142", ["PHONE_NUMBER:555-0142"]),
        ("📞212-555-0142", ["PHONE_NUMBER:212-555-0142"]),
        (
            "+34 612 345 678 / 912 345 678",
            ["PHONE_NUMBER:+34 612 345 678", "PHONE_NUMBER:912 345 678"]
        ),
        ("it cost 1 000 000 dollars", []),
        ("$1,250.00 and 12.500.000", []),
        ("a 100-200 split", []),
    ])
    func phone(_ text: String, _ expected: [String]) { #expect(scanned(text) == expected) }

    @Test(arguments: [
        ("4111 1111 1111 1111", ["CREDIT_CARD:4111 1111 1111 1111"]),
        ("4111-1111-1111-1111.", ["CREDIT_CARD:4111-1111-1111-1111"]),
        ("378282246310005", ["CREDIT_CARD:378282246310005"]),
        ("3782 822463 10005", ["CREDIT_CARD:3782 822463 10005"]),
        ("card 4111111111111112", ["CREDIT_CARD:4111111111111112"]),
        ("card ending in 4242", ["CREDIT_CARD:4242"]),
        ("GB29 NWBK 6016 1331 9268 19", ["IBAN_CODE:GB29 NWBK 6016 1331 9268 19"]),
        ("DE89370400440532013000", ["IBAN_CODE:DE89370400440532013000"]),
        ("IBAN DE89370400440532013001", ["IBAN_CODE:DE89370400440532013001"]),
        ("BIC: DEUTDEFF500", ["BIC:DEUTDEFF500"]),
        ("SHIPPING TOMORROW", []),
        ("routing 021000021", ["ABA_ROUTING_NUMBER:021000021"]),
        ("bank account 000123456789", ["BANK_ACCOUNT:000123456789"]),
        ("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", ["CRYPTO:1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"]),
        (
            "0x52908400098527886E0F7030069857D2E4169EE7",
            ["CRYPTO:0x52908400098527886E0F7030069857D2E4169EE7"]
        ),
    ])
    func money(_ text: String, _ expected: [String]) { #expect(scanned(text) == expected) }

    @Test(arguments: [
        ("SSN 123-45-6789", ["US_SSN:123-45-6789"]),
        ("my social security number is 123456789", ["US_SSN:123456789"]),
        ("ssn: 000-12-3456", ["US_SSN:000-12-3456"]),
        ("912-70-1234", ["US_ITIN:912-70-1234"]),
        ("EIN 12-3456789", ["TAX_REFERENCE_NUMBER:12-3456789"]),
        ("NHS number 943 476 5919", ["UK_NHS:943 476 5919"]),
        ("NPI 1234567893", ["US_NPI:1234567893"]),
        ("DEA AB1234563", ["DEA:AB1234563"]),
        ("1EG4-TE5-MK73", ["US_MBI:1EG4-TE5-MK73"]),
        ("MRN: 00123-45", ["MRN:00123-45"]),
        ("member ID W123456789", ["HEALTH_PLAN:W123456789"]),
        ("AB 12 34 56 C", ["UK_NINO:AB 12 34 56 C"]),
        ("DNI 12345678Z", ["NATIONAL_ID:12345678Z"]),
        ("PESEL 44051401359", ["NATIONAL_ID:44051401359"]),
        ("RSSMRA85T10A562S", ["NATIONAL_ID:RSSMRA85T10A562S"]),
        ("Steuer-ID 86095742719", ["TAX_REFERENCE_NUMBER:86095742719"]),
        ("passport no. C01X00T47", ["PASSPORT:C01X00T47"]),
        ("driver's license number D1234567", ["DRIVER_LICENSE:D1234567"]),
        ("VIN 1HGCM82633A004352", ["VIN:1HGCM82633A004352"]),
        ("IMEI 490154203237518", ["IMEI:490154203237518"]),
        ("license plate 7ABC123", ["LICENSE_PLATE:7ABC123"]),
    ])
    func identifiers(_ text: String, _ expected: [String]) { #expect(scanned(text) == expected) }

    @Test(arguments: [
        ("key AKIAIOSFODNN7EXAMPLE", ["API_KEY:AKIAIOSFODNN7EXAMPLE"]),
        ("password: hunter2!", ["PASSWORD:hunter2"]),
        ("my password is wrong", []),
        ("pwd=\"pass word\"", ["PASSWORD:pass word"]),
        ("my PIN is 4711", ["PASSWORD:4711"]),
        (
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
            ["JWT:eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"]
        ),
        (
            "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nok",
            ["PRIVATE_KEY:-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----"]
        ),
        ("username: anna", ["USERNAME:anna"]),
        ("User: hello there", []),
    ])
    func secrets(_ text: String, _ expected: [String]) { #expect(scanned(text) == expected) }

    @Test(arguments: [
        ("on 2026-11-22", ["DATE_TIME:2026-11-22"]),
        ("2026-11-22T10:00:00Z ok", ["DATE_TIME:2026-11-22T10:00:00Z"]),
        ("03/04/2025 at 10:30 pm", ["DATE_TIME:03/04/2025 at 10:30 pm"]),
        ("am 5. März 2026", ["DATE_TIME:5. März 2026"]),
        ("Monday, March 5th, 2026", ["DATE_TIME:Monday, March 5th, 2026"]),
        ("le 14 juillet 1789", ["DATE_TIME:14 juillet 1789"]),
        ("5-Mar-26", ["DATE_TIME:5-Mar-26"]),
        ("March 2020", ["DATE_TIME:March 2020"]),
        ("born 1/2/1980", ["DATE_OF_BIRTH:1/2/1980"]),
        ("at 5pm", ["DATE_TIME:5pm"]),
        ("you may 5 times", []),
        ("version 1.2.3", []),
        ("scored 3-2 and 10/10", []),
        ("in 7 days, for 3 years", []),
    ])
    func dates(_ text: String, _ expected: [String]) { #expect(scanned(text) == expected) }

    @Test(arguments: [
        ("a 34-year-old man", ["AGE:34"]),
        ("she is 92 years old", ["AGE:92"]),
        ("aged 45, male", ["AGE:45"]),
        ("I am 34.", ["AGE:34"]),
        ("Er ist 51 Jahre alt", ["AGE:51"]),
        ("I am 100% sure", []),
        ("it lasted 3 years", []),
    ])
    func ages(_ text: String, _ expected: [String]) { #expect(scanned(text) == expected) }

    @Test(arguments: [
        ("at 12 Oak Hill Road, please", ["STREET_ADDRESS:12 Oak Hill Road"]),
        (
            "742 Evergreen Terrace, Springfield, IL 62704",
            ["STREET_ADDRESS:742 Evergreen Terrace, Springfield, IL 62704"]
        ),
        (
            "221B Baker Street\nLondon NW1 6XE\nHi",
            ["STREET_ADDRESS:221B Baker Street\nLondon NW1 6XE"]
        ),
        (
            "1600 Main St Apt. 4B, Austin TX 78701",
            ["STREET_ADDRESS:1600 Main St Apt. 4B, Austin TX 78701"]
        ),
        ("Hauptstraße 12a, 10115 Berlin", ["STREET_ADDRESS:Hauptstraße 12a, 10115 Berlin"]),
        ("12 rue de la Paix, 75002 Paris", ["STREET_ADDRESS:12 rue de la Paix, 75002 Paris"]),
        ("Calle Mayor, 5, 28013 Madrid", ["STREET_ADDRESS:Calle Mayor, 5, 28013 Madrid"]),
        ("Via Roma 3", ["STREET_ADDRESS:Via Roma 3"]),
        ("Dorpsstraat 7, 1234 AB Utrecht", ["STREET_ADDRESS:Dorpsstraat 7, 1234 AB Utrecht"]),
        ("P.O. Box 123", ["STREET_ADDRESS:P.O. Box 123"]),
        ("PSC 1234, Box 56\nAPO AE 09012", ["STREET_ADDRESS:PSC 1234, Box 56\nAPO AE 09012"]),
        ("SW1A 1AA", ["ZIP_CODE:SW1A 1AA"]),
        ("zip code is 90210", ["ZIP_CODE:90210"]),
        ("K1A 0B1", ["ZIP_CODE:K1A 0B1"]),
        ("52.52000, 13.40500", ["COORDINATE:52.52000, 13.40500"]),
        ("5 stars. Great run", []),
        ("3 way plug, 2 point turn", []),
    ])
    func addresses(_ text: String, _ expected: [String]) { #expect(scanned(text) == expected) }

    @Test(arguments: [
        ("order no. 4411-2231", ["ACCOUNT:4411-2231"]),
        ("I paid, order 202-5210448-8895311.", ["ACCOUNT:202-5210448-8895311"]),
        ("My order number is 312-7654321-1234567.", ["ACCOUNT:312-7654321-1234567"]),
        ("order no. 114-3941689-8772232", ["ACCOUNT:114-3941689-8772232"]),
        ("order #: 204-410 5105-696", ["ACCOUNT:204-410 5105-696"]),
        ("order 202-5210448", ["ACCOUNT:202-5210448"]),
        ("my order, call 212-555-0142", ["PHONE_NUMBER:212-555-0142"]),
        ("ticket #A-12345", ["ACCOUNT:#A-12345"]),
        ("customer number is KD-88123", ["ACCOUNT:KD-88123"]),
        ("Bestellnummer 12345678", ["ACCOUNT:12345678"]),
        ("employee ID 00421", ["OTHER_ID:00421"]),
        ("serial number SN12X9981", ["DEVICE_ID:SN12X9981"]),
        ("I ordered 2 cases in 2019 for $1500", ["DATE_TIME:2019"]),
        ("order 15 of them", []),
    ])
    func codes(_ text: String, _ expected: [String]) { #expect(scanned(text) == expected) }
}
