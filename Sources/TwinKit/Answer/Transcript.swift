import TwinDatabase
import TwinSupport

/// What of a stored conversation its reader may read now. An answer was given by what was granted and said then; what has been
/// withdrawn, changed or removed since is not told again to whoever may not read everything: not as a transcript, not on
/// resuming, not as history for a model.
enum Transcript {
    /// Said in place of what was withdrawn.
    static let withdrawn = "[A part of this answer has been withdrawn: what it quotes may no longer be read.]"

    /// The messages as far as `clearance` reaches. Quotations that may be read stay; an answer in other words goes whole.
    static func readable(
        _ messages: [Message], of twin: Twin, for clearance: Clearance, on connection: Connection
    ) throws -> [Message] {
        if clearance == .everything { return messages }
        let granted = try Granted(
            sources: messages.flatMap { $0.citations.map(\.sourceID) }, answers: messages.compactMap(\.verifiedAnswerID),
            of: twin, for: clearance, on: connection)
        return try messages.map { message in
            let kept = try message.citations.filter { try granted.stands($0, on: connection) }
            let isGiven = try message.verifiedAnswerID.map { try granted.stands($0, message.content, on: connection) } ?? true
            if isGiven, kept.count == message.citations.count { return message }
            var message = message
            let quotes = message.content == ExtractiveComposer.text(message.citations) ? ExtractiveComposer.text(kept) : ""
            message.content = quotes.isEmpty ? withdrawn : quotes + "\n\n" + withdrawn
            message.citations = kept
            message.isWithdrawn = true
            return message
        }
    }

    /// Throws `TwinError` (`notPermitted`) when an answer that is being told stands on what its reader may not read any more.
    static func requireReadable(
        _ metadata: ChatMetadata, of twin: Twin, for clearance: Clearance, on connection: Connection
    ) throws {
        let granted = try Granted(
            sources: metadata.citations.map(\.sourceID), answers: [metadata.verifiedAnswerID].compactMap { $0 }, of: twin,
            for: clearance, on: connection)
        guard try metadata.citations.allSatisfy({ try granted.stands($0, on: connection) }),
            metadata.verifiedAnswerID.map(granted.answers.contains) ?? true
        else { throw TwinError(.notPermitted, "what this answer quotes has been withdrawn") }
    }

    /// What of that which answers stand on is granted.
    private struct Granted {
        let sources: Set<String>
        let answers: Set<String>

        init(
            sources: [String], answers: [String], of twin: Twin, for clearance: Clearance, on connection: Connection
        ) throws {
            self.sources = try Visibility.readable(.source, Set(sources), of: twin, for: clearance, on: connection)
            self.answers = try Visibility.readable(.verifiedAnswer, Set(answers), of: twin, for: clearance, on: connection)
        }

        /// Whether the source may be read and still says it: a version that was replaced is read by nobody any more.
        func stands(_ citation: Citation, on connection: Connection) throws -> Bool {
            guard sources.contains(citation.sourceID) else { return false }
            return try connection.first(
                """
                SELECT s.version = ?2 OR coalesce(instr(t.content, ?3), 0) > 0
                FROM sources s LEFT JOIN texts t ON t.key = s.text_key WHERE s.id = ?1
                """, citation.sourceID, citation.version, citation.quote
            ) { $0.bool(0) } ?? false
        }

        /// Whether the verified answer may be read and still has these words.
        func stands(_ id: String, _ words: String, on connection: Connection) throws -> Bool {
            guard answers.contains(id) else { return false }
            return try connection.first("SELECT answer = ?2 FROM verified_answers WHERE id = ?1", id, words) { $0.bool(0) }
                ?? false
        }
    }
}
