/// The table of the vectors of the owner's answered questions.
package enum AnswerVectorSchema {
    /// One vector a verified answer, that of its question by one model: another model's takes its place. `data` is laid out
    /// as a block of one vector: see `VectorSchema.sql`.
    ///
    /// The partial index holds all that a comparison by letters reads, so that it does not touch the answers themselves.
    package static let sql = """
        CREATE TABLE verified_answer_vectors (
            answer_key INTEGER PRIMARY KEY REFERENCES verified_answers (key) ON DELETE CASCADE,
            twin_key INTEGER NOT NULL REFERENCES twins (key) ON DELETE CASCADE,
            model TEXT NOT NULL,
            data BLOB NOT NULL
        ) STRICT;
        CREATE INDEX verified_answer_vectors_by_model ON verified_answer_vectors (twin_key, model);
        CREATE INDEX verified_answers_active ON verified_answers (twin_key, folded) WHERE is_active;
        """
}
