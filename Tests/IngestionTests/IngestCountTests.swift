import Testing

@testable import Ingestion

@Test func countsBalanceAndMerge() throws {
    var count = IngestCount()
    count.accept()
    count.accept()
    count.countRejected(.csvFieldCount)
    count.countDropped("blank-line")
    #expect(count.isBalanced)
    count.reject("duplicate-key")
    try count.check()
    var sum = count
    sum.merge(count)
    #expect(sum.read == 8 && sum.accepted == 2 && sum.quarantined["duplicate-key"] == 2)
    #expect(
        count.text
            == "in 4 = accepted 1 + quarantined 2 (csv-field-count 1, duplicate-key 1)"
            + " + dropped 1 (blank-line 1)")
    count.accepted += 1
    #expect(throws: IngestionError.self) { try count.check() }
}
