import Synchronization
import TwinSupport

/// Asks every question of a set and judges the answers. It knows nothing of twins: whoever calls it says how a question is
/// answered.
package struct Evaluation: Sendable {
    package var set: QuestionSet
    /// Asked before each question of a run that does not wait; no further one is put once it says true.
    package var isCancelled: @Sendable () -> Bool = { false }
    /// The results so far, in the order of the questions.
    package private(set) var results: [EvaluatedQuestion] = []

    package init(_ set: QuestionSet) {
        self.set = set
        results.reserveCapacity(set.questions.count)
    }

    /// Asks the questions one after the other, so that latencies are those of a single caller, and reports. A question whose
    /// call throws is a failure and the next one is asked; cancellation ends the run. `progress` is called after each
    /// question with the number done.
    package mutating func run(
        progress: (Int) -> Void = { _ in }, answer: (EvaluationQuestion) async throws -> EvaluatedAnswer
    ) async throws -> EvaluationReport {
        for question in set.questions {
            try Task.checkCancellation()
            let start = Clock.monotonicNanoseconds
            do {
                record(question, try await answer(question), since: start)
            } catch let error as CancellationError {
                throw error
            } catch {
                results.append(EvaluatedQuestion(question: question, failure: "\(error)"))
            }
            progress(results.count)
        }
        return report
    }

    /// As the other `run`, for a caller that does not wait; `isCancelled` ends it early.
    package mutating func run(
        progress: (Int) -> Void = { _ in }, answer: (EvaluationQuestion) throws -> EvaluatedAnswer
    ) -> EvaluationReport {
        for question in set.questions {
            if isCancelled() { break }
            let start = Clock.monotonicNanoseconds
            do {
                record(question, try answer(question), since: start)
            } catch {
                results.append(EvaluatedQuestion(question: question, failure: "\(error)"))
            }
            progress(results.count)
        }
        return report
    }

    private mutating func record(_ question: EvaluationQuestion, _ answer: EvaluatedAnswer, since start: UInt64) {
        var answer = answer
        if answer.milliseconds == nil { answer.milliseconds = Double(Clock.monotonicNanoseconds - start) / 1_000_000 }
        results.append(EvaluatedQuestion(question: question, answer: answer))
    }

    package var report: EvaluationReport { EvaluationReport(name: set.name, results: results) }
}

/// Counts what several threads finish.
final class EvaluationCounter: Sendable {
    private let count = Atomic<Int>(0)

    /// One more, and how many that makes.
    func next() -> Int { count.add(1, ordering: .relaxed).newValue }
}
