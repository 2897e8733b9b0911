import Testing

@testable import Training

struct BatchOrderTests {
    @Test func rowsAreOrderedByTheirHashes() {
        var configuration = TrainingConfiguration()
        configuration.groupsByLength = false
        configuration.batchSize = 3
        let lengths = [Int](repeating: 5, count: 8)
        // sorted(range(8), key=lambda r: hashlib.sha256(f"42:0:{r}".encode()).hexdigest())
        let order = Trainer.batchOrder(lengths: lengths, epoch: 0, configuration: configuration)
        #expect(order == [[2, 5, 6], [3, 7, 4], [0, 1]])
    }

    @Test(arguments: [1, 7, 32, 333])
    func everyRowComesOnce(count: Int) {
        var configuration = TrainingConfiguration()
        configuration.batchSize = 4
        let lengths = (0..<count).map { ($0 * 7919) % 61 + 1 }
        for grouped in [false, true] {
            configuration.groupsByLength = grouped
            let epochs = (0..<2).map {
                Trainer.batchOrder(lengths: lengths, epoch: $0, configuration: configuration)
            }
            for order in epochs {
                #expect(order.flatMap { $0 }.sorted() == Array(0..<count))
                #expect(order.count == (count + 3) / 4)
            }
            if count > 30 { #expect(epochs[0] != epochs[1]) }
        }
        func padding(_ order: [[Int]]) -> Int {
            order.reduce(0) { $0 + $1.count * ($1.map { lengths[$0] }.max() ?? 0) }
        }
        configuration.groupsByLength = true
        let grouped = Trainer.batchOrder(lengths: lengths, epoch: 0, configuration: configuration)
        configuration.groupsByLength = false
        let random = Trainer.batchOrder(lengths: lengths, epoch: 0, configuration: configuration)
        #expect(padding(grouped) <= padding(random))
    }
}
