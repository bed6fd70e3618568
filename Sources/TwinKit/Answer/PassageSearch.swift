import TwinDatabase
import TwinSearch
import TwinSupport

/// Searches a twin for a caller: the one way to a twin's text, so that what a caller may not read is never looked at.
package struct PassageSearch: Sendable {
    let database: Database
    /// Gives questions their vectors; without it words alone are searched for.
    let model: (any EmbeddingModel)?

    package init(database: Database, model: (any EmbeddingModel)? = nil) {
        self.database = database
        self.model = model
    }

    /// What a search found.
    package struct Found: Sendable {
        /// Best first.
        package var passages: [StoredPassage]
        /// Why the search went by words alone though an embedding model is configured.
        package var degraded: String?
        /// What was searched for, where words were misspelt.
        package var understoodAs: String?
        /// How the words were understood, where that was asked for.
        package var explanation: SearchExplanation?
        /// What the index was asked.
        var retrieval: Retrieval?

        init(passages: [StoredPassage], degraded: String? = nil, retrieval: Retrieval? = nil) {
            self.passages = passages
            self.degraded = degraded
            self.retrieval = retrieval
        }
    }

    /// The passages that fit `words` best, best first.
    package func passages(
        for words: String, twin: Twin, clearance: Clearance, limit: Int = 10
    ) throws -> [StoredPassage] {
        try find(words, twin: twin, clearance: clearance, limit: limit).passages
    }

    /// The passages that fit `words` best, misspelt ones read as the twin's texts write them, and whether meaning could be searched
    /// for as well; with `explains` also how the words were understood.
    package func find(
        _ words: String, twin: Twin, clearance: Clearance, limit: Int = 10, filter: SourceFilter = SourceFilter(),
        explains: Bool = false
    ) throws -> Found {
        guard !words.trimmed.isEmpty else { throw TwinError(.invalid, "there is nothing to search for; give some words") }
        guard twin.archivedAt == nil else { throw TwinError(.gone, "the twin '\(twin.slug)' is archived and answers nobody") }
        var meaning: QuestionEmbedding?
        if model != nil, let use = try database.read({ try use(ofMeaningFor: twin, on: $0) { _ in false } }) {
            meaning = try embed(words, for: use)
        }
        return try database.read { connection in
            let spelling = try Spelling(twin: twin, clearance: clearance, connection: connection)
            let reading = try QuestionReading(words, after: [], spelling: spelling)
            var found = try find(
                reading.text, meaning: meaning, twin: twin, clearance: clearance, limit: limit, filter: filter, on: connection)
            found.understoodAs = reading.text == words ? nil : reading.text
            if explains, let retrieval = found.retrieval {
                found.explanation = try SearchExplanation(
                    retrieval, understoodAs: found.understoodAs, count: spelling.visibleCounts)
            }
            return found
        }
    }

    /// What a question's meaning would be good for, before it is known; none when no vectors would be searched and `isWanted`,
    /// given the space of the embedding model's vectors, has no other use for it.
    func use(
        ofMeaningFor twin: Twin, on connection: Connection, isWanted: (String) throws -> Bool
    ) throws -> QuestionEmbedding? {
        guard let model else { return nil }
        let index = VectorIndex(twin: twin.key, model: model.space)
        let isSearched = try twin.settings.vectorWeight > 0 && !index.isEmpty(on: connection)
        guard try isSearched || isWanted(model.space) else { return nil }
        return QuestionEmbedding(index: index, isSearched: isSearched)
    }

    /// Asks the embedding model what `words` mean. It may take two seconds and must not be called within a transaction.
    func embed(_ words: String, for use: QuestionEmbedding) throws -> QuestionEmbedding {
        var meaning = use
        guard let model else { return meaning }
        do {
            meaning.vector = try model.embed([words], as: .query, isCancelled: { false }).first
            if meaning.vector == nil { meaning.failure = "embedding_empty_output" }
        } catch let error as ProviderError {
            meaning.failure = "embedding_" + error.reason
        }
        return meaning
    }

    func find(
        _ words: String, meaning: QuestionEmbedding?, twin: Twin, clearance: Clearance, limit: Int,
        filter: SourceFilter = SourceFilter(), on connection: Connection
    ) throws -> Found {
        var visible = try Visibility.sources(of: twin, for: clearance, on: connection)
        if !filter.isEmpty { visible = visible.narrowed(to: try filter.keys(of: twin, on: connection)) }
        let retriever = Retriever(index: SearchIndex(twin: twin.key), language: twin.settings.language)
        guard let meaning, meaning.isSearched, let vector = meaning.vector else {
            let retrieval = try retriever.retrieve(words, limit: limit, visible: visible, on: connection)
            return Found(
                passages: try PassageStore.load(retrieval.hits, for: clearance, on: connection), degraded: meaning?.failure,
                retrieval: retrieval)
        }
        // More than is asked for, because what one side ranks low the other may rank high.
        let depth = max(limit, Self.fusedHits)
        let retrieval = try retriever.retrieve(words, limit: depth, visible: visible, on: connection)
        var hits = retrieval.hits
        var failure: String?
        var nearness: [Int64: Double] = [:]
        do {
            let near = try meaning.index.search(vector, visible: visible, limit: depth, on: connection)
            nearness = ScoreFusion.nearness(near)
            hits = ScoreFusion(vectorWeight: twin.settings.vectorWeight).fuse(lexical: hits, vectors: near, limit: limit)
        } catch let error as TwinError {
            // Vectors of another dimension, or damaged ones: 'twin rebuild --embeddings' makes them anew.
            failure = error.kind == .conflict ? "embedding_dimension_changed" : "embedding_vectors_damaged"
        }
        var passages = try PassageStore.load(Array(hits.prefix(limit)), for: clearance, on: connection)
        for place in passages.indices where !nearness.isEmpty {
            passages[place].passage.meaning = nearness[passages[place].passage.chunk] ?? 0
        }
        return Found(passages: passages, degraded: failure, retrieval: retrieval)
    }

    /// Hits of each side that are fused.
    private static let fusedHits = 100

    /// The sentences that answer `question`, as far as the caller may read them.
    func evidence(
        for asked: String, after earlier: [String] = [], meaning: QuestionEmbedding?, twin: Twin, clearance: Clearance,
        on connection: Connection
    ) throws -> FoundEvidence {
        let settings = EvidenceSettings(twin.settings)
        let reading = try QuestionReading(
            asked, after: earlier, spelling: Spelling(twin: twin, clearance: clearance, connection: connection))
        let question = reading.text
        let found = try find(
            question, meaning: meaning, twin: twin, clearance: clearance, limit: settings.maximumPassages, on: connection)
        let (passages, twins) = NearDuplicates.parted(found.passages)
        let analyzer = Analyzer(language: twin.settings.language)
        var sections: [Int: StoredSection] = [:]
        let selection = try EvidenceSelector(settings: settings, analyzer: analyzer).select(
            question: question, passages: passages.map(\.passage),
            statistics: try statistics(of: question, twin: twin, for: clearance, analyzer: analyzer, on: connection)
        ) { index in
            guard passages.indices.contains(index) else { return nil }
            sections[index] = try PassageStore.section(of: passages[index], on: connection)
            return sections[index]?.span
        }
        let threshold = twin.settings[TwinSettings.answerThreshold] ?? EvidenceSettings.standardThreshold
        return FoundEvidence(
            passages: passages, sections: sections, reading: reading, copies: twins, selection: selection,
            isAnswerable: !selection.sentences.isEmpty && selection.answerability >= threshold, degraded: found.degraded)
    }

    /// How common the question's terms are in the twin's index. A term that only hidden sources hold is one of which there is
    /// none: that somebody wrote it must not show in how sure an answer is.
    private func statistics(
        of question: String, twin: Twin, for clearance: Clearance, analyzer: Analyzer, on connection: Connection
    ) throws -> TermStatistics {
        let index = SearchIndex(twin: twin.key)
        let terms = QuestionAnalysis.indexTerms(of: question, analyzer: analyzer)
        var counts = Dictionary(
            zip(terms, try index.documentFrequencies(of: terms, on: connection)), uniquingKeysWith: { first, _ in first })
        let visible = try Visibility.sources(of: twin, for: clearance, on: connection)
        if case .only = visible {
            for (term, count) in counts where count > 0 {
                let query = Query(terms: [Query.Term(term)])
                if try index.search(query, visible: visible, limit: 1, on: connection).isEmpty { counts[term] = 0 }
            }
        }
        let known = counts
        return TermStatistics(documentCount: try index.statistics(on: connection).chunks) { known[$0] ?? 0 }
    }
}

extension EvidenceSettings {
    init(_ settings: TwinSettings) {
        self.init(maximumSentences: settings[TwinSettings.answerSentences])
    }
}

/// The evidence for one question.
struct FoundEvidence: Sendable {
    var passages: [StoredPassage]
    /// The sections that quotations were chosen from, by their passage.
    var sections: [Int: StoredSection] = [:]
    /// How the question was understood.
    var reading: QuestionReading
    /// Passages of other sources that say the same, by the passage that stands for them.
    var copies: [Int: [StoredPassage]] = [:]
    var selection: EvidenceSelection
    /// Whether it reaches the twin's threshold.
    var isAnswerable: Bool
    /// Why the search went by words alone though an embedding model is configured.
    var degraded: String?
}

/// A question as an embedding model sees it.
struct QuestionEmbedding: Sendable {
    var index: VectorIndex
    /// Whether the twin's passages have vectors that it is compared with.
    var isSearched: Bool
    /// None when the model failed.
    var vector: [Float]?
    /// The reason, for programs.
    var failure: String?
}

extension TwinSettings {
    /// What vectors count for in a search, 0...1.
    var vectorWeight: Double { self[Self.vectorWeight] }
}
