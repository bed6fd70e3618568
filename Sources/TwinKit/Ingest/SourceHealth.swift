import TwinSupport

/// The checks that a source goes through when its text is stored. They are shown, and keep nothing from being asked.
struct SourceHealth: Sendable, Equatable {
    struct Check: Sendable, Equatable {
        enum Result: String, Sendable { case pass, warning, fail }
        var name: String
        var result: Result
        var message: String
    }

    /// A text shorter than this, without white space at its ends, holds next to nothing.
    static let minimumTextLength = 100
    /// More chunks than this in one source suggest a log or a table rather than a document.
    static let usualChunkCount = 1...10_000

    var checks: [Check]

    init(text: String, chunkCount: Int, hasName: Bool, isDuplicate: Bool) {
        let length = text.trimmed.unicodeScalars.count
        checks = [
            length >= Self.minimumTextLength
                ? Check(name: "empty_extraction", result: .pass, message: "\(length) characters of text")
                : Check(name: "empty_extraction", result: .fail, message: "only \(length) characters of text"),
            // Without its name: who sees this source may not be allowed to see the other.
            isDuplicate
                ? Check(name: "duplicate", result: .fail, message: "another source has the same text")
                : Check(name: "duplicate", result: .pass, message: "no other source has this text"),
            chunkCount == 0
                ? Check(name: "chunk_anomaly", result: .fail, message: "no chunks")
                : Check(
                    name: "chunk_anomaly", result: Self.usualChunkCount.contains(chunkCount) ? .pass : .warning,
                    message: "\(chunkCount) chunk\(chunkCount == 1 ? "" : "s")"),
            Check(
                name: "missing_metadata", result: hasName ? .pass : .warning,
                message: hasName ? "the source has a name" : "the source has no name"),
        ]
    }

    var health: Source.Health {
        if checks.contains(where: { $0.result == .fail }) { return .failed }
        return checks.contains { $0.result == .warning } ? .needsAttention : .healthy
    }

    var logMetadata: JSON {
        .object(JSONObject(checks.map { ($0.name, ["status": .string($0.result.rawValue), "message": .string($0.message)]) }))
    }
}
