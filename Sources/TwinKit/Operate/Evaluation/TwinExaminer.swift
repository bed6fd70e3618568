import TwinDatabase
import TwinSupport

/// Asks a twin the questions of an evaluation, on the path of a chat: courtesies, the owner's answers and memory, what is put to
/// the owner, what was asked before, and the search up to the quotations. Nothing is stored.
///
/// Answers are the quoted ones, also where a language model is configured, so that a run is repeatable.
struct TwinExaminer {
    let database: Database
    let twin: Twin
    /// Whom the twin answers.
    var clearance = Clearance.everything
    /// Searches by meaning too, where the twin has vectors of it.
    var model: (any EmbeddingModel)?

    /// Chunks that are searched for a ranking: enough for a hundred documents of a few chunks each.
    static let rankedChunks = 400
    /// Passages that are named as what was found.
    private static let namedPassages = 3

    /// What the twin does with `question`. `keys` says which sources the question's graded documents are. The time is that
    /// of the answer; the longer ranking that the measures need is not part of it.
    func answer(_ question: EvaluationQuestion, keys: SourceKeys) throws -> EvaluatedAnswer {
        let search = PassageSearch(database: database, model: model)
        let started = Clock.monotonicNanoseconds
        let meaning = try self.meaning(of: question, search)
        return try database.read { connection in
            let guidance = try guidance(for: question, meaning: meaning, on: connection)
            let found = try search.evidence(
                for: question.text, after: question.earlier, meaning: meaning, twin: twin, clearance: clearance,
                on: connection)
            let citations = ExtractiveComposer.citations(for: found)
            let milliseconds = Double(Clock.monotonicNanoseconds - started) / 1_000_000

            var ranking = found.passages
            if !question.grades.isEmpty, !question.isUnanswerable {
                ranking = try search.find(
                    question.text, meaning: meaning, twin: twin, clearance: clearance, limit: Self.rankedChunks, on: connection
                ).passages
            }
            let selection = found.selection
            var answer = EvaluatedAnswer(
                retrieved: keys.documents(for: ranking.map(\.sourceID)),
                cited: keys.documents(for: citations.map(\.sourceID)),
                text: citations.map(\.quote).joined(separator: "\n"), bestSentence: selection.best?.text,
                isRefusal: !found.isAnswerable || citations.isEmpty || SmallTalk.isArithmetic(question.text),
                confidence: selection.confidence, answerability: selection.answerability, milliseconds: milliseconds)
            answer.signals = selection.signals
            answer.found = found.passages.prefix(Self.namedPassages).map {
                ([$0.passage.title] + $0.passage.headings).joined(separator: " \u{203A} ")
            }
            apply(guidance, to: &answer, question)
            return answer
        }
    }

    /// What the question means, where the twin has anything to compare it with and the owner's words to this very question do not
    /// answer it. Throws `TwinError` when the model fails: a measurement by words alone would pass for one by meaning.
    private func meaning(of question: EvaluationQuestion, _ search: PassageSearch) throws -> QuestionEmbedding? {
        guard model != nil else { return nil }
        let use = try database.read { connection -> QuestionEmbedding? in
            let answer = try guidance(for: question, meaning: nil, on: connection).answer
            guard answer == nil || answer?.personal != nil else { return nil }
            return try search.use(ofMeaningFor: twin, on: connection) { model in
                try OwnerKnowledge().comparesMeanings(by: model, twin: twin, on: connection)
            }
        }
        guard let meaning = try use.map({ try search.embed(question.text, for: $0) }) else { return nil }
        if let failure = meaning.failure {
            throw TwinError(.upstream, "the embedding model did not say what the question means (\(failure))")
        }
        return meaning
    }

    private func guidance(
        for question: EvaluationQuestion, meaning: QuestionEmbedding?, on connection: Connection
    ) throws -> Guidance {
        try OwnerKnowledge().guidance(
            for: question.text, history: question.earlier, meaning: meaning, twin: twin, clearance: clearance, on: connection)
    }

    /// What the owner has said, or has to say, in the place of what the documents answer.
    private func apply(_ guidance: Guidance, to answer: inout EvaluatedAnswer, _ question: EvaluationQuestion) {
        func replace(_ path: EvaluatedAnswer.Path, _ text: String, _ confidence: Double?, isRefusal: Bool) {
            answer.path = path
            answer.isRefusal = isRefusal
            guard !isRefusal else { return }
            answer.text = text
            answer.bestSentence = text
            answer.confidence = confidence
            answer.answerability = nil
            answer.cited = []
        }
        if let owners = guidance.answer, owners.personal == nil {
            replace(.owner, owners.text, owners.confidence, isRefusal: false)
        } else if let personal = guidance.answer?.personal {
            if answer.isRefusal || !personal.isAnswered(by: answer.answerability ?? 0) {
                replace(.held, "", nil, isRefusal: true)
            }
        } else if SmallTalk.reply(to: question.text, name: twin.name) != nil {
            replace(.courtesy, "", nil, isRefusal: true)
        }
    }
}
