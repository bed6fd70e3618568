import TwinDatabase

/// What a twin learned from its owner, asked before its documents, and what it asks of the owner.
package struct OwnerKnowledge: Sendable {
    package init() {}
}

extension OwnerKnowledge: OwnerGuidance {
    func guidance(
        for question: String, history: [String], meaning: QuestionEmbedding?, twin: Twin, clearance: Clearance,
        on connection: Connection
    ) throws -> Guidance {
        var guidance = Guidance()
        var clarification: PersonalQuestion?
        let match = try VerifiedAnswerMatch.find(
            question, meaning: meaning, twin: twin, clearance: clearance, on: connection)
        guidance.suggestions = match.suggestions.map {
            SuggestedQuestion(id: $0.answer.id, question: $0.answer.question, similarity: $0.similarity, match: $0.match)
        }
        if let found = match.automatic {
            // The owner has answered this very question, so that there is nothing left to clarify.
            guidance.answer = AnswerDraft(status: .verified, text: found.answer.answer, confidence: found.similarity)
            guidance.answer?.verifiedAnswerID = found.answer.id
            guidance.answer?.match = found.match
            return guidance
        }
        if twin.settings[TwinSettings.asksOwner] {
            let decision = try IdentityGate.decide(
                question, history: history, memories: { try OwnerMemories.active(of: twin, $0, on: connection) },
                threshold: twin.settings[TwinSettings.memoryThreshold])
            switch decision {
            case .notPersonal: break
            case .remembered(let memories, _):
                guard let best = memories.first else { break }
                guidance.answer = AnswerDraft(status: .verified, text: best.value, confidence: best.confidence)
                guidance.answer?.memories = memories
                return guidance
            case .clarify(let personal):
                // What the owner holds may say it in words of its own.
                let held = try OwnerMemories.active(of: twin, Set(MemoryType.allCases), on: connection)
                if let memory = IdentityGate.recalled(held, by: question) {
                    guidance.answer = AnswerDraft(status: .verified, text: memory.value, confidence: memory.confidence)
                    guidance.answer?.memories = [memory]
                    return guidance
                }
                clarification = personal
            }
        }
        if let clarification {
            guidance.answer = AnswerDraft(
                status: .clarify, text: IdentityGate.question(clarification.type, topic: clarification.topic), confidence: 0)
            guidance.answer?.personal = clarification
            guidance.answer?.suggestions = guidance.suggestions
        }
        return guidance
    }

    func comparesMeanings(by model: String, twin: Twin, on connection: Connection) throws -> Bool {
        try !AnswerVectors(twin: twin.key, model: model).isEmpty(on: connection)
    }

    func views(on question: String, history: [String], twin: Twin, on connection: Connection) throws -> [OwnerMemory] {
        let memories = try OwnerMemories.active(of: twin, Set(MemoryType.allCases), on: connection)
        return IdentityGate.views(memories, on: question, history: history)
    }

    func clarify(
        _ question: String, _ personal: PersonalQuestion, twin: Twin, mode: ChatMode, conversation: Conversation,
        message: String?, on connection: Connection
    ) throws -> Clarification {
        try Clarifications.ask(
            question, type: personal.type, topic: personal.topic, twin: twin, mode: mode, conversation: conversation,
            message: message, on: connection)
    }

    func prompt(_ personal: PersonalQuestion) -> Clarification.Prompt {
        let question = Clarifications.Question(type: personal.type, topic: personal.topic)
        return Clarification.Prompt(
            id: nil, question: question.text, options: question.options, proposal: question.proposal, status: .pendingOwner)
    }

    func escalate(
        _ question: String, confidence: Double, attempt: String, twin: Twin, conversation: Conversation,
        on connection: Connection
    ) throws {
        try Escalations.raise(
            question, confidence: confidence, attempt: attempt, twin: twin, conversation: conversation.id, on: connection)
    }
}
