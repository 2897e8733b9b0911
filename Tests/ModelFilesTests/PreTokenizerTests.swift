import Testing

@testable import ModelFiles

@Suite("Pre-tokenizers")
struct PreTokenizerTests {
    static func words(
        _ json: String, _ text: String, isFirst: Bool = true
    ) throws -> [String] {
        let preTokenizer = try PreTokenizer(try ByteJSONReader.read(Array(json.utf8)))
        var bytes = Array(text.utf8)
        var words: [Range<Int>] = []
        preTokenizer.split(&bytes, isFirst: isFirst, into: &words)
        return words.map { String(decoding: bytes[$0], as: UTF8.self) }
    }

    @Test(
        "Words of each kind",
        arguments: [
            (#"{"type":"ByteLevel","add_prefix_space":true}"#, "Hi you", [" Hi", " you"]),
            (#"{"type":"ByteLevel","add_prefix_space":false}"#, "Hi you", ["Hi", " you"]),
            (#"{"type":"ByteLevel","add_prefix_space":false,"use_regex":false}"#, "a b", ["a b"]),
            (#"{"type":"Digits","individual_digits":true}"#, "a12b", ["a", "1", "2", "b"]),
            (#"{"type":"Digits","individual_digits":false}"#, "a12b³", ["a", "12", "b", "³"]),
            (#"{"type":"WhitespaceSplit"}"#, " a\u{3000}b \n", ["a", "b"]),
            (#"{"type":"Metaspace"}"#, "a b", ["▁a", "▁b"]),
            (#"{"type":"Metaspace"}"#, " a  b", ["▁a", "▁", "▁b"]),
            (#"{"type":"Metaspace","split":false}"#, "a b", ["▁a▁b"]),
            (#"{"type":"Metaspace","prepend_scheme":"never"}"#, "a b", ["a", "▁b"]),
            (#"{"type":"Metaspace","add_prefix_space":false}"#, "a b", ["a", "▁b"]),
            (
                #"{"type":"Split","pattern":{"String":" "},"behavior":"MergedWithPrevious"}"#,
                "a b  c", ["a ", "b ", " ", "c"]
            ),
            (
                #"{"type":"Split","pattern":{"String":"--"},"behavior":"Removed"}"#, "a--b---c",
                ["a", "b", "-c"]
            ),
            (
                #"{"type":"Split","pattern":{"String":"x"},"behavior":"Contiguous"}"#, "axxb",
                ["a", "xx", "b"]
            ),
            (
                #"{"type":"Split","pattern":{"String":"x"},"behavior":"MergedWithNext"}"#, "axxb",
                ["a", "x", "xb"]
            ),
            (
                #"{"type":"Sequence","pretokenizers":[{"type":"Digits","individual_digits":true},"#
                    + #"{"type":"ByteLevel","add_prefix_space":false}]}"#, "in 2024.",
                ["in", " ", "2", "0", "2", "4", "."]
            ),
            (
                #"{"type":"Sequence","pretokenizers":[{"type":"WhitespaceSplit"},"#
                    + #"{"type":"Metaspace","prepend_scheme":"always"}]}"#, " a b",
                ["▁a", "▁b"]
            ),
            ("null", "a b", ["a b"]),
            (#"{"type":"Digits"}"#, "", []),
        ])
    func kinds(json: String, text: String, words: [String]) throws {
        #expect(try Self.words(json, text) == words)
    }

    @Test("The first piece of the input alone gets a mark where the scheme says so")
    func firstOnly() throws {
        let json = #"{"type":"Metaspace","prepend_scheme":"first"}"#
        #expect(try Self.words(json, "a b", isFirst: true) == ["▁a", "▁b"])
        #expect(try Self.words(json, "a b", isFirst: false) == ["a", "▁b"])
    }

    @Test(
        "What is not read is refused by name",
        arguments: [
            (#"{"type":"Whitespace"}"#, "Whitespace"),
            (#"{"type":"UnicodeScripts"}"#, "UnicodeScripts"),
            (#"{"type":"Metaspace","prepend_scheme":"dummy"}"#, "dummy"),
            (
                #"{"type":"Split","pattern":{"Regex":"\\w+"},"behavior":"Isolated","invert":false}"#,
                #"\w+"#
            ),
            (
                #"{"type":"Split","pattern":{"String":" "},"behavior":"Removed","invert":true}"#,
                "invert"
            ),
            (
                #"{"type":"Sequence","pretokenizers":[{"type":"ByteLevel"},{"type":"Digits"}]}"#,
                "behind ByteLevel"
            ),
            (#"{"type":"Split","pattern":{"String":""},"behavior":"Removed"}"#, "lacks a member"),
        ])
    func refused(json: String, name: String) throws {
        let error = try #require(throws: TokenizerError.self) { try Self.words(json, "a") }
        #expect(error.message.contains(name), "\(error)")
    }
}
