import Synchronization

/// Counts what several threads finish.
final class EvaluationCounter: Sendable {
    private let count = Atomic<Int>(0)

    /// One more, and how many that makes.
    func next() -> Int { count.add(1, ordering: .relaxed).newValue }
}
