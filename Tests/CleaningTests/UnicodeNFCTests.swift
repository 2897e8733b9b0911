import Foundation
import Records
import Testing

@testable import Cleaning

/// Foundation is the oracle; both know the decompositions of Unicode 15.
@Suite struct UnicodeNFCTests {
    private func scalars(_ text: String) -> [UInt32] { text.unicodeScalars.map(\.value) }

    @Test func everyScalarAlone() {
        var checked = 0
        for value in UInt32(0)...0x2FFFF {
            // Ideographs and Hangul are alike: one of 50 will do.
            let isAlike = (0x3400...0xD7A3).contains(value) || (0x20000...0x2F7FF).contains(value)
            guard !isAlike || value % 50 == 0, let scalar = Unicode.Scalar(value) else { continue }
            let text = String(Character(scalar))
            let mine = UnicodeNFC.normalise(text)
            if scalars(mine) != scalars(text.precomposedStringWithCanonicalMapping) {
                Issue.record("U+\(String(value, radix: 16))")
            }
            let parts = text.decomposedStringWithCanonicalMapping
            let back = UnicodeNFC.normalise(parts)
            if scalars(back) != scalars(parts.precomposedStringWithCanonicalMapping) {
                Issue.record("decomposed U+\(String(value, radix: 16))")
            }
            checked += 1
        }
        print("NFC: \(checked) scalars")
    }

    @Test func randomSequences() {
        var random = SeededRandom(seed: 3)
        let pool: [ClosedRange<UInt32>] = [
            0x41...0x5A, 0xC0...0x17F, 0x300...0x34E, 0x300...0x345, 0x591...0x5BD, 0x915...0x94D,
            0x1100...0x1112, 0x1161...0x1175, 0x11A7...0x11C2, 0xAC00...0xAC40, 0x1E00...0x1FFC,
            0x212A...0x212B, 0xF900...0xF920, 0x1D15E...0x1D164, 0x9BE...0x9D7, 0x4E00...0x4E10,
        ]
        var checked = 0
        for _ in 0..<20_000 {
            var view = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let range = pool.randomElement(using: &random) ?? 0x41...0x41
                if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &random)) {
                    view.append(scalar)
                }
            }
            let text = String(view)
            let mine = scalars(UnicodeNFC.normalise(text))
            // Decomposed first: Foundation leaves a syllable and a final consonant (U+AC00 U+11AE)
            // apart, which composes to U+AC07 by UAX #15.
            let theirs = scalars(
                text.decomposedStringWithCanonicalMapping.precomposedStringWithCanonicalMapping)
            if mine != theirs {
                Issue.record("\(scalars(text).map { String($0, radix: 16) })")
            }
            checked += 1
        }
        print("NFC fuzz: \(checked) sequences")
    }

    @Test(arguments: [
        "", "abc", "café", "cafe\u{301}", "e\u{301}\u{323}", "한글", "\u{1112}\u{1161}\u{11AB}",
    ])
    func twiceIsOnce(text: String) {
        let once = UnicodeNFC.normalise(Array(text.utf8))
        #expect(UnicodeNFC.isNormalised(once) && UnicodeNFC.normalise(once) == once)
    }
}
