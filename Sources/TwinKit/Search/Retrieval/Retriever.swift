import TwinDatabase
import TwinSupport

/// Finds the chunks that answer a question best.
///
/// A first search takes the question's words; the texts of its best chunks tell how near those words are to each other and
/// which other terms go with them; a second search takes both. What comes out is the second search's order with nearness
/// counted in. Everything is computed from what the caller may see, except document frequencies, which are the twin's.
package struct Retriever: Sendable {
    package let index: SearchIndex
    package let language: Language
    package let settings: RetrievalSettings

    package init(index: SearchIndex, language: Language = .english, settings: RetrievalSettings = RetrievalSettings()) {
        self.index = index
        self.language = language
        self.settings = settings.clamped
    }

    /// At most `limit` chunks of visible sources for `question`, the best first, of equal ones the lowest key first. Reads
    /// within one transaction. Throws `DatabaseError`, and `TwinError` when the index is damaged.
    package func retrieve(
        _ question: String, limit: Int, visible: VisibleSources = .all, on connection: Connection
    ) throws -> Retrieval {
        try connection.transaction {
            try retrieve(question, limit: limit, from: IndexedChunks(index, visible: visible, connection: connection))
        }
    }

    func retrieve(_ question: String, limit: Int, from chunks: some ChunkCollection) throws -> Retrieval {
        var vocabulary = QueryPlan.vocabulary(for: question, language: language)
        let plan = QueryPlan(question, vocabulary: &vocabulary)
        var result = Retrieval(plan: plan)
        guard limit > 0, !plan.query.isEmpty, chunks.chunkCount > 0 else { return result }

        let frequencies = try chunks.documentFrequencies(of: plan.query.terms.map(\.term))
        let inverseFrequencies = frequencies.map { inverseFrequency($0, of: chunks) }
        let proximity = Proximity(plan: plan, inverseFrequencies: inverseFrequencies, settings: settings)
        let firstLimit = settings.usesFeedback ? RetrievalSettings.rescoredChunks : max(limit, RetrievalSettings.rescoredChunks)
        var reading = Reading(chunks: chunks, vocabulary: vocabulary, proximity: proximity)
        var hits = try reading.rescore(try chunks.search(plan.query, limit: firstLimit))
        if settings.usesFeedback, let query = try expand(plan, hits: hits, reading: &reading) {
            result.query = query
            hits = try reading.rescore(try chunks.search(query, limit: max(limit, RetrievalSettings.rescoredChunks)))
        }
        result.hits = Array(hits.prefix(limit))
        return result
    }

    /// The query that feedback makes of the plan; none without evidence.
    private func expand<Chunks: ChunkCollection>(
        _ plan: QueryPlan, hits: [SearchHit], reading: inout Reading<Chunks>
    ) throws -> Query? {
        let model = FeedbackModel(settings: settings)
        var evidence: [FeedbackModel.Evidence] = []
        for hit in hits.prefix(settings.feedbackChunks) {
            guard let text = try reading.text(of: hit.chunk) else { continue }
            evidence.append(.init(text: text, score: hit.score, lengthNorm: reading.lengthNorm(text)))
        }
        var candidates = model.candidates(evidence, termCount: reading.vocabulary.count)
        guard !candidates.isEmpty else { return nil }
        let terms = candidates.map { reading.vocabulary.term($0.term) }
        for (index, count) in try reading.chunks.documentFrequencies(of: terms).enumerated() {
            candidates[index].weight *= inverseFrequency(count, of: reading.chunks)
        }
        return model.expanded(plan, candidates: candidates, vocabulary: reading.vocabulary)
    }

    private func inverseFrequency(_ count: Int, of chunks: some ChunkCollection) -> Double {
        count > 0 ? ScoringSettings.inverseDocumentFrequency(count: count, documents: chunks.chunkCount) : 0
    }

    /// The texts that were read for one question.
    private struct Reading<Chunks: ChunkCollection> {
        let chunks: Chunks
        var vocabulary: RetrievalVocabulary
        let proximity: Proximity
        private var texts: [Int64: RetrievalVocabulary.Text] = [:]
        let saturation: Double
        private let scoring: ScoringSettings

        init(chunks: Chunks, vocabulary: RetrievalVocabulary, proximity: Proximity) {
            self.chunks = chunks
            self.vocabulary = vocabulary
            self.proximity = proximity
            scoring = chunks.scoring.clamped
            saturation = scoring.k1
        }

        mutating func text(of chunk: Int64) throws -> RetrievalVocabulary.Text? {
            if let text = texts[chunk] { return text }
            guard let bytes = try chunks.text(of: chunk) else { return nil }
            let text = bytes.withUnsafeBufferPointer { vocabulary.read($0) }
            texts[chunk] = text
            return text
        }

        /// BM25's K.
        func lengthNorm(_ text: RetrievalVocabulary.Text) -> Double {
            let relative = chunks.averageLength > 0 ? Double(text.length) / chunks.averageLength : 1
            return scoring.k1 * (1 - scoring.b + scoring.b * relative)
        }

        /// `hits` in their new order, nearness added to the scores of the first ones.
        mutating func rescore(_ hits: [SearchHit]) throws -> [SearchHit] {
            guard !proximity.isEmpty else { return hits }
            var hits = hits
            for index in hits.indices.prefix(RetrievalSettings.rescoredChunks) {
                guard let text = try text(of: hits[index].chunk) else { continue }
                hits[index].score += proximity.bonus(text, saturation: saturation, lengthNorm: lengthNorm(text))
            }
            hits.sort { $0.score != $1.score ? $0.score > $1.score : $0.chunk < $1.chunk }
            return hits
        }
    }
}

/// What a retrieval found, and how.
package struct Retrieval: Sendable, Equatable {
    /// How the question was understood.
    package var plan: QueryPlan
    /// The query of the last search: the plan's, extended by feedback where there was any.
    package var query: Query
    /// The chunks, the best first. Scores compare within one retrieval only.
    package var hits: [SearchHit] = []

    init(plan: QueryPlan) {
        self.plan = plan
        query = plan.query
    }
}
