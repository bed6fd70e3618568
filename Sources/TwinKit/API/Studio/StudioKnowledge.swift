import TwinHTTP

/// What a twin answers word for word: verified questions and answers.
struct StudioKnowledge: RouteCollection {
    let context: APIContext

    private static let visibility = FieldRule.oneOf(VerifiedAnswer.Visibility.allCases.map(\.rawValue))
    private static let text = FieldRule.text(1...VerifiedAnswers.maximumAnswerBytes)
    private static let question = FieldRule.text(1...VerifiedAnswers.maximumQuestionBytes)
    private static let citations = FieldRule.list(of: .uuid, count: 0...100)
    private static let answer = JSONSchema.reference("VerifiedAnswer")

    func add(to group: inout RouteGroup) throws {
        try group.get(
            "/twins/{twin_id}/verified-qna",
            .contract(
                "List verified answers, newest first", .read, parameters: [.query("visibility", Self.visibility)],
                answer: JSONSchema.array(Self.answer)),
            list)
        try group.post(
            "/twins/{twin_id}/verified-qna",
            .contract(
                "Add a verified answer", .write,
                body: JSONSchema.input(
                    [
                        "question": Self.question.schema, "answer": Self.text.schema,
                        "citations": Self.citations.schema, "visibility": Self.visibility.schema,
                    ], required: ["question", "answer"]),
                example: ["question": "What is your return policy?", "answer": "Thirty days, with the receipt."],
                answer: Self.answer),
            create)
        try group.get("/verified-qna/{qna_id}", .contract("Read a verified answer", .read, answer: Self.answer), read)
        try group.patch(
            "/verified-qna/{qna_id}",
            .contract(
                "Change a verified answer; the one before is kept in its history", .write,
                body: JSONSchema.input(
                    ["answer": Self.text.schema, "reason": Self.question.schema], required: ["answer", "reason"]),
                example: ["answer": "Sixty days.", "reason": "new policy"], answer: JSONSchema.reference("Message")),
            edit)
        try group.delete(
            "/verified-qna/{qna_id}",
            .contract("Take a verified answer out of use", .write, answer: JSONSchema.reference("Message")), remove)
    }

    private func list(_ request: Request) throws -> Response {
        let twin = try context.twin(request, .read)
        var query = request.queryFields()
        let visibility = query.optional("visibility", Self.visibility).flatMap(VerifiedAnswer.Visibility.init)
        try query.validate()
        return .list(
            try context.workspace.verifiedAnswers.list(
                of: twin, visibility: visibility, clearance: context.authorizer.clearance(of: twin, as: request.principal)
            ).map(StudioVerifiedAnswer.init))
    }

    private func create(_ request: Request) throws -> Response {
        let twin = try context.twin(request, .write)
        var body = try request.bodyFields()
        let entry = VerifiedAnswers.Entry(
            question: body.required("question", Self.question), answer: body.required("answer", Self.text),
            citations: body.optional("citations", Self.citations) ?? [],
            visibility: body.optional("visibility", Self.visibility).flatMap(VerifiedAnswer.Visibility.init) ?? .private)
        try body.validate()
        let clearance = try context.authorizer.clearance(of: twin, as: request.principal)
        return .json(
            StudioVerifiedAnswer(
                try context.workspace.verifiedAnswers.add(
                    entry, to: twin, clearance: clearance, by: request.principal.actorID)
            ).json)
    }

    private func read(_ request: Request) throws -> Response {
        Response.json(StudioVerifiedAnswer(try readable(request, .read)).json).conditional(on: request)
    }

    /// The answer of the path. What the caller may not read, it cannot change either.
    private func readable(_ request: Request, _ action: Authorizer.Action) throws -> VerifiedAnswer {
        let twin = try context.twin(owning: "qna_id", in: .verifiedAnswers, request, action)
        return try context.workspace.verifiedAnswers.find(
            request.parameters.require("qna_id"), clearance: context.authorizer.clearance(of: twin, as: request.principal))
    }

    private func edit(_ request: Request) throws -> Response {
        let id = try readable(request, .write).id
        var body = try request.bodyFields()
        let answer = body.required("answer", Self.text)
        let reason = body.required("reason", Self.question)
        try body.validate()
        _ = try context.workspace.verifiedAnswers.edit(
            id, answer: answer, reason: reason, by: request.principal.actorID)
        return .success("The answer is changed; the one before is in its history.")
    }

    private func remove(_ request: Request) throws -> Response {
        try context.workspace.verifiedAnswers.remove(readable(request, .write).id, by: request.principal.actorID)
        return .success("The answer is no longer given.")
    }
}
