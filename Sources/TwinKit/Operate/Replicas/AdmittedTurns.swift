import Synchronization
import TwinSupport

/// Questions that replicas answer, between being let in and their answer being stored. They are forgotten when this process ends: the
/// question is stored then, without an answer, and can be asked again. Safe from any thread.
final class AdmittedTurns: Sendable {
    private struct Entry {
        var turn: ChatService.Turn
        var at: UInt64
    }

    private let entries = Mutex<[String: Entry]>([:])

    /// At the most; the oldest give way.
    private static let maximum = 4_096
    /// Nanoseconds for which one is kept: longer than the slowest model is waited for.
    private static let lifetime: UInt64 = 1_800_000_000_000

    /// Keeps a question under a new name, which nobody can guess.
    func keep(_ turn: ChatService.Turn) -> String {
        let id = Base64.url.encode(Crypto.random(count: 24))
        let now = Clock.monotonicNanoseconds
        entries.withLock { entries in
            if entries.count >= Self.maximum {
                entries = entries.filter { now &- $0.value.at < Self.lifetime }
                if entries.count >= Self.maximum, let oldest = entries.min(by: { $0.value.at < $1.value.at }) {
                    entries[oldest.key] = nil
                }
            }
            entries[id] = Entry(turn: turn, at: now)
        }
        return id
    }

    /// The question of this name, once. Throws `TwinError` (`gone`) for one that is not here.
    func take(_ id: String?) throws -> ChatService.Turn {
        let found = entries.withLock { entries in id.flatMap { entries.removeValue(forKey: $0) } }
        guard let found, Clock.monotonicNanoseconds &- found.at < Self.lifetime else {
            throw TwinError(.gone, "the question is not waiting for an answer any more; ask it again")
        }
        return found.turn
    }
}
