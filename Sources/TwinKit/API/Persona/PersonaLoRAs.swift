import TwinHTTP
import TwinSupport

/// LoRA models, and the datasets and trainings that they come from.
struct PersonaLoRAs: RouteCollection {
    let context: APIContext

    private static let root = "/api/v1/loras"
    private static let name = FieldRule.line(1...255)
    private static let text = FieldRule.text(1...4_000)
    private static let short = FieldRule.line(1...200)
    private static let url = FieldRule.string(1...2_048)
    private static let token = FieldRule.string(1...200)
    private static let variations = FieldRule.list(
        of: .oneOf(DatasetRequest.Variation.allCases.map(\.rawValue)), count: 1...4)
    private static let tags = FieldRule<[String]>.list(of: .line(1...60), count: 0...50)
    private static let steps = FieldRule.int(500...5_000)
    private static let rate = FieldRule<Double>.double(Double.leastNonzeroMagnitude...0.01)
    private static let rank = FieldRule.int(64...256)
    private static let images = FieldRule.int(10...200)
    private static let model = JSONSchema.reference("PersonaLoRA")

    func add(to group: inout RouteGroup) throws {
        let limit = try context.workspace.configuration.integer("loras.max_file_mib") << 20
        try group.get(
            Self.root + "/models",
            .persona(
                "List LoRA models, newest first", .userRead,
                parameters: [PersonaAvatars.userID, .query("include_inactive", .bool, "Include those that were deleted")],
                answer: JSONSchema.array(Self.model)), list)
        try group.post(
            Self.root + "/models",
            .persona(
                "Add a LoRA model whose weights are at an address", .userWrite, parameters: [PersonaAvatars.userID],
                body: JSONSchema.input(
                    [
                        "name": Self.name.schema, "lora_weights_url": Self.url.schema, "description": Self.text.schema,
                        "base_model": Self.short.schema, "preview_image_url": Self.url.schema, "tags": Self.tags.schema,
                        "meta_data": JSONSchema.object,
                    ], required: ["name", "lora_weights_url"]),
                example: ["name": "Mara", "lora_weights_url": "https://example.org/mara.safetensors"], answer: Self.model), add)
        try group.post(
            Self.root + "/models/upload",
            .persona(
                "Add a LoRA model from a file", .userWrite,
                description: "`.safetensors` by its bytes. The file is written to disk as it comes.",
                body: JSONSchema.input(
                    [
                        "user_id": JSONSchema.uuid, "name": Self.name.schema, "lora_file": JSONSchema.binary,
                        "description": Self.text.schema, "base_model": Self.short.schema, "preview_image_url": Self.url.schema,
                        "tags": ["type": "string", "description": "Separated by commas"],
                        "metadata_json": ["type": "string", "description": "A JSON object"],
                    ], required: ["user_id", "name", "lora_file"]), bodyType: "multipart/form-data", answer: Self.model,
                failures: [.internalServerError], execution: .longRunning, bodyLimit: limit + 1_048_576, streamsBody: true)
        ) { request in try upload(request, limit: limit) }
        try group.delete(
            Self.root + "/models/{lora_model_id}",
            .persona(
                "Take a LoRA model out of use", .userWrite, parameters: [PersonaAvatars.userID],
                answer: JSONSchema.output(["success": JSONSchema.boolean, "lora_model_id": JSONSchema.uuid])), remove)
        try group.post(
            Self.root + "/dataset/generate",
            .persona(
                "Draw a dataset of an avatar and wait for it", .userWrite,
                body: JSONSchema.input(
                    [
                        "avatar_id": JSONSchema.uuid, "num_images": Self.images.schema,
                        "variation_types": Self.variations.schema,
                    ], required: ["avatar_id"]), answer: JSONSchema.reference("PersonaDataset"),
                failures: [.internalServerError], execution: .longRunning), dataset)
        try group.post(
            Self.root + "/training/start",
            .persona(
                "Begin to teach a model an avatar's face", .userWrite,
                body: JSONSchema.input(
                    [
                        "avatar_id": JSONSchema.uuid, "dataset_batch_id": Self.short.schema, "training_steps": Self.steps.schema,
                        "learning_rate": ["type": "number", "exclusiveMinimum": 0, "maximum": 0.01],
                        "lora_rank": Self.rank.schema,
                        "use_auto_captions": JSONSchema.boolean,
                    ], required: ["avatar_id", "dataset_batch_id"]), answer: JSONSchema.reference("PersonaTraining"),
                failures: [.internalServerError]), train)
        try group.get(
            Self.root + "/training/status/{training_job_id}",
            .persona("How a training goes", .userRead, answer: JSONSchema.reference("PersonaTrainingStatus")), status)
        try group.post(
            Self.root + "/training/news/{training_job_id}",
            .persona(
                "Where a trainer tells how a training goes", .publicWrite,
                parameters: [
                    RouteDocumentation.Parameter(
                        "token", in: .query, schema: Self.token.schema, description: "As twin gave it to the trainer",
                        isRequired: true)
                ], body: JSONSchema.object, answer: JSONSchema.output(["status": JSONSchema.string]), bodyLimit: 96 << 20), news)
    }

    private func list(_ request: Request) throws -> Response {
        let caller = try context.member(request)
        var query = request.queryFields()
        let userID = query.required("user_id", .userID(caller))
        let includeInactive = query.optional("include_inactive", .bool) ?? false
        try query.validate()
        let person = try context.authorizer.person(userID, .read, as: caller)
        let personas = try context.workspace.personas()
        let presenter = PersonaPresenter(personas)
        return .json(
            .array(
                try personas.loraModels(PersonScope(person), includeInactive: includeInactive).map { try presenter.json($0) }))
    }

    private func add(_ request: Request) throws -> Response {
        let caller = try context.member(request)
        var query = request.queryFields()
        let userID = query.required("user_id", .userID(caller))
        var body = try request.bodyFields()
        let draft = Personas.LoRADraft(
            name: body.required("name", Self.name), description: body.optional("description", Self.text),
            baseModel: body.optional("base_model", Self.short), previewImageURL: body.optional("preview_image_url", Self.url),
            tags: body.optional("tags", Self.tags) ?? [], metadata: body.optional("meta_data", .object) ?? [:])
        let address = body.required("lora_weights_url", Self.url)
        body.merge(query)
        try body.validate()
        let person = try context.authorizer.person(userID, .manage, as: caller)
        let personas = try context.workspace.personas()
        return .json(
            try PersonaPresenter(personas).json(personas.addLoRA(draft, at: address, for: person, by: caller.actorID)))
    }

    private func upload(_ request: Request, limit: Int) throws -> Response {
        // Before a byte of the file is taken.
        let caller = try context.member(request)
        if caller != .localOperator { _ = try context.authorizer.tenant(.manage, as: caller) }
        let personas = try context.workspace.personas()
        var limits = ReceivedFormLimits()
        limits.parts = 16
        limits.fieldSize = 65_536
        limits.fileSize = limit
        return try context.uploads.take(request, limits: limits, directory: personas.uploadFolder()) { form in
            var fields = FieldDecoder(JSONObject(form.fields.map { (key: $0.name, value: .string($0.value)) }))
            let userID = fields.required("user_id", .userID(caller))
            let tags = Configuration.list(of: fields.optional("tags", .string(0...4_000)) ?? "")
            let metadata = fields.optional("metadata_json", .string(0...65_536))
            var draft = Personas.LoRADraft(
                name: fields.required("name", Self.name), description: fields.optional("description", Self.text),
                baseModel: fields.optional("base_model", Self.short),
                previewImageURL: fields.optional("preview_image_url", Self.url), tags: tags)
            if form.file("lora_file") == nil { fields.fail("lora_file", type: "missing", "Field required") }
            try fields.validate()
            let person = try context.authorizer.person(userID, .manage, as: caller)
            guard tags.count <= 50, tags.allSatisfy({ $0.count <= 60 }) else {
                throw TwinError(.invalid, "tags are at most 50 words of at most 60 characters, separated by commas")
            }
            if let metadata {
                guard let object = (try? JSONParser.parse(metadata))?.objectValue else {
                    throw TwinError(.invalid, "metadata_json must be a JSON object")
                }
                draft.metadata = object
            }
            guard let file = form.file("lora_file"), file.filename.lowercased().hasSuffix(".safetensors") else {
                throw TwinError(.invalid, "the file must be a .safetensors file")
            }
            let model = try personas.addLoRA(draft, file: file.path, isUpload: true, for: person, by: caller.actorID)
            return .json(try PersonaPresenter(personas).json(model))
        }
    }

    private func remove(_ request: Request) throws -> Response {
        let caller = try context.member(request)
        var fields = request.pathFields()
        let id = fields.required("lora_model_id", .uuid)
        var query = request.queryFields()
        let userID = query.required("user_id", .userID(caller))
        fields.merge(query)
        try fields.validate()
        let person = try context.authorizer.person(userID, .manage, as: caller)
        let personas = try context.workspace.personas()
        try personas.removeLoRA(personas.loraModel(id, of: person), by: caller.actorID)
        return .json(["success": true, "lora_model_id": .string(id)])
    }

    private func dataset(_ request: Request) throws -> Response {
        let caller = try context.member(request)
        var body = try request.bodyFields()
        let avatarID = body.required("avatar_id", .uuid)
        let count = body.optional("num_images", Self.images) ?? 50
        let words = body.optional(
            "variation_types", Self.variations)
        try body.validate()
        let avatar = try context.avatar(avatarID, .manage, as: caller)
        var variations = words?.compactMap(DatasetRequest.Variation.init) ?? DatasetRequest.Variation.allCases
        variations = DatasetRequest.Variation.allCases.filter(variations.contains)
        let dataset = DatasetRequest(count: count, variations: variations)
        let personas = try context.workspace.personas()
        let start = Clock.monotonicNanoseconds
        let job = try context.workspace.run(
            personas.queue(dataset, of: avatar, by: caller.actorID), isCancelled: { request.isCancelled })
        guard job.status == .complete else {
            throw TwinError(.upstream, job.errorMessage ?? "the dataset is not done yet: job \(job.id)")
        }
        let images = try personas.images(ofDataset: dataset.id)
        let zip = job.metadata["zip"]?.stringValue.flatMap { StoredName($0) }
        return .json([
            "success": true, "avatar_id": .string(avatar.id), "batch_id": .string(dataset.id),
            "total_images": .number(images.count),
            "images": .array(
                try images.map { image in
                    [
                        "url": .string(try personas.links.address(of: image.picture)), "variation_type": .string(image.variation),
                        // Nobody has looked at the pictures: there is no score to tell.
                        "prompt_used": .string(image.prompt), "quality_score": .null, "clip_similarity": .null,
                    ]
                }), "total_cost_usd": .double(try personas.counts(ofBatch: dataset.id).cost.dollars),
            "generation_time_seconds": .double(Double(Clock.monotonicNanoseconds - start) / 1e9),
            "dataset_zip_url": .optional(try zip.map { try personas.links.address(of: $0) }), "average_quality_score": .null,
        ])
    }

    private func train(_ request: Request) throws -> Response {
        let caller = try context.member(request)
        var body = try request.bodyFields()
        let avatarID = body.required("avatar_id", .uuid)
        let training = TrainingRequest(
            datasetID: body.required("dataset_batch_id", Self.short), steps: body.optional("training_steps", Self.steps) ?? 2_000,
            learningRate: body.optional("learning_rate", Self.rate) ?? 0.0001, rank: body.optional("lora_rank", Self.rank) ?? 128,
            usesCaptions: body.optional("use_auto_captions", .bool) ?? true)
        try body.validate()
        let avatar = try context.avatar(avatarID, .manage, as: caller)
        let personas = try context.workspace.personas()
        let job = try personas.queue(training, of: avatar, by: caller.actorID)
        return .json([
            "success": true, "avatar_id": .string(avatar.id), "training_job_id": .string(job.id),
            "estimated_time_minutes": .number(Personas.trainingMinutes),
            "cost_estimate_usd": .double(personas.prices.training.dollars), "status": "queued", "weights_url": .null,
        ])
    }

    private func status(_ request: Request) throws -> Response {
        let caller = try context.member(request)
        let personas = try context.workspace.personas()
        let training = try personas.training(request.parameters.require("training_job_id")) { avatarID in
            _ = try context.authorizer.person(owning: avatarID, in: .avatars, .read, as: caller)
        }
        let status =
            switch training.job.status {
            case .queued: training.job.attempts > 0 ? "running" : "queued"
            case .processing: "running"
            case .complete: "completed"
            case .failed, .needsAttention: "failed"
            }
        let share = Double(training.step) / Double(max(1, training.request.steps))
        var left: JSON = .null
        if status == "running", share > 0, let started = training.job.startedAt {
            let spent = Double(Clock.now.milliseconds - started.milliseconds) / 60_000
            left = .double((spent / share * (1 - share)).rounded())
        }
        return .json([
            "training_job_id": .string(training.job.id), "status": .string(status),
            "progress_percentage": .double((share * 1_000).rounded() / 10), "current_step": .number(training.step),
            "total_steps": .number(training.request.steps), "estimated_time_remaining_minutes": left,
            "loss": .optional(training.loss),
            "weights_url": .optional(try training.weights.map { try personas.links.address(of: $0) }),
            "error_message": status == "failed" ? .optional(training.job.errorMessage) : .null,
        ])
    }

    private func news(_ request: Request) throws -> Response {
        var query = request.queryFields()
        let token = query.required("token", Self.token)
        try query.validate()
        let id = try request.parameters.require("training_job_id")
        let personas = try context.workspace.personas()
        try personas.receive(request.json(), ofTraining: id, token: token)
        return .json(["status": "received"])
    }
}
