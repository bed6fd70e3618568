import TwinDatabase
import TwinSupport

/// What of a stored conversation its reader may read now. An answer was given by what was granted then; whoever has lost
/// access to what it quotes is not told it again: not as a transcript, not on resuming, not as history for a model.
enum Transcript {
    /// Said in place of what was withdrawn.
    static let withdrawn = "[A part of this answer has been withdrawn: you may not read any more what it quotes.]"

    /// The messages as far as `clearance` reaches. Quotations that may be read stay; an answer in other words goes whole.
    static func readable(
        _ messages: [Message], of twin: Twin, for clearance: Clearance, on connection: Connection
    ) throws -> [Message] {
        if clearance == .everything { return messages }
        let sources = try Visibility.readable(
            .source, Set(messages.flatMap { $0.citations.map(\.sourceID) }), of: twin, for: clearance, on: connection)
        let answers = try Visibility.readable(
            .verifiedAnswer, Set(messages.compactMap(\.verifiedAnswerID)), of: twin, for: clearance, on: connection)
        return messages.map { message in
            let kept = message.citations.filter { sources.contains($0.sourceID) }
            let isGiven = message.verifiedAnswerID.map(answers.contains) ?? true
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
        let cited = Set(metadata.citations.map(\.sourceID))
        let verified = Set([metadata.verifiedAnswerID].compactMap { $0 })
        guard
            try Visibility.readable(.source, cited, of: twin, for: clearance, on: connection) == cited,
            try Visibility.readable(.verifiedAnswer, verified, of: twin, for: clearance, on: connection) == verified
        else { throw TwinError(.notPermitted, "what this answer quotes has been withdrawn") }
    }
}
