import Synchronization
import TestSupport
import Testing
import TwinSearch

@testable import TwinKit

/// Gives every text a vector, and is too slow for a request of more than `most` texts.
private final class SlowModel: EmbeddingModel {
    let name = "slow"
    let space = "slow"
    let most: Int
    private let sizes = Mutex<[Int]>([])

    init(most: Int) { self.most = most }

    /// How many texts each request had.
    var requests: [Int] { sizes.withLock { $0 } }

    func embed(_ texts: [String], as role: EmbeddingRole, isCancelled: @escaping () -> Bool) throws -> [[Float]] {
        sizes.withLock { $0.append(texts.count) }
        guard texts.count <= most else { throw ProviderError(.timedOut, "the model took too long") }
        return texts.map { [Float($0.utf8.count % 7) + 1, 1] }
    }
}

@Suite struct EmbeddingRunTests {
    @Test func `a model that is too slow for a batch is asked for smaller ones`() throws {
        let fixture = try TwinFixture()
        for number in 0..<40 { try fixture.addDocument("\(number).md", "Hive \(number) stands in the orchard.\n") }
        let model = SlowModel(most: 9)
        #expect(try EmbeddingRun(database: fixture.database, model: model).run(fixture.twin.key) == 40)
        #expect(model.requests.filter { $0 > 9 }.count <= 2, "\(model.requests)")
        let silent = SlowModel(most: 0)
        #expect(throws: ProviderError.self) {
            try fixture.addDocument("late.md", "One more hive came in June.\n")
            try EmbeddingRun(database: fixture.database, model: silent).run(fixture.twin.key)
        }
    }
}
