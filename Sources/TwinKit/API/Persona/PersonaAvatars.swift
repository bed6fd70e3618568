import TwinHTTP
import TwinSupport

/// Avatars: faces that are drawn, and personas that are made of them.
struct PersonaAvatars: RouteCollection {
    let context: APIContext

    private static let name = FieldRule.line(1...255)
    private static let words = FieldRule.line(1...200)
    private static let longWords = FieldRule.text(1...2_000)
    private static let url = FieldRule.string(1...2_048)
    private static let stage = FieldRule.line(1...50)
    private static let skip = FieldRule.int(0...1_000_000_000)
    private static let limit = FieldRule.int(1...1_000)
    private static let root = "/api/v1/identities"
    private static let avatar = JSONSchema.reference("PersonaAvatar")
    static let userID = RouteDocumentation.Parameter(
        "user_id", in: .query, schema: JSONSchema.uuid, description: "Whose: your own, or for owners anybody's in the tenant",
        isRequired: true)

    func add(to group: inout RouteGroup) throws {
        let face = JSONSchema.reference("PersonaFaceRequest")
        let drawn = JSONSchema.reference("PersonaFace")
        try group.post(
            Self.root + "/components/generate",
            .persona(
                "Draw a face to look at", .userWrite, description: "Nothing is kept of it but what it cost.", body: face,
                example: ["aesthetic_style": "natural"], answer: drawn, failures: [.internalServerError], execution: .longRunning),
            preview)
        try group.post(
            Self.root + "/avatars",
            .persona(
                "Draw a face and make an avatar of it", .userWrite, parameters: [Self.userID],
                body: JSONSchema.input(
                    [
                        "name": Self.name.schema, "niche": Self.words.schema, "aesthetic_style": Self.words.schema,
                        "facial_generation": face, "lora_model_id": JSONSchema.uuid,
                    ], required: ["name", "niche", "aesthetic_style", "facial_generation"]),
                example: [
                    "name": "Mara", "niche": "hiking", "aesthetic_style": "natural",
                    "facial_generation": ["aesthetic_style": "natural"],
                ], answer: drawn, failures: [.internalServerError], execution: .longRunning), create)
        try group.post(
            Self.root + "/avatars/with-lora",
            .persona(
                "Make an avatar that weights teach", .userWrite,
                description: "A LoRA model takes precedence over an address of weights; one of the two is required.",
                parameters: [Self.userID],
                body: JSONSchema.input(
                    [
                        "name": Self.name.schema, "niche": Self.words.schema, "aesthetic_style": Self.words.schema,
                        "lora_model_id": JSONSchema.uuid, "lora_weights_url": Self.url.schema, "base_image_url": Self.url.schema,
                        "bio": Self.longWords.schema,
                    ], required: ["name", "niche", "aesthetic_style"]),
                example: [
                    "name": "Mara", "niche": "hiking", "aesthetic_style": "natural",
                    "lora_weights_url": "https://example.org/mara.safetensors",
                ], answer: Self.avatar, failures: [.internalServerError]), createWithLoRA)
        try group.get(
            Self.root + "/avatars",
            .persona(
                "List avatars, newest first", .userRead,
                parameters: [
                    Self.userID, .query("skip", Self.skip, "How many to skip"), .query("limit", Self.limit, "100 without it"),
                ],
                answer: JSONSchema.array(Self.avatar)), list)
        try group.get(
            Self.root + "/avatars/{avatar_id}", .persona("Read an avatar", .userRead, answer: Self.avatar)
        ) { request in
            let caller = try context.member(request)
            let avatar = try context.avatar(Self.id(request), .read, as: caller)
            return .json(try PersonaPresenter(context.workspace.personas()).json(avatar))
        }
        try group.patch(
            Self.root + "/avatars/{avatar_id}/stage",
            .persona(
                "Set how far an avatar is", .userWrite,
                parameters: [
                    RouteDocumentation.Parameter("new_stage", in: .query, schema: Self.stage.schema, isRequired: true)
                ],
                answer: JSONSchema.output([
                    "success": JSONSchema.boolean, "avatar_id": JSONSchema.uuid, "new_stage": JSONSchema.string,
                ])), setStage)
    }

    /// The avatar's id in the path, which has to be a UUID.
    static func id(_ request: Request) throws -> String {
        var path = request.pathFields()
        let id = path.required("avatar_id", .uuid)
        try path.validate()
        return id
    }

    private static let face = FieldRule<Personas.Face>.fields(
        placeholder: Personas.Face(age: .adult, ethnicity: "", style: "", gender: "")
    ) { body in
        let age = body.optional("age_range", .oneOf(Personas.Face.AgeRange.allCases.map(\.rawValue)))
        let provider = body.optional("provider", .oneOf(PersonaPresenter.providers.map { $0.wire }))
        return Personas.Face(
            age: age.flatMap(Personas.Face.AgeRange.init) ?? .adult, ethnicity: body.optional("ethnicity", words) ?? "diverse",
            style: body.required("aesthetic_style", words),
            gender: body.optional("gender", .oneOf(["female", "male", "non-binary"])) ?? "female",
            more: body.optional("custom_prompt", longWords), model: provider.map(PersonaPresenter.model))
    }

    private func preview(_ request: Request) throws -> Response {
        let caller = try context.member(request)
        let face = try request.bodyValue(Self.face)
        let person = try context.authorizer.person(.manage, as: caller)
        let personas = try context.workspace.personas()
        let drawn = try personas.preview(face, for: person, by: caller.actorID, isCancelled: { request.isCancelled })
        return .json(try PersonaPresenter(personas).json(drawn, of: nil))
    }

    private func create(_ request: Request) throws -> Response {
        let caller = try context.member(request)
        var query = request.queryFields()
        let userID = query.required("user_id", .userID(caller))
        var body = try request.bodyFields()
        let name = body.required("name", Self.name)
        let niche = body.required("niche", Self.words)
        let style = body.required("aesthetic_style", Self.words)
        let face = body.required("facial_generation", Self.face)
        let loraID = body.optional("lora_model_id", .uuid)
        body.merge(query)
        try body.validate()
        let person = try context.authorizer.person(userID, .manage, as: caller)
        let personas = try context.workspace.personas()
        let made = try personas.create(
            name, niche: niche, style: style, face: face, loraModelID: loraID, for: person, by: caller.actorID,
            isCancelled: { request.isCancelled })
        return .json(try PersonaPresenter(personas).json(made.face, of: made.avatar))
    }

    private func createWithLoRA(_ request: Request) throws -> Response {
        let caller = try context.member(request)
        var query = request.queryFields()
        let userID = query.required("user_id", .userID(caller))
        var body = try request.bodyFields()
        let name = body.required("name", Self.name)
        let niche = body.required("niche", Self.words)
        let style = body.required("aesthetic_style", Self.words)
        let loraID = body.optional("lora_model_id", .uuid)
        let weights = body.optional("lora_weights_url", Self.url)
        let image = body.optional("base_image_url", Self.url)
        let bio = body.optional("bio", Self.longWords)
        body.merge(query)
        try body.validate()
        let person = try context.authorizer.person(userID, .manage, as: caller)
        let personas = try context.workspace.personas()
        let avatar = try personas.create(
            name, niche: niche, style: style, loraModelID: loraID, weightsURL: weights, imageURL: image, bio: bio, for: person,
            by: caller.actorID)
        return .json(try PersonaPresenter(personas).json(avatar))
    }

    private func list(_ request: Request) throws -> Response {
        let caller = try context.member(request)
        var query = request.queryFields()
        let userID = query.required("user_id", .userID(caller))
        let skip = query.optional("skip", Self.skip) ?? 0
        let limit = query.optional("limit", Self.limit) ?? 100
        try query.validate()
        let person = try context.authorizer.person(userID, .read, as: caller)
        let personas = try context.workspace.personas()
        let presenter = PersonaPresenter(personas)
        return .json(
            .array(try personas.list(PersonScope(person), skip: skip, limit: limit).map { try presenter.json($0) }))
    }

    private func setStage(_ request: Request) throws -> Response {
        let caller = try context.member(request)
        let id = try Self.id(request)
        var query = request.queryFields()
        let stage = query.required("new_stage", Self.stage)
        try query.validate()
        try context.workspace.personas().setStage(context.avatar(id, .manage, as: caller), stage, by: caller.actorID)
        return .json(["success": true, "avatar_id": .string(id), "new_stage": .string(stage)])
    }
}
