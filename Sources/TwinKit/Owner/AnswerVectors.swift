import TwinDatabase
import TwinSearch
import TwinSupport

/// The vectors of the questions that have a verified answer, by one model, so that a question in other words finds its
/// answer. A search compares all of them.
struct AnswerVectors: Sendable {
    let twin: Int64
    let model: String

    /// A question as it waits for its vector.
    struct Unembedded: Sendable {
        var key: Int64
        var question: String
    }

    func isEmpty(on connection: Connection) throws -> Bool {
        try connection.first(
            "SELECT 1 FROM verified_answer_vectors WHERE twin_key = ? AND model = ? LIMIT 1", twin, model
        ) { _ in true } == nil
    }

    private static let lacking = """
        v.twin_key = ?1 AND v.is_active AND NOT EXISTS (SELECT 1 FROM verified_answer_vectors a
            WHERE a.answer_key = v.key AND a.model = ?2 AND length(a.data) > 4)
        """

    /// Active answers that have no vector of this model yet, oldest first.
    func missing(limit: Int, on connection: Connection) throws -> [Unembedded] {
        try connection.rows(
            "SELECT v.key, v.question FROM verified_answers v WHERE \(Self.lacking) ORDER BY v.key LIMIT ?3", twin, model, limit
        ) { Unembedded(key: $0.int64(0), question: $0.text(1)) }
    }

    func missingCount(on connection: Connection) throws -> Int {
        try connection.first("SELECT count(*) FROM verified_answers v WHERE \(Self.lacking)", twin, model) { $0.int(0) } ?? 0
    }

    /// A question that has a vector of this model; none without any.
    func anyEmbedded(on connection: Connection) throws -> Unembedded? {
        try connection.first(
            """
            SELECT v.key, v.question FROM verified_answer_vectors a JOIN verified_answers v ON v.key = a.answer_key
            WHERE a.twin_key = ? AND a.model = ? LIMIT 1
            """, twin, model
        ) { Unembedded(key: $0.int64(0), question: $0.text(1)) }
    }

    /// Stores one vector a question. Those of this model that have another dimension go, because they cannot be compared
    /// with these. Throws `TwinError` for a vector without a direction.
    func store(_ vectors: [[Float]], of questions: [Unembedded], on connection: Connection) throws {
        guard let dimension = vectors.first?.count, vectors.count == questions.count else {
            throw TwinError(.upstream, "the embedding model \(model) gave too few vectors")
        }
        try removeOthers(than: dimension, on: connection)
        for (vector, question) in zip(vectors, questions) {
            guard vector.count == dimension, let quantized = QuantizedVector(vector) else {
                throw TwinError(.upstream, "the embedding model \(model) gave a vector without a direction or of another length")
            }
            try connection.run(
                """
                INSERT INTO verified_answer_vectors (answer_key, twin_key, model, data)
                SELECT key, twin_key, ?, ? FROM verified_answers WHERE key = ? AND twin_key = ?
                ON CONFLICT (answer_key) DO UPDATE SET model = excluded.model, data = excluded.data
                """, model, VectorBlock.encode([quantized], dimension: dimension), question.key, twin)
        }
    }

    /// Removes this model's vectors that have another dimension.
    func removeOthers(than dimension: Int, on connection: Connection) throws {
        try connection.run(
            "DELETE FROM verified_answer_vectors WHERE twin_key = ? AND model = ? AND length(data) <> ?", twin, model,
            4 + dimension)
    }

    /// The answers whose questions mean what `vector` does, with cosines of `threshold` and above: the highest first, at
    /// most `limit`. Whether they are in use and who may get them is the caller's to ask. Vectors of another dimension are
    /// passed over.
    func nearest(
        to vector: [Float], atLeast threshold: Double, limit: Int, on connection: Connection
    ) throws -> [(key: Int64, cosine: Double)] {
        guard let direction = QuantizedVector(vector) else { return [] }
        let query = VectorBlock.Query(direction)
        var found: [(key: Int64, cosine: Double)] = []
        try connection.forEach(
            "SELECT answer_key, data FROM verified_answer_vectors WHERE twin_key = ? AND model = ?", [twin, model]
        ) { row in
            let key = row.int64(0)
            try row.withBytes(1) { bytes in
                guard bytes.count == 4 + vector.count else { return }
                try VectorBlock.forEachCosine(bytes, count: 1, query: query) { _, cosine in
                    if cosine >= threshold { found.append((key, min(1, cosine))) }
                }
            }
        }
        found.sort { ($0.cosine, $1.key) > ($1.cosine, $0.key) }
        return Array(found.prefix(limit))
    }
}
