import TwinDatabase
import TwinSupport

/// One evaluation from the questions to the report: of a twin that exists, or of one made for it from the documents that
/// come with the questions.
package struct EvaluationRun: Sendable {
    package var set: QuestionSet
    /// A threshold to try instead of the twin's own, 0...1.
    package var threshold: Double?
    /// Whether each article's answerable questions are asked once more of a twin that has every other article only.
    package var leavesOut = false
    /// Searches by meaning too; without it words alone count. A twin made for the questions gets vectors of it.
    package var model: (any EmbeddingModel)?
    /// Asked between questions; true ends the run with an error of kind `interrupted`.
    package var isCancelled: @Sendable () -> Bool = { false }
    /// Told what is being done, and how much of it.
    package var progress: @Sendable (_ activity: String, _ done: Int, _ total: Int) -> Void = { _, _, _ in }

    package init(_ set: QuestionSet) { self.set = set }

    /// What a run came to.
    package struct Outcome: Sendable {
        package var report: EvaluationReport
        /// In the order of the questions.
        package var results: [EvaluatedQuestion]
        /// Expected sources that the twin does not have.
        package var unknownSources: [String] = []
    }

    /// The label of questions whose article was left out.
    package static let leftOutLabel = "left-out"

    /// Asks a twin that exists. Nothing is written. Throws `TwinError`.
    package func ask(_ twin: Twin, in database: Database, clearance: Clearance = .everything) throws -> Outcome {
        guard twin.archivedAt == nil else { throw TwinError(.gone, "the twin '\(twin.slug)' is archived and answers nobody") }
        let sources = try SourceCatalog(database: database, index: TwinIndex()).list(twin: twin)
        let expected = ExpectedSources(set.questions, among: sources)
        let examiner = TwinExaminer(
            database: database, twin: try trying(twin), clearance: clearance, model: model)
        let results = try ask(set.questions, of: examiner, asked: 0, total: set.questions.count) { expected.keys(for: $0) }
        return Outcome(
            report: EvaluationReport(name: set.name, results: results), results: results, unknownSources: expected.unknown)
    }

    /// Ingests the set's documents into a twin in a temporary folder, asks it, and removes it. `migrator` makes the tables.
    /// Throws `TwinError`.
    package func askOwnDocuments(migrator: Migrator) throws -> Outcome {
        guard !set.documents.isEmpty else {
            throw TwinError(.invalid, "\(set.name) brings no documents: ask a twin that exists")
        }
        let corpus = try EvaluationCorpus(migrator)
        let total = set.documents.count
        let counter = EvaluationCounter()
        try corpus.add(set.documents, isCancelled: isCancelled) { [progress] _ in
            progress("documents ingested", counter.next(), total)
        }
        try embed(corpus)
        let examiner = TwinExaminer(database: corpus.database, twin: try trying(corpus.twin), model: model)
        let articles = leavesOut ? articles() : []
        let asked = set.questions.count + articles.reduce(0) { $0 + $1.questions.count }
        let keys = try corpus.keys()
        var results = try ask(set.questions, of: examiner, asked: 0, total: asked) { _ in keys }
        for article in articles {
            try corpus.remove(Set(article.documents.map(\.id)))
            results += try ask(article.questions, of: examiner, asked: results.count, total: asked) { _ in SourceKeys() }
            try corpus.add(article.documents, isCancelled: isCancelled)
            try embed(corpus)
        }
        return Outcome(report: EvaluationReport(name: set.name, results: results), results: results)
    }

    private func embed(_ corpus: EvaluationCorpus) throws {
        guard let model else { return }
        do {
            try EmbeddingRun(database: corpus.database, model: model).run(corpus.twin.key, isCancelled: isCancelled) {
                progress("chunks embedded", $0.done, $0.total)
            }
        } catch let error as ProviderError {
            throw error.twinError
        }
    }

    private func trying(_ twin: Twin) throws -> Twin {
        guard let threshold else { return twin }
        var twin = twin
        try twin.settings.set(TwinSettings.answerThreshold.name, .double(threshold))
        return twin
    }

    private func ask(
        _ questions: [EvaluationQuestion], of examiner: TwinExaminer, asked: Int, total: Int,
        keys: (EvaluationQuestion) -> SourceKeys
    ) throws -> [EvaluatedQuestion] {
        var evaluation = Evaluation(QuestionSet(name: set.name, questions: questions))
        evaluation.isCancelled = isCancelled
        _ = evaluation.run(progress: { progress("questions asked", asked + $0, total) }) {
            try examiner.answer($0, keys: keys($0))
        }
        if isCancelled() { throw TwinError(.interrupted, "interrupted; nothing is kept of an evaluation") }
        return evaluation.results
    }

    /// The documents of one title and the questions that they answer, which without them have no answer.
    private struct Article {
        var documents: [EvaluationDocument]
        var questions: [EvaluationQuestion]
    }

    private func articles() -> [Article] {
        var titles: [String] = []
        var documents: [String: [EvaluationDocument]] = [:]
        for document in set.documents where !document.title.isEmpty {
            if documents[document.title] == nil { titles.append(document.title) }
            documents[document.title, default: []].append(document)
        }
        let titleOfDocument = Dictionary(set.documents.map { ($0.id, $0.title) }, uniquingKeysWith: { first, _ in first })
        var questions: [String: [EvaluationQuestion]] = [:]
        for question in set.questions where !question.isUnanswerable {
            let asked = Set(question.grades.filter { $0.value > 0 }.keys.compactMap { titleOfDocument[$0] })
            // A question that other articles answer too stays answerable without this one.
            guard asked.count == 1, let title = asked.first else { continue }
            questions[title, default: []].append(
                EvaluationQuestion(
                    id: question.id + "/left-out", text: question.text, isUnanswerable: true, label: Self.leftOutLabel))
        }
        return titles.compactMap { title in
            guard let questions = questions[title], let documents = documents[title] else { return nil }
            return Article(documents: documents, questions: questions)
        }
    }
}

/// The threshold on answerability that gives the best truthfulness on the questions it was found with.
package struct ThresholdProposal: Sendable, Equatable {
    /// A question as the search for a threshold sees it.
    package struct Candidate: Sendable, Equatable {
        /// As the twin measured it, larger where it is likelier that the documents answer.
        package var answerability: Double
        /// Whether the answer, if it were shown, would be right.
        package var isRight: Bool
        package init(answerability: Double, isRight: Bool) {
            self.answerability = answerability
            self.isRight = isRight
        }
    }

    /// Answers with at least this answerability are to be shown. It lies halfway between two answerabilities that were
    /// seen, so that a small change of either does not cross it.
    package var threshold: Double
    /// The mean truthfulness, -1...1, at that threshold.
    package var truthfulness: Double
    /// The share of the questions that would be answered, 0...1.
    package var answeredShare: Double

    /// The best threshold, and of equally good ones the one that answers most; none without candidates. Answerabilities
    /// that are not finite are left out.
    package static func best(for candidates: [Candidate]) -> ThresholdProposal? {
        let sorted = candidates.filter(\.answerability.isFinite).sorted { $0.answerability > $1.answerability }
        guard let highest = sorted.first?.answerability else { return nil }
        let count = Double(sorted.count)
        // Nothing shown: a threshold above all of them.
        var best = ThresholdProposal(threshold: highest.nextUp, truthfulness: 0, answeredShare: 0)
        var score = 0
        for index in sorted.indices {
            score += sorted[index].isRight ? 1 : -1
            let current = sorted[index].answerability
            let next = index + 1 < sorted.count ? sorted[index + 1].answerability : nil
            // Equal answerabilities are shown together or not at all.
            if next == current { continue }
            let mean = Double(score) / count
            guard mean >= best.truthfulness else { continue }
            let middle = next.map { $0 + (current - $0) / 2 } ?? current
            best = ThresholdProposal(
                threshold: middle, truthfulness: mean, answeredShare: Double(index + 1) / count)
        }
        return best
    }

    package var json: JSON {
        ["threshold": .double(threshold), "truthfulness": .double(truthfulness), "answered_share": .double(answeredShare)]
    }
}
