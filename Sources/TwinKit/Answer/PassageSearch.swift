/// Searches a twin for a caller: the one way to a twin's text, so that what a caller may not read is never looked at.
public struct PassageSearch: Sendable {
    let database: Database

    public init(database: Database) { self.database = database }

    /// The passages that fit `words` best, best first.
    public func passages(
        for words: String, twin: Twin, principal: Principal = .localOperator, limit: Int = 10
    ) throws -> [StoredPassage] {
        guard !words.trimmed.isEmpty else { throw TwinError(.invalid, "there is nothing to search for; give some words") }
        guard twin.archivedAt == nil else { throw TwinError(.gone, "the twin '\(twin.slug)' is archived and answers nobody") }
        return try database.read { try passages(for: words, twin: twin, principal: principal, limit: limit, on: $0) }
    }

    func passages(
        for words: String, twin: Twin, principal: Principal, limit: Int, on connection: Connection
    ) throws -> [StoredPassage] {
        let visible = try Visibility.sources(of: twin, for: principal, on: connection)
        let retriever = Retriever(index: SearchIndex(twin: twin.key), language: twin.settings.language)
        let hits = try retriever.retrieve(words, limit: limit, visible: visible, on: connection).hits
        return try PassageStore.load(hits, on: connection)
    }

    /// The sentences that answer `question`, as far as the caller may read them.
    func evidence(for question: String, twin: Twin, principal: Principal, on connection: Connection) throws -> FoundEvidence {
        let settings = EvidenceSettings(twin.settings)
        let passages = try passages(
            for: question, twin: twin, principal: principal, limit: settings.maximumPassages, on: connection)
        let analyzer = Analyzer(language: twin.settings.language)
        let selection = EvidenceSelector(settings: settings, analyzer: analyzer).select(
            question: question, passages: passages.map(\.passage),
            statistics: try statistics(of: question, twin: twin, analyzer: analyzer, on: connection))
        let threshold = twin.settings.effective("answer.threshold").doubleValue ?? EvidenceSettings.standardThreshold
        return FoundEvidence(
            passages: passages, selection: selection,
            isAnswerable: !selection.sentences.isEmpty && selection.answerability >= threshold)
    }

    /// How common the question's terms are in the twin's index.
    private func statistics(
        of question: String, twin: Twin, analyzer: Analyzer, on connection: Connection
    ) throws -> TermStatistics {
        let index = SearchIndex(twin: twin.key)
        let terms = QuestionAnalysis.indexTerms(of: question, analyzer: analyzer)
        let counts = Dictionary(
            zip(terms, try index.documentFrequencies(of: terms, on: connection)), uniquingKeysWith: { first, _ in first })
        return TermStatistics(documentCount: try index.statistics(on: connection).chunks) { counts[$0] ?? 0 }
    }
}

extension EvidenceSettings {
    init(_ settings: TwinSettings) {
        self.init(maximumSentences: settings.effective("answer.sentences").intValue ?? 3)
    }
}

/// The evidence for one question.
struct FoundEvidence: Sendable {
    var passages: [StoredPassage]
    var selection: EvidenceSelection
    /// Whether it reaches the twin's threshold.
    var isAnswerable: Bool
}
