import TwinHTTP
import TwinSupport

/// What waits for the owner beside clarifications: questions that nothing answered, things that the twin might remember, and
/// what readers thought of answers.
struct StudioReview: RouteCollection {
    let context: APIContext

    private static let escalationStatus = FieldRule.oneOf(Escalation.Status.allCases.map(\.rawValue) + ["all"])
    private static let candidateStatus = FieldRule.oneOf(MemoryCandidate.Status.allCases.map(\.rawValue))
    private static let rating = FieldRule.oneOf(Feedback.Rating.allCases.map(\.rawValue))
    private static let answer = FieldRule.text(1...VerifiedAnswers.maximumAnswerBytes)
    private static let escalation = JSONSchema.reference("Escalation")
    private static let candidate = JSONSchema.reference("MemoryCandidate")
    private static let maximum = 1_000

    func add(to group: inout RouteGroup) throws {
        try addEscalations(to: &group)
        try addCandidates(to: &group)
        try group.get(
            "/twins/{twin_id}/feedback",
            .contract(
                "List what readers thought of answers, newest first", .userRead, parameters: [.query("rating", Self.rating)],
                answer: JSONSchema.array(JSONSchema.reference("Feedback")))
        ) { request in
            let twin = try context.twin(request, .manage)
            var query = request.queryFields()
            let rating = query.optional("rating", Self.rating).flatMap(Feedback.Rating.init)
            try query.validate()
            return .list(try context.workspace.feedback.list(of: twin, rating: rating))
        }
    }

    private func addEscalations(to group: inout RouteGroup) throws {
        let path = "/twins/{twin_id}/escalations"
        try group.get(
            path,
            .contract(
                "List questions that nothing answered, those asked most often first", .userRead,
                parameters: [.query("status", Self.escalationStatus, "open by default")],
                answer: JSONSchema.array(Self.escalation))
        ) { request in
            let twin = try context.twin(request, .manage)
            var query = request.queryFields()
            let status = query.optional("status", Self.escalationStatus) ?? "open"
            try query.validate()
            return .list(
                try context.workspace.escalations.list(
                    of: twin, status: Escalation.Status(rawValue: status), limit: Self.maximum))
        }
        try group.post(
            path + "/{escalation_id}/answer",
            .contract(
                "Answer a question that nothing answered", .userWrite,
                description: "With `publish` it becomes a verified answer, so that the same question gets it from now on.",
                body: JSONSchema.input(["answer": Self.answer.schema, "publish": JSONSchema.boolean], required: ["answer"]),
                example: ["answer": "Ask Jonas; he brews it.", "publish": true], answer: Self.escalation)
        ) { request in
            let twin = try context.twin(request, .manage)
            var body = try request.bodyFields()
            let answer = body.required("answer", Self.answer)
            let publishes = body.optional("publish", .bool) ?? false
            try body.validate()
            return .json(
                try context.workspace.escalations.answer(
                    request.parameters.require("escalation_id"), of: twin, answer, publish: publishes,
                    by: request.principal.actorID
                ).json)
        }
        try group.post(
            path + "/{escalation_id}/dismiss",
            .contract("Let a question go without an answer", .userWrite, answer: Self.escalation)
        ) { request in
            let twin = try context.twin(request, .manage)
            return .json(
                try context.workspace.escalations.dismiss(
                    request.parameters.require("escalation_id"), of: twin, by: request.principal.actorID
                ).json)
        }
    }

    private func addCandidates(to group: inout RouteGroup) throws {
        let path = "/twins/{twin_id}/memory-candidates"
        try group.get(
            path,
            .contract(
                "List what the twin might remember, newest first", .userRead,
                parameters: [.query("status", Self.candidateStatus, "pending by default")],
                answer: JSONSchema.array(Self.candidate))
        ) { request in
            let twin = try context.twin(request, .manage)
            var query = request.queryFields()
            let status = query.optional("status", Self.candidateStatus).flatMap(MemoryCandidate.Status.init) ?? .pending
            try query.validate()
            try context.workspace.learn(twin)
            return .list(
                try context.workspace.candidates.list(
                    of: twin, for: context.authorizer.clearance(of: twin, as: request.principal), status: status
                ).candidates)
        }
        try group.post(
            path + "/{candidate_id}/approve",
            .contract("Remember it: from now on it answers", .userWrite, answer: Self.candidate)
        ) { request in
            let twin = try context.twin(request, .manage)
            return .json(
                try context.workspace.candidates.approve(
                    request.parameters.require("candidate_id"), of: twin, by: request.principal.actorID
                ).json)
        }
        try group.post(
            path + "/{candidate_id}/reject", .contract("Let it go", .userWrite, answer: Self.candidate)
        ) { request in
            let twin = try context.twin(request, .manage)
            return .json(
                try context.workspace.candidates.reject(
                    request.parameters.require("candidate_id"), of: twin, by: request.principal.actorID
                ).json)
        }
    }
}

/// Rating an answer: whoever had it, through the door that it came through.
struct StudioFeedback: RouteCollection {
    let context: APIContext

    private static let rating = FieldRule.oneOf(Feedback.Rating.allCases.map(\.rawValue))
    private static let comment = FieldRule.string(0...Feedback.maximumCommentBytes)
    private static let answer = JSONSchema.reference("Message")
    private static let fields: JSONObject = ["rating": rating.schema, "comment": comment.schema]
    private static let visitorFields = fields.merging(["message_id": JSONSchema.uuid, "session_id": JSONSchema.uuid])

    func add(to group: inout RouteGroup) throws {
        try group.post(
            "/messages/{message_id}/feedback",
            .contract(
                "Rate an answer", .write, body: JSONSchema.input(Self.fields, required: ["rating"]),
                example: ["rating": "down", "comment": "That was last year's price."], answer: Self.answer)
        ) { request in
            guard request.principal != .nobody else { throw Authorizer.unauthenticated }
            var body = try request.bodyFields()
            let given = Given(&body)
            try body.validate()
            return try rate(request.parameters.require("message_id"), given, as: request.principal)
        }
        try group.post(
            "/public/feedback/{twin_id}/{token}",
            .contract(
                "Rate an answer that came through a share link", .publicWrite,
                body: JSONSchema.input(Self.visitorFields, required: ["rating", "message_id", "session_id"]),
                answer: Self.answer)
        ) { request in
            var body = try request.bodyFields()
            let (given, message, session) = Self.ofVisitor(&body)
            try body.validate()
            let found = try context.workspace.visitors.find(
                session, at: request.parameters.require("twin_id"),
                through: Secret(request.parameters.require("token")))
            return try rate(message, given, as: .visitor(found))
        }
        try group.post(
            "/chat-widget/{twin_id}/feedback",
            .contract(
                "Rate an answer that came through a widget", .publicWrite,
                body: StudioWidget.withDoor(
                    JSONSchema.input(
                        Self.visitorFields.merging(StudioWidget.doorFields), required: ["rating", "message_id", "session_id"])),
                answer: Self.answer)
        ) { request in
            var body = try request.bodyFields()
            let door = StudioWidget.Door(&body)
            let (given, message, session) = Self.ofVisitor(&body)
            try body.validate()
            let name = try request.parameters.require("twin_id")
            let found = try context.workspace.visitors.find(session, at: name, with: door.key(context, request, twin: name))
            return try rate(message, given, as: .visitor(found))
        }
    }

    private struct Given {
        let rating: Feedback.Rating?
        let comment: String?

        init(_ body: inout FieldDecoder) {
            rating = Feedback.Rating(rawValue: body.required("rating", StudioFeedback.rating))
            comment = body.optional("comment", StudioFeedback.comment)
        }
    }

    private static func ofVisitor(_ body: inout FieldDecoder) -> (Given, message: String, session: String) {
        (Given(&body), body.required("message_id", .uuid), body.required("session_id", .uuid))
    }

    private func rate(_ message: String, _ given: Given, as principal: Principal) throws -> Response {
        guard let rating = given.rating else { throw TwinError(.invalid, "a rating is up or down") }
        try context.workspace.feedback.rate(message, rating, given.comment, as: principal)
        return .success("Thank you; whoever looks after the twin sees it.")
    }
}
