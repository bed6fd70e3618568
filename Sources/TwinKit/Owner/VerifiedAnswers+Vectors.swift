/// Giving the questions of verified answers their vectors. It is done outside of any transaction, after the answers are
/// stored: they are found by their letters until then.
extension VerifiedAnswers {
    /// Questions of one batch, each of which is stored in a transaction of its own.
    private static let batchCount = 64

    /// Embeds the questions of a twin that have no vector of the configured model yet, and answers how many there were. With
    /// `replacesDimension` it also asks whether the model still gives vectors of the stored length, and if not makes all
    /// anew. Throws `TwinError` when the model fails; what was embedded until then stays.
    @discardableResult
    package func embed(
        _ twin: Twin, replacesDimension: Bool = false, isCancelled: @escaping () -> Bool = { false }
    ) throws -> Int {
        guard let model else { return 0 }
        do {
            return try embed(twin, with: model, replacesDimension: replacesDimension, isCancelled: isCancelled)
        } catch let error as ProviderError {
            throw error.twinError
        }
    }

    /// How many questions of a twin are compared by their letters alone though an embedding model is configured.
    package func unembeddedCount(of twin: Twin) throws -> Int {
        guard let model else { return 0 }
        return try database.read { try AnswerVectors(twin: twin.key, model: model.space).missingCount(on: $0) }
    }

    private func embed(
        _ twin: Twin, with model: any EmbeddingModel, replacesDimension: Bool, isCancelled: @escaping () -> Bool
    ) throws -> Int {
        let vectors = AnswerVectors(twin: twin.key, model: model.space)
        if replacesDimension, let known = try database.read({ try vectors.anyEmbedded(on: $0) }) {
            let probe = try model.embed([known.question], as: .query, isCancelled: isCancelled)
            if let dimension = probe.first?.count {
                try database.write { try vectors.removeOthers(than: dimension, on: $0) }
            }
        }
        var count = 0
        // More rounds than there are batches mean that the model changes the length of its vectors all the time.
        var rounds = try database.read { try vectors.missingCount(on: $0) } / Self.batchCount + 4
        while true {
            let batch = try database.read { try vectors.missing(limit: Self.batchCount, on: $0) }
            guard !batch.isEmpty else { return count }
            rounds -= 1
            guard rounds >= 0 else {
                throw ProviderError(.malformedResponse, "the embedding server changes the length of its vectors")
            }
            if isCancelled() {
                throw ProviderError(.cancelled, "the embedding was interrupted; running it again goes on from there")
            }
            let made = try model.embed(batch.map(\.question), as: .query, isCancelled: isCancelled)
            try database.write { try vectors.store(made, of: batch, on: $0) }
            count += batch.count
        }
    }

    /// Embeds the question of an answer that was just stored. A failure is passed over: the answer is found by its letters,
    /// and `embed` fills the gap later.
    func embedNew(_ answer: VerifiedAnswer) {
        guard let model = questionModel else { return }
        let question = AnswerVectors.Unembedded(key: answer.key, question: answer.question)
        do {
            let vectors = try model.embed([question.question], as: .query, isCancelled: { false })
            try database.write { connection in
                let twin = try connection.first(
                    "SELECT twin_key FROM verified_answers WHERE key = ?", answer.key
                ) { $0.int64(0) }
                guard let twin else { return }
                try AnswerVectors(twin: twin, model: model.space).store(vectors, of: [question], on: connection)
            }
        } catch {}
    }
}
