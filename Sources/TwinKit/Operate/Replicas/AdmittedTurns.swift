import TwinSupport

/// Questions that replicas answer, between being let in and their answer being stored, and for a while after it: what is said twice,
/// because a reply was lost, is done once. They are forgotten when this process ends: the question is stored then, without an answer,
/// and can be asked again. Safe from any thread.
final class AdmittedTurns: Sendable {
    /// How far a question is.
    private enum Stage {
        /// A call for it is under way.
        case busy
        /// It waits for its answer. With what the replica was told.
        case admitted(ChatService.Turn, JSON)
        /// Its answer is stored. With what the replica was told.
        case stored(JSON)
    }

    private struct Entry {
        var stage: Stage
        var at: UInt64
    }

    private let entries = Monitor<[String: Entry]>([:])

    /// At the most; the oldest give way.
    private static let maximum = 4_096
    /// Nanoseconds for which one is kept: longer than the slowest model is waited for.
    private static let lifetime: UInt64 = 1_800_000_000_000
    /// Seconds that a call waits for an earlier one of the same question.
    private static let patience = 10.0

    /// Lets the question `id` in, unless that was done: then the reply is the same. Throws what `body` throws, and then it is not let in.
    func admit(
        _ id: String, by holder: ConversationHolder?, _ body: () throws -> (ChatService.Turn, JSON)
    ) throws -> JSON {
        switch try begin(id) {
        case .admitted(let turn, let told):
            guard turn.inquiry.holder == holder else { throw Self.gone }
            return told
        case .stored: throw Self.gone
        case .busy, nil: break
        }
        do {
            let (turn, told) = try body()
            end(id, .admitted(turn, told))
            return told
        } catch {
            end(id, nil)
            throw error
        }
    }

    /// Stores the answer of the question `id`, unless that was done: then the reply is the same. Throws `TwinError` (`gone`) for a question
    /// that is not here, and what `body` throws; it waits for its answer still then.
    func store(_ id: String, _ body: (ChatService.Turn) throws -> JSON) throws -> JSON {
        switch try begin(id, isNew: false) {
        case .stored(let told): return told
        case .admitted(let turn, let before):
            do {
                let told = try body(turn)
                end(id, .stored(told))
                return told
            } catch {
                end(id, .admitted(turn, before))
                throw error
            }
        case .busy, nil: throw Self.gone
        }
    }

    /// How far the question is, once no call for it is under way; this one is then, unless it is over. None where it is not here.
    private func begin(_ id: String, isNew: Bool = true) throws -> Stage? {
        let now = Clock.monotonicNanoseconds
        let found: Stage?? = entries.wait(seconds: Self.patience) { entries in
            guard let entry = entries[id], now &- entry.at < Self.lifetime || now < entry.at else {
                if isNew { Self.put(.busy, id, at: now, in: &entries) }
                return .some(nil)
            }
            switch entry.stage {
            case .busy: return nil
            case .stored: return entry.stage
            case .admitted:
                if !isNew { entries[id]?.stage = .busy }
                return entry.stage
            }
        }
        guard let found else { throw TwinError(.busy, "the question is being stored; try again") }
        return found
    }

    private func end(_ id: String, _ stage: Stage?) {
        entries.withLock { entries in
            if let stage { entries[id] = Entry(stage: stage, at: Clock.monotonicNanoseconds) } else { entries[id] = nil }
        }
        entries.notifyAll()
    }

    private static func put(_ stage: Stage, _ id: String, at now: UInt64, in entries: inout [String: Entry]) {
        if entries.count >= maximum {
            entries = entries.filter { now &- $0.value.at < lifetime || now < $0.value.at }
            if entries.count >= maximum, let oldest = entries.min(by: { $0.value.at < $1.value.at }) { entries[oldest.key] = nil }
        }
        entries[id] = Entry(stage: stage, at: now)
    }

    private static let gone = TwinError(.gone, "the question is not waiting for an answer any more; ask it again")
}
