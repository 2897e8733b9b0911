import Foundation
import Records
import Testing

@testable import Cleaning

@Suite struct ProfilePageTests {
    static let secret = "Zaphod-Secret"

    /// A dataset of reviews with a bit of everything.
    static func profile(_ count: Int = 1200) -> Profile {
        var random = SeededRandom(seed: 2)
        let texts = [
            "The battery lasts all day and the screen is bright, so I would buy it again.",
            "It broke after two weeks and nobody answered my letters. I want my money back!",
            "Die Lieferung kam zu spät, aber das Gerät ist gut und leise.",
            "La livraison est arrivée en retard et le carton était abîmé.",
            "El paquete llegó tarde y la caja estaba dañada.", "ok",
        ]
        let labels = [
            "positive", "positive", "positive", "negative", "negative", "neutral", "<b>odd</b>",
        ]
        var profile = Profile()
        for number in 0..<count {
            let parts = (0...Int.random(in: 0...6, using: &random)).map { _ in
                texts[min(5, Int.random(in: 0..<12, using: &random) / 2)]
            }
            var fields: [String: JSONValue] = [
                "text": .string(parts.joined(separator: " ")),
                "label": .string(labels[Int.random(in: 0..<labels.count, using: &random)]),
                "customer": .string("\(secret) \(number)"), "stars": .string("\(number % 5 + 1)"),
                "bought": .string("2026-0\(number % 9 + 1)-11"),
            ]
            if number % 3 == 0 { fields["shop"] = "n/a" } else { fields["shop"] = "Leeds" }
            if number % 11 == 0 { fields["<script>x"] = "1" }
            profile.add(
                Record(
                    rid: rid(number), kind: .labelled, fields: fields,
                    split: number % 10 == 0 ? .test : number % 10 == 1 ? .validation : .train,
                    subjects: [subject(number / 2)]))
        }
        return profile
    }

    @Test func thePageIsWholeAndHoldsNoText() throws {
        let page = Self.profile().html(
            title: "reviews@2 <&>", subtitle: "stage raw",
            sections: [
                ProfileSection(
                    title: "Findings", note: "By type.", bars: [("email", 120), ("<i>", -3)]),
                ProfileSection(title: "Outliers", facts: [("checked", "1,200"), ("\"far\"", "7")]),
            ])
        if let path = ProcessInfo.processInfo.environment["TUNDISH_PROFILE_PAGE"] {
            try page.write(toFile: path, atomically: true, encoding: .utf8)
        }
        for hidden in [
            Self.secret, "battery", "Leeds", "2026-0", "<script", "<b>odd", "http:", "https:",
            "<i>\"",
        ] {
            #expect(!page.contains(hidden), "\(hidden)")
        }
        for shown in [
            "<!doctype html>", "reviews@2 &lt;&amp;&gt;", "default-src 'none'", "&lt;script&gt;x",
            "&lt;b&gt;odd&lt;/b&gt;", "positive", "Findings", "&quot;far&quot;",
            "prefers-color-scheme: dark",
            "@media print", "role=\"img\"", "Languages", "Quality signals", "1,200",
        ] {
            #expect(page.contains(shown), "\(shown)")
        }
        #expect(!page.contains("url(") && !page.contains("@import") && !page.contains("src="))
        // Every element that is opened is closed.
        for name in ["section", "table", "tbody", "svg", "dl", "main", "header", "ul", "tr", "td"] {
            let opened =
                page.components(separatedBy: "<\(name)>").count
                + page.components(separatedBy: "<\(name) ").count
            #expect(opened - 2 == page.components(separatedBy: "</\(name)>").count - 1, "\(name)")
        }
    }

    @Test func personalLabelsAreNumbered() {
        let page = Self.profile(50).html(title: "x", personalFields: ["label"])
        #expect(!page.contains("positive") && page.contains("label 1"))
    }

    @Test func nothingAndLittleMakeAPageToo() {
        for count in 0...3 {
            let page = Self.profile(count).html(title: "")
            #expect(page.hasSuffix("</html>\n") && !page.contains("nan") && !page.contains("-9"))
        }
    }

    @Test func classesHoldEveryLengthOnce() {
        var random = SeededRandom(seed: 6)
        for limit in [1, 5, 31, 32, 100, 5000, 3_000_000] {
            var histogram = LengthHistogram()
            for _ in 0..<500 { histogram.add(Int.random(in: 0...limit, using: &random)) }
            let classes = histogram.classes
            #expect(classes.reduce(0) { $0 + $1.count } == 500 && classes.count <= 34)
            #expect(zip(classes, classes.dropFirst()).allSatisfy { $0.high == $1.low })
            #expect(classes[0].low <= histogram.minimum && classes.last!.high > histogram.maximum)
        }
        #expect(LengthHistogram().classes.isEmpty)
    }

    @Test func theSampleDependsOnTheRecordsAlone() {
        let records = (0..<900).map { record($0, "ok \($0 % 7)") }
        var whole = SampledSignals(limit: 400)
        var parts = [
            SampledSignals(limit: 400), SampledSignals(limit: 400), SampledSignals(limit: 400),
        ]
        for record in records { whole.add(record) }
        for (index, record) in records.reversed().enumerated() {
            parts[index * index % 3].add(record)
        }
        parts[2].merge(parts[0])
        parts[2].merge(parts[1])
        #expect(whole.count == parts[2].count && whole.languages == parts[2].languages)
        #expect(whole.beyond == parts[2].beyond)
        #expect((150...400).contains(whole.count))
    }
}
