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
        let length = Self.length(of: text)
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

    /// The Unicode scalars of a text without white space at its ends. All texts are counted while the database is locked, so not
    /// one by one: a scalar is a byte that continues none.
    static func length(of text: String) -> Int {
        let scalars = text.unicodeScalars
        let before = scalars.prefix { $0.properties.isWhitespace }.count
        let all = text.utf8.withContiguousStorageIfAvailable { bytes in
            bytes.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
        }
        guard let all, all > before else { return all == nil ? text.trimmed.unicodeScalars.count : 0 }
        return all - before - scalars.reversed().prefix { $0.properties.isWhitespace }.count
    }

    var health: Source.Health {
        if checks.contains(where: { $0.result == .fail }) { return .failed }
        return checks.contains { $0.result == .warning } ? .needsAttention : .healthy
    }

    var logMetadata: JSON {
        .object(JSONObject(checks.map { ($0.name, ["status": .string($0.result.rawValue), "message": .string($0.message)]) }))
    }
}
