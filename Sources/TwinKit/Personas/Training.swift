import TwinDatabase
import TwinHTTP
import TwinSupport

#if canImport(Glibc)
    import Glibc
#endif

/// How a model is to learn a persona's face.
package struct TrainingRequest: Sendable, Equatable {
    package var datasetID: String
    /// 500 to 5,000.
    package var steps: Int
    /// Above 0, at most 0.01.
    package var learningRate: Double
    /// 64 to 256.
    package var rank: Int
    package var usesCaptions: Bool

    package init(datasetID: String, steps: Int = 2_000, learningRate: Double = 0.0001, rank: Int = 128, usesCaptions: Bool = true)
    {
        self.datasetID = datasetID
        self.steps = steps
        self.learningRate = learningRate
        self.rank = rank
        self.usesCaptions = usesCaptions
    }

    init?(_ json: JSONObject) {
        guard let id = json["dataset"]?.stringValue, let steps = json["steps"]?.intValue,
            let rate = json["learning_rate"]?.doubleValue, let rank = json["rank"]?.intValue
        else { return nil }
        self.init(datasetID: id, steps: steps, learningRate: rate, rank: rank, usesCaptions: json["captions"] == true)
    }

    var json: JSONObject {
        [
            // Two trainings of one dataset are two.
            "nonce": .string(Identifier.make()), "dataset": .string(datasetID), "steps": .number(steps),
            "learning_rate": .double(learningRate), "rank": .number(rank), "captions": .bool(usesCaptions),
        ]
    }
}

extension Personas {
    /// Minutes that a training takes, for estimates.
    package static let trainingMinutes = 25

    /// Queues a training. Throws `TwinError`: `notConfigured` without a trainer, `invalid` without the dataset.
    package func queue(_ request: TrainingRequest, of avatar: Avatar, by actor: String?) throws -> Job {
        guard trainer != nil else { throw Self.nobodyTrains }
        _ = try dataset(request.datasetID, of: avatar)
        return try database.write { connection in
            let job = try JobQueue.enqueue(
                .persona(.training, avatarID: avatar.id, request.json), tenantID: avatar.person.tenantID, createdBy: actor,
                on: connection)
            try Self.audit(.trainingStarted, avatar, ["job_id": .string(job.id)], by: actor, on: connection)
            return job
        }
    }

    static let nobodyTrains = TwinError(
        .notConfigured, "nothing can be trained, because no trainer is configured: set training.cog.url")

    /// Where a training stands.
    package struct TrainingState: Sendable {
        package var job: Job
        package var request: TrainingRequest
        /// Of `request.steps`; 0 before the first news.
        package var step: Int
        /// As the trainer told it last; nil before it has.
        package var loss: Double?
        /// What was trained; nil until it is complete.
        package var weights: StoredName?
    }

    /// The training with this id of a persona that the caller may see; `avatar` decides that. Throws `TwinError` (`notFound`).
    package func training(_ id: String, visible: (_ avatarID: String) throws -> Void) throws -> TrainingState {
        let job = try? JobQueue(database: database).find(id)
        guard let job, case .persona(.training, let avatarID, let json)? = job.task, let request = TrainingRequest(json) else {
            throw TwinError(.notFound, "there is no such training")
        }
        do {
            try visible(avatarID)
        } catch let error as TwinError where error.kind == .notFound {
            throw TwinError(.notFound, "there is no such training")
        }
        let news = try database.read { try Self.news(of: id, on: $0) }
        return TrainingState(
            job: job, request: request, step: job.status == .complete ? request.steps : news?.step ?? 0, loss: news?.loss,
            weights: job.metadata["weights"]?.stringValue.flatMap { StoredName($0) })
    }

    // MARK: News

    struct News {
        var status: CogAnswer.Status
        var step: Int
        var loss: Double?
        var weights: Located?
        var error: String?
        var updatedAt: Timestamp
    }

    private static func news(of id: String, on connection: Connection) throws -> News? {
        try connection.first(
            "SELECT status, step, loss, weights, weights_url, error, updated_at FROM training_news WHERE job_id = ?", id
        ) { row in
            try News(
                status: row.value(0), step: row.int(1), loss: row.isNull(2) ? nil : row.double(2),
                weights: Located(row.optionalText(3), row.optionalText(4)), error: row.optionalText(5),
                updatedAt: row.requiredTimestamp(6))
        }
    }

    private static let secretName = "trainer_token"

    /// What a trainer has to bring along to be believed about a training.
    private func token(of id: String) throws -> String {
        let key = try database.write { connection in
            try StoredSecrets.valueOrMade(Self.secretName, on: connection) { Crypto.random(count: 32) }
        }
        return Base64.url.encode(try Crypto.hmacSHA256(key: key, Array("training\n\(id)".utf8)))
    }

    private func callback(_ id: String) throws -> String {
        "\(publicURL)/api/v1/loras/training/news/\(id)?token=\(try token(of: id))"
    }

    /// Takes what a trainer says of a training. Throws `TwinError` (`notFound`) for whoever is not that trainer.
    package func receive(_ json: JSON, ofTraining id: String, token: String) throws {
        guard Identifier.isValid(id), try Crypto.equal(Array(self.token(of: id).utf8), Array(token.utf8)) else {
            throw TwinError(.notFound, "there is no such training")
        }
        try note(CogAnswer(telling: json), of: id)
    }

    /// Keeps what is new of a training that runs. What has ended stays as it ended.
    private func note(_ answer: CogAnswer, of id: String) throws {
        var weights: Located?
        if answer.status == .succeeded {
            guard let output = answer.output.flatMap({ $0.stringValue ?? $0["weights"]?.stringValue ?? $0[0]?.stringValue })
            else {
                return try store(answer, error: "the trainer's output has no weights", of: id)
            }
            do {
                weights = output.hasPrefix("data:") ? .stored(try storeWeights(held: output)) : .address(output)
            } catch let error as TwinError where error.kind == .invalid || error.kind == .limitReached {
                return try store(answer, error: error.message, of: id)
            }
        }
        try store(answer, weights: weights, error: answer.error, of: id)
    }

    private func store(_ answer: CogAnswer, weights: Located? = nil, error: String?, of id: String) throws {
        let status = weights == nil && answer.status == .succeeded ? CogAnswer.Status.failed : answer.status
        try database.write { connection in
            let isRunning = try connection.first(
                "SELECT 1 FROM jobs WHERE id = ? AND status IN ('queued', 'processing')", id, map: { _ in true })
            guard isRunning == true else { return }
            try connection.run(
                """
                INSERT INTO training_news (job_id, status, step, loss, weights, weights_url, error, updated_at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                ON CONFLICT (job_id) DO UPDATE SET status = ?2, step = max(step, ?3), loss = coalesce(?4, loss), weights = ?5,
                    weights_url = ?6, error = ?7, updated_at = ?8
                WHERE status IN ('starting', 'processing')
                """,
                [
                    id, status.rawValue, answer.step?.done ?? 0, answer.loss, weights?.columns.name, weights?.columns.address,
                    error?.shortened(to: 500), Clock.now,
                ] as [any DatabaseConvertible])
        }
    }

    private func storeWeights(held address: String) throws -> StoredName {
        guard let decoded = try? DrawnImage.decoded(address), case .bytes(let bytes) = decoded else {
            throw TwinError(.invalid, "the trainer's output is not base64")
        }
        return try keepWeights(StagedFile.write(in: objects.staging, maximumBytes: maximumWeightsBytes, bytes))
    }

    private func keepWeights(_ file: StagedFile) throws -> StoredName {
        try WeightsFile.check(file.path)
        return try objects.store(file, kind: .safetensors)
    }

    /// Fetches weights to the disk as they come: from public addresses, and from the trainer itself.
    private func fetchWeights(_ address: String, _ isCancelled: @escaping () -> Bool) throws -> StoredName {
        do {
            let target = try WebAddress(address)
            let isOwn = trainer?.origin.map { target.hasSameOrigin(as: $0) } ?? false
            let client = HTTPClient(policy: isOwn ? .any : fetcher.configuration.addresses, userAgent: "twin")
            var request = ClientRequest(.get, target)
            request.limits.totalTime = 1_200_000
            request.limits.responseBytes = maximumWeightsBytes
            if isOwn { request.limits.redirects = 0 }
            let file = try StagedFile.write(in: objects.staging, maximumBytes: maximumWeightsBytes) { append in
                try withoutActuallyEscaping(append) { append in
                    let response = try client.stream(request, isCancelled: isCancelled) { head, bytes in
                        if head.status == 200 { try append(bytes) }
                    }
                    guard response.status == 200 else {
                        throw TwinError(.upstream, "the weights cannot be fetched: status \(response.status)")
                    }
                }
            }
            return try keepWeights(file)
        } catch let error as HTTPClientError {
            throw TwinError(.upstream, "the weights cannot be fetched: \(error)")
        }
    }

    // MARK: The job

    /// Seconds between two looks at the news, and without news until the trainer is asked whether it still runs.
    private static let pollSeconds = 0.5
    private static let patience = 20.0

    func performTraining(_ request: TrainingRequest, of avatar: Avatar, _ job: Job, _ context: JobContext) throws -> JSONObject {
        guard let trainer else { throw Self.nobodyTrains }
        if job.attempts == 1 { try database.write { try $0.run("DELETE FROM training_news WHERE job_id = ?", job.id) } }
        let input: JSONObject = [
            "input_images": .string(try links.address(of: dataset(request.datasetID, of: avatar))),
            "steps": .number(request.steps),
            "learning_rate": .double(request.learningRate), "lora_rank": .number(request.rank),
            "autocaption": .bool(request.usesCaptions),
        ]
        var asked = 0.0
        var hasEnded = false
        defer {
            // Whoever gives the job back wants it to run on; who ends it does not.
            if hasEnded || context.isCancelledForGood { trainer.cancel(job.id) }
        }
        while true {
            guard !context.isCancelled else { throw TwinError(.interrupted, "it was stopped") }
            let news = try database.read { try Self.news(of: job.id, on: $0) }
            if let news {
                context.report(progress: Double(news.step) / Double(max(1, request.steps)))
                switch news.status {
                case .succeeded:
                    hasEnded = true
                    return try finish(news, of: avatar, job, trainer, context)
                case .failed, .canceled:
                    hasEnded = true
                    throw TwinError(.failed, "the training failed" + (news.error.map { ": \($0)" } ?? ""))
                case .starting, .processing: break
                }
            }
            let now = Double(Clock.monotonicNanoseconds) / 1e9
            let silence = news.map { Double(Clock.now.milliseconds - $0.updatedAt.milliseconds) / 1000 } ?? Self.patience
            if asked == 0 || (silence >= Self.patience && now - asked >= Self.patience) {
                asked = now
                do {
                    let answer = try trainer.run(
                        job.id, input: input, callback: callback(job.id), isCancelled: { context.isCancelled })
                    try note(answer, of: job.id)
                } catch let error as ProviderError {
                    throw error.twinError
                }
            }
            usleep(UInt32(Self.pollSeconds * 1e6))
        }
    }

    private func finish(
        _ news: News, of avatar: Avatar, _ job: Job, _ trainer: CogTrainer, _ context: JobContext
    ) throws -> JSONObject {
        let name: StoredName
        switch news.weights {
        case .stored(let stored): name = stored
        case .address(let address): name = try fetchWeights(address) { context.isCancelled }
        case nil: throw TwinError(.failed, "the trainer gave no weights")
        }
        try database.write { connection in
            try connection.run(
                "UPDATE avatars SET stage = ?2, lora_weights = ?3, lora_weights_url = NULL, updated_at = ?4 WHERE key = ?1",
                avatar.key, Avatar.Stage.loraTrained, name.description, Clock.now)
            try Costs.book(
                prices.training, for: .training, by: trainer.name, of: avatar.person, avatar: avatar.key, batch: job.id,
                subject: "training:\(job.id)", on: connection)
        }
        return ["weights": .string(name.description)]
    }
}
