import TwinDatabase
import TwinHTTP
import TwinSupport

/// What kind of knowledge a twin holds: how much of it states facts and how much takes a stand, and in which tone. Made from
/// words alone, without a model, so it is an indication and not a verdict.
package struct KnowledgeProfile: Sendable, Equatable {
    package var totalChunks = 0
    package var totalSources = 0
    /// Chunks that were looked at; the counts below are of these.
    package var sampledChunks = 0
    package var factCount = 0
    package var opinionCount = 0
    /// The tones that were found, the most frequent first.
    package var tones: [Tone] = []

    /// A tone and how many sampled chunks have it.
    package struct Tone: Sendable, Equatable {
        package let tone: String
        package let count: Int
    }

    package var topTone: String { tones.first?.tone ?? StatementClassifier.Tone.neutral.rawValue }

}

/// Makes knowledge profiles.
package struct KnowledgeProfiler: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    /// Chunks that are read at the most, spread evenly over all that may be read, in the order of their making.
    static let maximumChunks = 1_000
    /// Bytes of a chunk that are looked at.
    private static let maximumChunkBytes = 8_192

    /// The profile of what `clearance` may read.
    package func profile(of twin: Twin, clearance: Clearance) throws -> KnowledgeProfile {
        try database.read { connection in
            let granted = Visibility.condition(.source, "s", for: "?2")
            var profile = KnowledgeProfile()
            var runs: [(source: Int64, text: Int64, chunks: Int)] = []
            try connection.forEach(
                "SELECT s.key, s.text_key, s.chunk_count FROM sources s WHERE s.twin_key = ?1 AND \(granted) ORDER BY s.key",
                [twin.key, clearance.groupKey(in: twin)]
            ) { row in
                profile.totalSources += 1
                profile.totalChunks += row.int(2)
                if row.int(2) > 0, !row.isNull(1) { runs.append((row.int64(0), row.int64(1), row.int(2))) }
            }
            try sample(runs, into: &profile, on: connection)
            return profile
        }
    }

    private func sample(
        _ runs: [(source: Int64, text: Int64, chunks: Int)], into profile: inout KnowledgeProfile, on connection: Connection
    ) throws {
        let total = runs.reduce(0) { $0 + $1.chunks }
        let wanted = min(total, Self.maximumChunks)
        var tones: [StatementClassifier.Tone: Int] = [:]
        let texts = BlobReader(connection, table: "texts", column: "content")
        var (taken, before) = (0, 0)
        for run in runs {
            defer { before += run.chunks }
            // The sample's chunk number n is the chunk number n * total / wanted of all.
            while taken < wanted, taken * total / wanted < before + run.chunks {
                let position = taken * total / wanted - before
                taken += 1
                let range = try connection.first(
                    "SELECT start, end FROM chunks WHERE source_key = ? ORDER BY key LIMIT 1 OFFSET ?", run.source, position
                ) { row in row.int(0)..<max(row.int(0), min(row.int(1), row.int(0) + Self.maximumChunkBytes)) }
                guard let range, let bytes = try texts.bytes(key: run.text, range: range) else { continue }
                let statement = StatementClassifier.classify(bytes)
                profile.sampledChunks += 1
                if statement.isOpinion { profile.opinionCount += 1 } else { profile.factCount += 1 }
                tones[statement.tone, default: 0] += 1
            }
        }
        profile.tones = tones.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }.map {
            KnowledgeProfile.Tone(tone: $0.key.rawValue, count: $0.value)
        }
    }
}
