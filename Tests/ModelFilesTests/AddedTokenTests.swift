import Testing

@testable import ModelFiles

@Suite("Added tokens")
struct AddedTokenTests {
    /// Found tokens as `<id>`, text as it is.
    static func split(
        _ tokens: [AddedToken], _ text: String, readingSpecials: Bool = true
    ) -> [String] {
        let bytes = Array(text.utf8)
        return AddedTokens(tokens).split(bytes, readingSpecials: readingSpecials).map { part in
            switch part {
            case .token(let id): "<\(id)>"
            case .text(let range): String(decoding: bytes[range], as: UTF8.self)
            }
        }
    }

    static func token(_ id: Int32, _ content: String) -> AddedToken {
        AddedToken(id: id, content: Array(content.utf8))
    }

    @Test("The leftmost token, and of those the longest")
    func longest() {
        let tokens = [Self.token(1, "<a>"), Self.token(2, "<a><b>"), Self.token(3, "<b>")]
        #expect(Self.split(tokens, "x<a><b><b><a>y") == ["x", "<2>", "<3>", "<1>", "y"])
        #expect(Self.split(tokens, "<a") == ["<a"])
        #expect(Self.split(tokens, "") == [])
        #expect(Self.split([], "abc") == ["abc"])
    }

    @Test("Special tokens are text where they are not read; others are tokens still")
    func plain() {
        var special = Self.token(1, "<s>")
        special.isSpecial = true
        let tokens = [special, Self.token(2, "<tool>")]
        #expect(Self.split(tokens, "a<s><tool>") == ["a", "<1>", "<2>"])
        #expect(Self.split(tokens, "a<s><tool>", readingSpecials: false) == ["a<s>", "<2>"])
    }

    @Test("White space goes with a token that strips")
    func strips() {
        var left = Self.token(1, "<m>")
        left.stripsLeft = true
        var right = Self.token(2, "<r>")
        right.stripsRight = true
        #expect(Self.split([left], "a \u{3000}<m> b") == ["a", "<1>", " b"])
        #expect(Self.split([left], " <m>") == ["<1>"])
        #expect(Self.split([right], "a <r> \n b") == ["a ", "<2>", "b"])
        #expect(Self.split([left, right], "<r>  <m>") == ["<2>", "<1>"])
    }

    @Test("A single word stands between what are no word characters")
    func singleWord() {
        var word = Self.token(1, "né")
        word.isSingleWord = true
        #expect(
            Self.split([word], "né né. anné né_ né") == ["<1>", " ", "<1>", ". anné né_ ", "<1>"])
        #expect(Self.split([word], "né\u{301}") == ["né\u{301}"])
    }
}
