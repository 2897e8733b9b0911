import Testing

@testable import Redaction

/// Dictated values, plates, ages and dates in other languages, addresses with units, logs.
struct FormTests {
    @Test(arguments: [
        (
            "call five five five oh one four two now",
            ["PHONE_NUMBER:five five five oh one four two"]
        ),
        ("two, one, two, five five five 0142", ["PHONE_NUMBER:two, one, two, five five five 0142"]),
        (
            "social is oh seven eight double zero five one one two",
            ["US_SSN:oh seven eight double zero five one one two"]
        ),
        ("one two three go", []),
        (
            "mail jane dot roe at gmail dot com please",
            ["EMAIL_ADDRESS:jane dot roe at gmail dot com"]
        ),
        ("it is sam at mail dot co dot uk", ["EMAIL_ADDRESS:sam at mail dot co dot uk"]),
        ("the dot at the end", []),
    ])
    func dictated(_ text: String, _ expected: [String]) { #expect(scanned(text) == expected) }

    @Test(arguments: [
        ("reversed into her car (XER 0795)", ["LICENSE_PLATE:XER 0795"]),
        ("plate CEA 8816; next", ["LICENSE_PLATE:CEA 8816"]),
        ("Le véhicule GH-817-RP", ["LICENSE_PLATE:GH-817-RP"]),
        ("der Wagen KD-AB 123", ["LICENSE_PLATE:KD-AB 123"]),
        ("a black car AB12 CDE", ["LICENSE_PLATE:AB12 CDE"]),
        ("ISO 9001 audit", []),
    ])
    func plates(_ text: String, _ expected: [String]) { #expect(scanned(text) == expected) }

    @Test(arguments: [
        ("a 61 year old man", ["AGE:61"]), ("die 34-jährige Fahrerin", ["AGE:34"]),
        ("de 40-jarige man", ["AGE:40"]), ("Paul, 34 ans, habite ici", ["AGE:34"]),
        ("tiene 34 años", ["AGE:34"]), ("anni 25, C.F.", ["AGE:25"]),
        ("de 77 anos, casado", ["AGE:77"]),
        ("lat 34, kierowca", ["AGE:34"]), ("Kvinnan, 52 år, bor här", ["AGE:52"]),
        ("garantie 2 ans", []), ("hace 5 años", []), ("fem år", []),
    ])
    func ages(_ text: String, _ expected: [String]) { #expect(scanned(text) == expected) }

    @Test(arguments: [
        ("3 de março de 2024", ["DATE_TIME:3 de março de 2024"]),
        ("5 września 2021", ["DATE_TIME:5 września 2021"]),
        ("12 maj 2020", ["DATE_TIME:12 maj 2020"]),
        ("el 4 mayo", ["DATE_TIME:4 mayo"]), ("2 mayo packs", []),
        ("seit 7.9.21", ["DATE_TIME:7.9.21"]),
        (
            "10:30:15,10.61.38.139,x", ["DATE_TIME:10:30:15", "IP_ADDRESS:10.61.38.139"]
        ),
    ])
    func dates(_ text: String, _ expected: [String]) { #expect(scanned(text) == expected) }

    @Test(arguments: [
        ("Flat 23, 75 Pudding Lane", ["STREET_ADDRESS:Flat 23, 75 Pudding Lane"]),
        ("80 The Shambles", ["STREET_ADDRESS:80 The Shambles"]),
        ("at 12 Oak Road\n\nMorning Ann", ["STREET_ADDRESS:12 Oak Road"]),
        ("order 114-1234567-7654321.", ["ACCOUNT:114-1234567-7654321"]),
        ("under UTL90598942", ["OTHER_ID:UTL90598942"]),
        (
            "203.0.113.7 - anna [12/Mar/2026:",
            [
                "IP_ADDRESS:203.0.113.7", "USERNAME:anna",
                "DATE_TIME:12/Mar/2026",
            ]
        ),
        ("user=shoshana ip=10.0.0.1", ["USERNAME:shoshana", "IP_ADDRESS:10.0.0.1"]),
    ])
    func records(_ text: String, _ expected: [String]) { #expect(scanned(text) == expected) }
}
