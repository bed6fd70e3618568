import TwinSupport

/// What a replica and its primary say to each other about a question, as JSON. Both are the same version, so that it may change with
/// any: see `ReplicaLink`.
enum QuestionWire {
    static let admitPath = "/internal/replica/admit"
    static let settlePath = "/internal/replica/settle"
    static let storePath = "/internal/replica/store"

    // MARK: A question, and what became of it

    static func json(_ question: Ask.Question) -> JSON {
        [
            "twin": .string(question.twin), "text": .string(question.text), "conversation": .optional(question.conversationID),
            "group": .optional(question.group), "mode": .optional(question.mode?.rawValue),
            "is_kept": .bool(question.keeping == .everything), "address": .optional(question.address),
        ]
    }

    static func question(_ json: JSON) -> Ask.Question? {
        guard let twin = json["twin"]?.stringValue, let text = json["text"]?.stringValue, let isKept = json["is_kept"]?.boolValue
        else { return nil }
        var question = Ask.Question(text, of: twin, conversationID: json["conversation"]?.stringValue)
        question.group = json["group"]?.stringValue
        question.mode = json["mode"]?.stringValue.flatMap(ChatMode.init)
        question.keeping = isKept ? .everything : .counts
        question.address = json["address"]?.stringValue
        return question
    }

    static func json(_ turn: ChatService.Turn, sequence: Int64) -> JSON {
        [
            "sequence": .int(sequence), "conversation": turn.conversation.map(json) ?? .null,
            "question": .optional(turn.questionID),
            "history": .array(
                turn.inquiry.history.map { ["role": .string($0.role.rawValue), "content": .string($0.content)] }),
            "limits": .array(
                turn.limits.map {
                    [
                        "limit": .number($0.limit), "remaining": .number($0.remaining),
                        "resets_at": .int($0.resetsAt.milliseconds),
                    ]
                }),
        ]
    }

    /// What was let in under `id`, of a file that had come to `basis`.
    static func admitted(_ json: JSON, id: String, basis: Int64) -> AdmittedQuestion? {
        guard let sequence = json["sequence"]?.intValue else { return nil }
        return AdmittedQuestion(
            id: id, conversation: json["conversation"].flatMap(Conversation.init(wire:)),
            questionID: json["question"]?.stringValue,
            history: (json["history"]?.arrayValue ?? []).compactMap { message in
                guard let role = message["role"]?.stringValue.flatMap(Message.Role.init),
                    let text = message["content"]?.stringValue
                else { return nil }
                return PastMessage(role, text)
            },
            limits: (json["limits"]?.arrayValue ?? []).compactMap { limit in
                guard let maximum = limit["limit"]?.intValue, let remaining = limit["remaining"]?.intValue,
                    let end = limit["resets_at"]?.intValue
                else { return nil }
                return RateLimit.Status(limit: maximum, remaining: remaining, resetsAt: Timestamp(milliseconds: Int64(end)))
            }, sequence: Int64(sequence), basis: basis)
    }

    private static func json(_ conversation: Conversation) -> JSON {
        [
            "key": .int(conversation.key), "id": .string(conversation.id), "tenant": .string(conversation.tenantID),
            "twin_key": .int(conversation.twinKey), "user": .optional(conversation.userID),
            "group_key": conversation.groupKey.map { .int($0) } ?? .null, "session": .optional(conversation.sessionID),
            "api_key": .optional(conversation.keyID), "created_at": .string(conversation.createdAt.description),
            "updated_at": .string(conversation.updatedAt.description),
        ]
    }

    // MARK: An answer

    /// What is stored of a draft; what is only told stays where it is told.
    static func json(_ draft: AnswerDraft) -> JSON {
        [
            "status": .string(draft.status.rawValue), "text": .string(draft.text), "confidence": .double(draft.confidence),
            "citations": .array(draft.citations.map(\.json)), "verified_answer": .optional(draft.verifiedAnswerID),
            "degraded": .optional(draft.degraded),
            "personal": draft.personal.map { (personal) -> JSON in
                [
                    "type": .string(personal.type.rawValue), "topic": .string(personal.topic),
                    "least_answerability": .double(personal.leastAnswerability),
                ]
            } ?? .null,
        ]
    }

    static func draft(_ json: JSON) -> AnswerDraft? {
        guard let status = json["status"]?.stringValue.flatMap(AnswerStatus.init), let text = json["text"]?.stringValue,
            let confidence = json["confidence"]?.doubleValue, let citations = citations(json["citations"])
        else { return nil }
        var draft = AnswerDraft(status: status, text: text, confidence: confidence, citations: citations)
        draft.verifiedAnswerID = json["verified_answer"]?.stringValue
        draft.degraded = json["degraded"]?.stringValue
        if let personal = json["personal"]?.objectValue {
            guard let type = personal["type"]?.stringValue.flatMap(MemoryType.init), let topic = personal["topic"]?.stringValue
            else { return nil }
            draft.personal = PersonalQuestion(
                type: type, topic: topic, leastAnswerability: personal["least_answerability"]?.doubleValue ?? 1)
        }
        return draft
    }

    static func json(_ settled: ChatService.Settled) -> JSON {
        [
            "message": .optional(settled.messageID), "status": .string(settled.draft.status.rawValue),
            "text": .string(settled.draft.text), "clarification": settled.clarification.map(json) ?? .null,
        ]
    }

    /// What was stored of `draft`.
    static func settled(_ json: JSON, of draft: AnswerDraft) -> ChatService.Settled? {
        guard let status = json["status"]?.stringValue.flatMap(AnswerStatus.init), let text = json["text"]?.stringValue else {
            return nil
        }
        var settled = ChatService.Settled(draft: draft)
        settled.draft.status = status
        settled.draft.text = text
        settled.messageID = json["message"]?.stringValue
        settled.sequence = json["sequence"]?.intValue.map(Int64.init)
        if let told = json["clarification"], told != .null {
            guard let prompt = prompt(told) else { return nil }
            settled.clarification = prompt
            settled.draft.citations = []
        }
        return settled
    }

    private static func json(_ prompt: Clarification.Prompt) -> JSON {
        [
            "id": .optional(prompt.id), "question": .string(prompt.question), "options": .array(prompt.options.map(\.json)),
            "proposal": prompt.proposal, "status": .string(prompt.status.rawValue),
        ]
    }

    private static func prompt(_ json: JSON) -> Clarification.Prompt? {
        guard let question = json["question"]?.stringValue,
            let status = json["status"]?.stringValue.flatMap(Clarification.Status.init)
        else { return nil }
        return Clarification.Prompt(
            id: json["id"]?.stringValue, question: question,
            options: (json["options"]?.arrayValue ?? []).compactMap(Clarification.Option.init),
            proposal: json["proposal"] ?? .null,
            status: status)
    }

    static func json(_ answer: WordedAnswer) -> JSON {
        [
            "text": .string(answer.text), "status": .string(answer.status.rawValue),
            "confidence": answer.confidence.map { .double($0) } ?? .null, "citations": .array(answer.citations.map(\.json)),
            "is_degraded": .bool(answer.isDegraded), "tokens": .optional(answer.tokens),
        ]
    }

    static func worded(_ json: JSON) -> WordedAnswer? {
        guard let text = json["text"]?.stringValue, let status = json["status"]?.stringValue.flatMap(AnswerStatus.init),
            let citations = citations(json["citations"]), let isDegraded = json["is_degraded"]?.boolValue
        else { return nil }
        return WordedAnswer(
            text: text, status: status, confidence: json["confidence"]?.doubleValue, citations: citations, isDegraded: isDegraded,
            tokens: json["tokens"]?.intValue)
    }

    /// None where one of them is none: an answer is not stored without what it quotes.
    private static func citations(_ json: JSON?) -> [Citation]? {
        guard let all = json?.arrayValue else { return nil }
        let citations = all.compactMap(Citation.init)
        return citations.count == all.count ? citations : nil
    }
}

extension Conversation {
    fileprivate init?(wire json: JSON) {
        guard let key = json["key"]?.intValue, let id = json["id"]?.stringValue, let tenant = json["tenant"]?.stringValue,
            let twinKey = json["twin_key"]?.intValue, let created = json["created_at"]?.stringValue.flatMap({ Timestamp($0) }),
            let updated = json["updated_at"]?.stringValue.flatMap({ Timestamp($0) })
        else { return nil }
        self.init(
            key: Int64(key), id: id, tenantID: tenant, twinKey: Int64(twinKey), userID: json["user"]?.stringValue,
            groupKey: json["group_key"]?.intValue.map(Int64.init), sessionID: json["session"]?.stringValue,
            keyID: json["api_key"]?.stringValue, createdAt: created, updatedAt: updated)
    }
}
