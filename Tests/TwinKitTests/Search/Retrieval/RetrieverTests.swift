import Testing

@testable import TwinKit
@testable import TwinSearch

@Suite struct RetrieverTests {
    private static let filler = [
        "The committee approved the annual budget for road repairs.", "A recipe for bread needs flour, water, salt and time.",
        "Football supporters travelled north for the cup final.", "The library opens at nine and closes at five.",
        "Gardeners prune roses in late winter.", "The orchestra played a symphony in four movements.",
        "Fishing boats left the harbour before dawn.", "Solar panels on the roof feed the local grid.",
    ]

    private func retrieve(
        _ question: String, _ chunks: ChunksInMemory, limit: Int = 10, _ change: (inout RetrievalSettings) -> Void = { _ in }
    ) throws -> Retrieval {
        var settings = RetrievalSettings()
        change(&settings)
        return try Retriever(index: SearchIndex(twin: 1), settings: settings).retrieve(question, limit: limit, from: chunks)
    }

    @Test func `feedback finds a chunk that shares no word with the question`() throws {
        let chunks = ChunksInMemory(
            Self.filler + [
                "Aspirin eases headache; aspirin, an analgesic, is a salicylate.",
                "Headache patients took an analgesic salicylate.",
                "A salicylate is an analgesic that thins blood.",
            ])
        let plain = try retrieve("headache", chunks) { $0.usesFeedback = false }
        #expect(Set(plain.hits.map(\.chunk)) == [9, 10])
        #expect(plain.query == plain.plan.query)
        let expanded = try retrieve("headache", chunks)
        #expect(expanded.hits.map(\.chunk).contains(11))
        #expect(expanded.query.terms.map(\.term).contains("salicyl"))
    }

    @Test func `the question keeps its share of the weight`() throws {
        let chunks = ChunksInMemory(Self.filler + ["The aspirin dose for headache.", "A headache and its cure."])
        let result = try retrieve("headache aspirin dose", chunks)
        let total = result.plan.query.terms.reduce(0) { $0 + $1.weight }
        #expect(isClose(result.query.terms.reduce(0) { $0 + $1.weight }, total))
        let share = 0.6 * 3.0 / (3 + 1)
        for term in result.plan.query.terms {
            let weight = result.query.terms.first { $0.term == term.term }?.weight ?? 0
            #expect(weight >= term.weight * (1 - share) - 1e-9)
        }
    }

    @Test func `feedback adds no function words and no more terms than it may`() throws {
        let chunks = ChunksInMemory(
            Self.filler + ["However, the harbour and the boats may often be used together within the bay."])
        let result = try retrieve("harbour", chunks) { $0.feedbackTerms = 3 }
        #expect(result.query.terms.count <= 4)
        let all = try retrieve("harbour", chunks)
        let excluded = FunctionWords(.english).all
        #expect(all.query.terms.allSatisfy { !excluded.contains($0.term) })
    }

    @Test func `of two chunks with the same words the one that has them together comes first`() throws {
        let chunks = ChunksInMemory(
            Self.filler + [
                "The duke rode out early and met many people on the road before he came at last to Normandy.",
                "The duke of Normandy rode out early and met many people on the road before he came at last.",
            ])
        for usesFeedback in [false, true] {
            let result = try retrieve("duke of Normandy", chunks) { $0.usesFeedback = usesFeedback }
            #expect(result.hits.first?.chunk == 10)
        }
        let without = try retrieve("duke of Normandy", chunks) {
            $0.usesFeedback = false
            $0.pairWeight = 0
            $0.windowWeight = 0
        }
        #expect(without.hits.first?.chunk == 9)
    }

    @Test func `two searches are made with feedback and one without`() throws {
        let chunks = ChunksInMemory(Self.filler)
        _ = try retrieve("harbour boats", chunks, limit: 50)
        #expect(chunks.log.limits == [20, 50])
        let single = ChunksInMemory(Self.filler)
        _ = try retrieve("harbour boats", single, limit: 50) { $0.usesFeedback = false }
        #expect(single.log.limits == [50])
    }

    @Test func `the limit is kept, order is by score and then by key, and every run is the same`() throws {
        let chunks = ChunksInMemory(
            (0..<60).map { "harbour report \($0 % 3 == 0 ? "boats" : "ships") \(["dawn", "dusk"][$0 % 2])" })
        let result = try retrieve("harbour boats at dawn", chunks, limit: 33)
        #expect(result.hits.count == 33)
        for (left, right) in zip(result.hits, result.hits.dropFirst()) {
            #expect(left.score > right.score || left.score == right.score && left.chunk < right.chunk)
        }
        for _ in 0..<5 { #expect(try retrieve("harbour boats at dawn", chunks, limit: 33) == result) }
        #expect(try retrieve("harbour", chunks, limit: 0).hits.isEmpty)
    }

    @Test func `nothing is found where no word occurs, and a missing text does no harm`() throws {
        #expect(try retrieve("zebra", ChunksInMemory(Self.filler)).hits.isEmpty)
        #expect(try retrieve("zebra", ChunksInMemory([])).hits.isEmpty)
        var gone = ChunksInMemory(Self.filler)
        gone.texts[7] = nil
        #expect(try retrieve("", gone).hits.isEmpty)
        var hollow = Hollow(chunks: ChunksInMemory(Self.filler))
        hollow.hidden = [7]
        let result = try Retriever(index: SearchIndex(twin: 1)).retrieve("fishing boats", limit: 5, from: hollow)
        #expect(result.hits.first?.chunk == 7)
    }

    /// Chunks whose texts cannot all be read.
    private struct Hollow: ChunkCollection {
        var chunks: ChunksInMemory
        var hidden: Set<Int64> = []
        var chunkCount: Int { chunks.chunkCount }
        var averageLength: Double { chunks.averageLength }
        var scoring: ScoringSettings { chunks.scoring }
        func search(_ query: Query, limit: Int) throws -> [SearchHit] { try chunks.search(query, limit: limit) }
        func documentFrequencies(of terms: [String]) throws -> [Int] { try chunks.documentFrequencies(of: terms) }
        func text(of chunk: Int64) throws -> [UInt8]? { hidden.contains(chunk) ? nil : try chunks.text(of: chunk) }
    }

    @Test func `where one chunk stands out it alone speaks for the feedback`() {
        let model = FeedbackModel(settings: RetrievalSettings())
        var vocabulary = RetrievalVocabulary(language: .english, excluding: [])
        let first = vocabulary.read("alpha beta")
        let second = vocabulary.read("gamma delta")
        func share(_ scores: (Double, Double)) -> Double {
            let candidates = model.candidates(
                [.init(text: first, score: scores.0, lengthNorm: 1), .init(text: second, score: scores.1, lengthNorm: 1)],
                termCount: vocabulary.count)
            return (candidates.first { $0.term == 2 }?.weight ?? 0) / (candidates.first { $0.term == 0 }?.weight ?? 1)
        }
        #expect(isClose(share((2, 2)), 1))
        #expect(isClose(share((4, 2)), 1.0 / 16))
    }

    @Test func `settings out of range are taken into it`() {
        var settings = RetrievalSettings()
        settings.feedbackChunks = 1_000
        settings.feedbackTerms = -4
        settings.feedbackWeight = .nan
        settings.pairWeight = -1
        let clamped = settings.clamped
        #expect(clamped.feedbackChunks == 20)
        #expect(clamped.feedbackTerms == 1)
        #expect(clamped.feedbackWeight == 0)
        #expect(clamped.pairWeight == 0)
    }
}
