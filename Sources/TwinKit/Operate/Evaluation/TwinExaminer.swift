import TwinDatabase
import TwinSupport

/// Asks a twin the questions of an evaluation: the path of a chat from the search to the quotations, with nothing stored.
///
/// Answers are the quoted ones, also where a language model is configured, so that a run is repeatable.
struct TwinExaminer {
    let database: Database
    let twin: Twin
    /// Whom the twin answers.
    var clearance = Clearance.everything

    /// Chunks that are searched for a ranking: enough for a hundred documents of a few chunks each.
    static let rankedChunks = 400

    /// What the twin does with `question`. `keys` says which sources the question's graded documents are. The time is that
    /// of the answer; the longer ranking that the measures need is not part of it.
    func answer(_ question: EvaluationQuestion, keys: SourceKeys) throws -> EvaluatedAnswer {
        let search = PassageSearch(database: database)
        return try database.read { connection in
            let started = Clock.monotonicNanoseconds
            // By words alone, so that a measurement can be repeated to the digit.
            let found = try search.evidence(
                for: question.text, meaning: nil, twin: twin, clearance: clearance, on: connection)
            let citations = ExtractiveComposer.citations(for: found)
            let milliseconds = Double(Clock.monotonicNanoseconds - started) / 1_000_000

            var ranking = found.passages
            if !question.grades.isEmpty, !question.isUnanswerable {
                ranking = try search.find(
                    question.text, meaning: nil, twin: twin, clearance: clearance, limit: Self.rankedChunks, on: connection
                ).passages
            }
            let selection = found.selection
            return EvaluatedAnswer(
                retrieved: keys.documents(for: ranking.map(\.sourceID)),
                cited: keys.documents(for: citations.map(\.sourceID)),
                text: citations.map(\.quote).joined(separator: "\n"), bestSentence: selection.best?.text,
                isRefusal: !found.isAnswerable || citations.isEmpty, confidence: selection.confidence,
                answerability: selection.answerability, milliseconds: milliseconds)
        }
    }
}
