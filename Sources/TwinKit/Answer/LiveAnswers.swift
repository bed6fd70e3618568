import TwinHTTP
import TwinSupport

/// Answers that this process is wording now, by their questions: a client that lost the connection hears the one it asked for
/// from its beginning, and no question is answered twice at a time.
///
/// An answer is here while its model works, so there are never more than requests that run at once. Safe from any thread.
package final class LiveAnswers: Sendable {
    private struct State {
        var answers: [String: LiveAnswer] = [:]
        var isStopped = false
    }

    private let state = Monitor(State())

    package init() {}

    /// The answer that is being worded to this question.
    func find(_ questionID: String) -> LiveAnswer? { state.withLock { $0.answers[questionID] } }

    /// Whether answers are to be brought to an end with what there is.
    var isStopped: Bool { state.withLock { $0.isStopped } }

    /// Words the answer to a question, or follows it where that goes on already. Throws what `word` and `receive` throw.
    func answer(
        _ questionID: String, isCancelled: () -> Bool, receive: (ChatEvent) throws -> Void,
        word: (LiveAnswer) throws -> ChatAnswer
    ) throws -> ChatAnswer {
        let (live, isNew) = state.withLock { state in
            if let live = state.answers[questionID] { return (live, false) }
            let live = LiveAnswer()
            state.answers[questionID] = live
            return (live, true)
        }
        guard isNew else { return try live.follow(isCancelled: isCancelled, receive) }
        defer {
            state.withLock { $0.answers[questionID] = nil }
            state.notifyAll()
        }
        do {
            let answer = try word(live)
            live.end(.success(answer))
            return answer
        } catch {
            live.end(.failure(error))
            throw error
        }
    }

    /// Waits until the answers that are being worded are stored, at the most so many seconds; then tells their models to stop,
    /// so that the quotations are stored in their place, and gives that a moment.
    package func drain(within seconds: Double) {
        func areDone(within seconds: Double) -> Bool {
            state.wait(seconds: seconds) { $0.answers.isEmpty ? true : nil } ?? false
        }
        if areDone(within: seconds) { return }
        state.withLock { $0.isStopped = true }
        _ = areDone(within: Self.lastSeconds)
    }

    private static let lastSeconds = 2.0
}

/// One answer while it is worded: what has been told of it, and what ended it.
package final class LiveAnswer: Sendable {
    private struct State {
        var events: [ChatEvent] = []
        var outcome: Result<ChatAnswer, any Error>?
    }

    private let state = Monitor(State())
    /// How often a follower looks whether it is still wanted, in seconds.
    private static let interval = 0.5

    func tell(_ event: ChatEvent) {
        state.withLock { $0.events.append(event) }
        state.notifyAll()
    }

    fileprivate func end(_ outcome: Result<ChatAnswer, any Error>) {
        state.withLock { $0.outcome = outcome }
        state.notifyAll()
    }

    /// Hands over each event from the first on, as they come, and answers the whole. Throws `TwinError` (`interrupted`) once
    /// `isCancelled`, what `receive` throws, and what the answer ended with.
    func follow(isCancelled: () -> Bool, _ receive: (ChatEvent) throws -> Void) throws -> ChatAnswer {
        var seen = 0
        while true {
            let news = state.wait(seconds: Self.interval) {
                state -> (Array<ChatEvent>.SubSequence, Result<ChatAnswer, any Error>?)? in
                seen < state.events.count || state.outcome != nil ? (state.events[seen...], state.outcome) : nil
            }
            if let (events, outcome) = news {
                for event in events { try receive(event) }
                seen += events.count
                if let outcome { return try outcome.get() }
            }
            if isCancelled() { throw CancellationError() }
        }
    }
}
