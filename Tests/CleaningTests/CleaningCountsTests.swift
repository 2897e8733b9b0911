import Testing

@testable import Cleaning

@Test func cleaningCountsBalance() {
    var counts = CleaningCounts()
    counts.examined = 3
    counts.kept = 3
    counts.drop("exact-duplicate")
    #expect(counts.isBalanced && counts.droppedTotal == 1)
    var sum = counts
    sum.merge(counts)
    #expect(sum.examined == 6 && sum.kept == 4 && sum.dropped == ["exact-duplicate": 2])
    #expect(counts.text == "examined 3 = kept 2 + dropped 1 (exact-duplicate 1)")
}
