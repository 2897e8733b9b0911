import Testing

@testable import Redaction

struct VanityPhoneTests {
    @Test(arguments: [
        ("Call 1-800-FLOWERS now", "1-800-FLOWERS"), ("or 800-CALL-NOW!", "800-CALL-NOW"),
        ("dial 1-888-555-HELP", "1-888-555-HELP"), ("(877) GO-PIZZA", "(877) GO-PIZZA"),
        ("call 1 855 MYHOTELS.", "1 855 MYHOTELS"),
    ])
    func found(_ text: String, _ number: String) {
        #expect(scanned(text).contains("PHONE_NUMBER:\(number)"))
    }

    @Test(arguments: [
        "800 PAGES", "model 844-XL", "800-page book", "in 1 800 REASONS TO", "8 800 THINGS",
        "900-FLOWERS", "11-800-FLOWERSHOPSHERE",
    ])
    func notFound(_ text: String) {
        #expect(!scanned(text).contains { $0.hasPrefix("PHONE_NUMBER") }, "\(scanned(text))")
    }
}
