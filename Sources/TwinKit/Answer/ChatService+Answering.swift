import TwinDatabase
import TwinSupport

/// From a question that was taken to its answer.
extension ChatService {
    /// An answer that is known, and stored as far as it is kept.
    struct Settled: Sendable {
        var draft: AnswerDraft
        /// Of the stored answer.
        var messageID: String?
        /// The change of the primary with which it was stored, where that was not here.
        var sequence: Int64?
        /// What the owner is asked instead.
        var clarification: Clarification.Prompt?
    }

    /// Answers a question that was taken and tells about it as it goes. The answer is stored before `done`. Throws
    /// `TwinError` when it cannot be answered; what `emit` throws ends the answer.
    func answer(
        _ turn: Turn, isCancelled: @escaping () -> Bool, emit: @escaping (ChatEvent) throws -> Void
    ) throws -> ChatAnswer {
        let opening: Opening
        switch turn.progress {
        case .settled(let settled): return try tell(settled, of: turn, emit)
        case .opened(let found): opening = found
        }
        if let settled = try answeredMeanwhile(turn) { return try tell(settled, of: turn, emit) }
        let draft = try self.draft(opening, turn.inquiry)
        guard let model, isWorded(draft) else {
            return try tell(try settled(draft, of: turn), of: turn, emit)
        }
        let told = AnswerTranscript(turn, emit: emit)
        told.degraded = draft.degraded
        let style = draft.style ?? AnswerStyle(turn.twin, group: turn.inquiry.clearance.group)
        try compose(draft, turn, ModelComposer(model: model, twin: turn.twin, style: style), isCancelled, told)
        let worded = WordedAnswer(
            text: told.text, status: told.status, confidence: told.confidence, citations: told.citations,
            isDegraded: told.degraded != nil, tokens: told.tokens)
        let messageID =
            if let ledger, let admitted = turn.admitted {
                try ledger.store(worded, of: turn, admitted: admitted)
            } else {
                try record(turn.inquiry) { try store(worded, of: turn, on: $0) }
            }
        return try finish(turn, told, messageID)
    }

    /// Whether a model words this answer.
    func isWorded(_ draft: AnswerDraft) -> Bool { model != nil && draft.status == .grounded && draft.personal == nil }

    // MARK: The draft

    /// Looks what answers a question, by its words alone, in the caller's transaction: what was searched, what is quoted and
    /// what it is checked against are of one moment. It ends before the documents where an embedding model could say more.
    func open(_ inquiry: Inquiry, on connection: Connection) throws -> Opening {
        // By the letters first: the owner's words to this very question need no model.
        let guidance = try self.guidance(inquiry, meaning: nil, on: connection)
        if let answer = guidance.answer, answer.personal == nil { return .draft(answer) }
        let meaning = try search.use(ofMeaningFor: inquiry.twin, on: connection) { model in
            try owner?.comparesMeanings(by: model, twin: inquiry.twin, on: connection) ?? false
        }
        if let meaning { return .needsMeaning(meaning) }
        return .draft(try draft(inquiry, guidance, meaning: nil, on: connection))
    }

    /// The draft of an opening. It may ask the embedding model, which takes its time, and so is outside of any transaction.
    private func draft(_ opening: Opening, _ inquiry: Inquiry) throws -> AnswerDraft {
        guard case .needsMeaning(let use) = opening else {
            guard case .draft(let draft) = opening else { throw TwinError(.failed, "the question was not looked at") }
            return draft
        }
        let meaning = try search.embed(inquiry.text, for: use)
        return try database.read { connection in
            let guidance = try self.guidance(inquiry, meaning: meaning.vector == nil ? nil : meaning, on: connection)
            return try self.draft(inquiry, guidance, meaning: meaning, on: connection)
        }
    }

    private func guidance(_ inquiry: Inquiry, meaning: QuestionEmbedding?, on connection: Connection) throws -> Guidance {
        try owner?.guidance(
            for: inquiry.text, history: inquiry.earlierQuestions, meaning: meaning, twin: inquiry.twin,
            clearance: inquiry.clearance, on: connection) ?? Guidance()
    }

    /// What the owner has said, else what the documents answer, else what the owner is asked.
    private func draft(
        _ inquiry: Inquiry, _ guidance: Guidance, meaning: QuestionEmbedding?, on connection: Connection
    ) throws -> AnswerDraft {
        guard let answer = guidance.answer else {
            return try documentDraft(inquiry, guidance, meaning: meaning, on: connection)
        }
        guard let personal = answer.personal, personal.leastAnswerability < 1 else { return answer }
        let found = try documentDraft(inquiry, guidance, meaning: meaning, on: connection)
        return found.status == .grounded && personal.isAnswered(by: found.answerability) ? found : answer
    }

    /// What the documents answer.
    private func documentDraft(
        _ inquiry: Inquiry, _ guidance: Guidance, meaning: QuestionEmbedding?, on connection: Connection
    ) throws -> AnswerDraft {
        if let reply = SmallTalk.reply(to: inquiry.text, name: inquiry.twin.name) {
            return AnswerDraft(status: .ungrounded, text: reply, confidence: 1, suggestions: guidance.suggestions)
        }
        let found = try search.evidence(
            for: inquiry.text, after: inquiry.earlierQuestions, meaning: meaning, twin: inquiry.twin,
            clearance: inquiry.clearance,
            on: connection)
        let understood = found.reading.text == inquiry.text ? nil : found.reading.text
        let citations = ExtractiveComposer.citations(for: found)
        guard found.isAnswerable, !citations.isEmpty, !SmallTalk.isArithmetic(inquiry.text) else {
            var refusal = AnswerDraft(
                status: .unanswerable, text: Self.refusal, confidence: found.selection.confidence,
                suggestions: guidance.suggestions, degraded: found.degraded)
            refusal.understoodAs = understood
            return refusal
        }
        var draft = AnswerDraft(
            status: .grounded, text: ExtractiveComposer.text(citations), confidence: found.selection.confidence,
            answerability: found.selection.answerability, citations: citations, suggestions: guidance.suggestions,
            degraded: found.degraded)
        draft.understoodAs = understood
        if model != nil {
            let group = inquiry.clearance.group
            draft.evidence = ExtractiveComposer.evidence(for: found)
            draft.views =
                try owner?.views(on: inquiry.text, history: inquiry.earlierQuestions, twin: inquiry.twin, on: connection) ?? []
            draft.style = AnswerStyle(
                inquiry.twin, group: group, overrides: try group.map { try GroupStore.overrides(of: $0, on: connection) } ?? [:])
            if let more = inquiry.instructions, !more.trimmed.isEmpty {
                let own = draft.style?.systemPrompt
                draft.style?.systemPrompt = [own, more].compactMap(\.self).joined(separator: "\n\n")
            }
        }
        return draft
    }

    /// Lets the model word the answer, and falls back to the quotations where it does not manage.
    private func compose(
        _ draft: AnswerDraft, _ turn: Turn, _ composer: ModelComposer, _ isCancelled: @escaping () -> Bool,
        _ told: AnswerTranscript
    ) throws {
        let inquiry = turn.inquiry
        let prompt = composer.prompt(
            question: inquiry.text, evidence: draft.evidence, views: draft.views, history: inquiry.history)
        var worded = draft
        worded.citations = draft.evidence
        worded.memories = prompt.views
        let outcome = try composer.compose(
            prompt, question: inquiry.text, isCancelled: isCancelled, counted: { told.tokens = $0 }
        ) {
            try told.tell($0, of: worded)
        }
        switch outcome {
        case .answered(_, let cited): told.keepCitations(cited)
        case .noAnswer:
            let refusal = AnswerDraft(
                status: .unanswerable, text: Self.refusal, confidence: draft.confidence, suggestions: draft.suggestions)
            try told.tell(escalated(refusal, of: turn))
        case .failed(let reason, let shown):
            told.degraded = reason
            // After the beginning of an answer the quotations follow it, under the numbers that were announced.
            try shown.isEmpty
                ? told.tell(draft) : told.tell("\n\n" + ExtractiveComposer.text(draft.renumbered), of: worded)
        }
    }

    // MARK: Storing

    /// Stores an answer that needs no more wording, where its question was stored.
    private func settled(_ draft: AnswerDraft, of turn: Turn) throws -> Settled {
        if let ledger, let admitted = turn.admitted { return try ledger.settle(draft, of: turn, admitted: admitted) }
        return try record(turn.inquiry) { try settle(draft, of: turn, on: $0) }
    }

    /// Stores what a model has worded.
    func store(_ answer: WordedAnswer, of turn: Turn, on connection: Connection) throws -> String? {
        try store(
            answer.text, answer.status, answer.confidence, answer.citations, verifiedAnswerID: nil, answer.isDegraded,
            used: answer.tokens, of: turn, on: connection)
    }

    /// Stores an answer that needs no more wording, and what follows from it: a question for the owner, an escalation.
    func settle(_ draft: AnswerDraft, of turn: Turn, on connection: Connection) throws -> Settled {
        var settled = Settled(draft: draft)
        if let personal = draft.personal, let owner {
            let prompt = try clarification(personal, owner, of: turn, on: connection)
            settled.clarification = prompt
            settled.draft.status = .clarify
            settled.draft.text = prompt.question
            settled.draft.citations = []
        } else if draft.status == .unanswerable {
            settled.draft = escalated(draft, of: turn)
        }
        settled.messageID = try store(
            settled.draft.text, settled.draft.status, settled.clarification == nil ? settled.draft.confidence : nil,
            settled.draft.citations, verifiedAnswerID: draft.verifiedAnswerID, draft.degraded != nil, used: nil, of: turn,
            on: connection)
        return settled
    }

    /// Stores an answer behind its question, and counts it; `counted` are the tokens that a model says it used. The id of its message, where it is kept. A question that another
    /// process has answered meanwhile keeps that answer.
    private func store(
        _ text: String, _ status: AnswerStatus, _ confidence: Double?, _ citations: [Citation], verifiedAnswerID: String?,
        _ failed: Bool, used counted: Int?, of turn: Turn, on connection: Connection
    ) throws -> String? {
        let inquiry = turn.inquiry
        if turn.isResumed, let conversation = turn.conversation, let question = turn.question,
            let stored = try ConversationStore.answer(to: question.key, in: conversation, on: connection)
        {
            return stored
        }
        if inquiry.keeping != .nothing {
            let tokens = GroupLimits.tokens(inquiry.text + text)
            try Usage.add(.requests, 1, twin: turn.twin, on: connection)
            try Usage.add(.totalLatency, inquiry.milliseconds, twin: turn.twin, on: connection)
            if failed { try Usage.add(.errors, 1, twin: turn.twin, on: connection) }
            try Usage.add(.totalTokens, Double(tokens), twin: turn.twin, on: connection)
            try inquiry.limits.use(tokens, on: connection)
            if let hold = turn.hold {
                try QuotaAccount.settle(hold, counted ?? tokens, on: connection)
            } else if turn.paysAtOnce {
                try inquiry.quota?.charge(counted ?? tokens, on: connection)
            }
        }
        guard let conversation = turn.conversation, let question = turn.question else { return nil }
        let id = try ConversationStore.append(
            .assistant, text, status: status, confidence: confidence, citations: citations, verifiedAnswerID: verifiedAnswerID,
            to: conversation,
            answering: question.key, on: connection
        ).id
        if status == .escalated || status == .grounded && (confidence ?? 1) < turn.twin.settings[TwinSettings.escalatesBelow],
            turn.twin.settings[TwinSettings.escalates]
        {
            try owner?.escalate(
                inquiry.text, confidence: confidence ?? 0, attempt: id, twin: turn.twin, conversation: conversation,
                on: connection)
        }
        return id
    }

    /// What the owner is asked: stored, so that the owner hears of it, only with the conversation.
    private func clarification(
        _ personal: PersonalQuestion, _ owner: any OwnerGuidance, of turn: Turn, on connection: Connection
    ) throws -> Clarification.Prompt {
        guard let conversation = turn.conversation else { return owner.prompt(personal) }
        return Clarification.Prompt(
            try owner.clarify(
                turn.inquiry.text, personal, twin: turn.twin, mode: turn.inquiry.mode, conversation: conversation,
                message: turn.question?.id, on: connection)
        )
    }

    /// A refusal as it is said where the twin hands such questions to the owner and this one is kept; storing it does so.
    private func escalated(_ refusal: AnswerDraft, of turn: Turn) -> AnswerDraft {
        guard owner != nil, turn.conversation != nil, turn.twin.settings[TwinSettings.escalates] else { return refusal }
        var result = refusal
        result.status = .escalated
        result.text = Self.escalation
        return result
    }

    // MARK: Telling

    private func tell(
        _ settled: Settled, of turn: Turn, _ emit: @escaping (ChatEvent) throws -> Void
    ) throws -> ChatAnswer {
        if let prompt = settled.clarification {
            // The stream ends with it: the answer is the owner's to give.
            try emit(.clarify(prompt, conversationID: turn.conversationID))
            return ChatAnswer(
                question: turn.inquiry.text, text: prompt.question,
                metadata: ChatMetadata(
                    conversationID: turn.conversationID, twinID: turn.twin.id, status: .clarify, confidence: 0, citations: [],
                    suggestions: settled.draft.suggestions),
                done: ChatDone(messageID: settled.messageID, status: .clarify, milliseconds: turn.inquiry.milliseconds),
                clarification: prompt)
        }
        let told = AnswerTranscript(turn, emit: emit)
        told.degraded = settled.draft.degraded
        try told.tell(settled.draft)
        return try finish(turn, told, settled.messageID)
    }

    private func finish(_ turn: Turn, _ told: AnswerTranscript, _ messageID: String?) throws -> ChatAnswer {
        let done = ChatDone(
            messageID: messageID, status: told.status, degraded: told.degraded, milliseconds: turn.inquiry.milliseconds)
        try told.end(done)
        return ChatAnswer(question: turn.inquiry.text, text: told.text, metadata: told.metadata, done: done)
    }
}
