import TwinDatabase
import TwinSupport

/// From a question that was taken to its answer.
extension ChatService {
    /// An answer that is stored.
    struct Settled: Sendable {
        var draft: AnswerDraft
        var messageID: String
        /// What the owner is asked instead.
        var thread: Clarification?
    }

    /// Answers a question that was taken and tells about it as it goes. The answer is stored before `done`. Throws
    /// `TwinError` when it cannot be answered; what `emit` throws ends the answer.
    package func answer(
        _ turn: Turn, isCancelled: @escaping () -> Bool = { false },
        emit: @escaping (ChatEvent) throws -> Void = { _ in }
    ) throws -> ChatAnswer {
        if let settled = turn.settled { return try tell(settled, of: turn, emit) }
        let draft = try draft(turn.question, turn.history, turn.twin, turn.request.clearance)
        guard let model, draft.status == .grounded, draft.personal == nil else {
            return try tell(try database.write { try settle(draft, of: turn, on: $0) }, of: turn, emit)
        }
        let group = turn.request.clearance.group
        let overrides = try group.map { group in try database.read { try GroupStore.overrides(of: group, on: $0) } }
        let style = AnswerStyle(turn.twin, group: group, overrides: overrides ?? [:])
        let told = AnswerTranscript(conversation: turn.conversation, twin: turn.twin, emit: emit)
        told.degraded = draft.degraded
        try compose(
            turn.question, draft, turn.history, ModelComposer(model: model, twin: turn.twin, style: style), isCancelled, told
        ) { refusal in
            try database.write { try escalated(refusal, of: turn, on: $0) }
        }
        let messageID = try database.write { connection in
            let message = try ConversationStore.append(
                .assistant, told.text, status: told.status, confidence: told.confidence, citations: told.citations,
                to: turn.conversation, answering: turn.questionKey, on: connection)
            try count(turn, told.text, failed: told.degraded != nil, on: connection)
            return message.id
        }
        return try finish(turn, told, messageID)
    }

    /// Stores an answer that needs no more wording, and what follows from it: a question for the owner, an escalation.
    func settle(_ draft: AnswerDraft, of turn: Turn, on connection: Connection) throws -> Settled {
        var settled = Settled(draft: draft, messageID: "")
        if let personal = draft.personal, let owner {
            let thread = try owner.clarify(
                turn.question, personal, twin: turn.twin, mode: turn.request.mode, conversation: turn.conversation, on: connection
            )
            settled.thread = thread
            settled.draft.status = .clarify
            settled.draft.text = thread.question
            settled.draft.citations = []
        } else if draft.status == .unanswerable {
            settled.draft = try escalated(draft, of: turn, on: connection)
        }
        settled.messageID = try ConversationStore.append(
            .assistant, settled.draft.text, status: settled.draft.status,
            confidence: settled.thread == nil ? settled.draft.confidence : nil, citations: settled.draft.citations,
            to: turn.conversation, answering: turn.questionKey, on: connection
        ).id
        try count(turn, settled.draft.text, failed: draft.degraded != nil, on: connection)
        return settled
    }

    private func tell(
        _ settled: Settled, of turn: Turn, _ emit: @escaping (ChatEvent) throws -> Void
    ) throws -> ChatAnswer {
        if let thread = settled.thread {
            // The stream ends with it: the answer is the owner's to give.
            try emit(.clarify(thread, conversationID: turn.conversation.id))
            return ChatAnswer(
                question: turn.question, text: thread.question,
                metadata: ChatMetadata(
                    conversationID: turn.conversation.id, twinID: turn.twin.id, status: .clarify, confidence: 0, citations: [],
                    suggestions: settled.draft.suggestions),
                done: ChatDone(messageID: settled.messageID, status: .clarify, milliseconds: turn.milliseconds),
                clarification: thread)
        }
        let told = AnswerTranscript(conversation: turn.conversation, twin: turn.twin, emit: emit)
        told.degraded = settled.draft.degraded
        try told.tell(settled.draft)
        return try finish(turn, told, settled.messageID)
    }

    private func finish(_ turn: Turn, _ told: AnswerTranscript, _ messageID: String) throws -> ChatAnswer {
        let done = ChatDone(
            messageID: messageID, status: told.status, degraded: told.degraded, milliseconds: turn.milliseconds)
        try told.end(done)
        return ChatAnswer(question: turn.question, text: told.text, metadata: told.metadata, done: done)
    }

    /// Adds an answer to the twin's usage and to what its asker's group has used.
    private func count(_ turn: Turn, _ text: String, failed: Bool, on connection: Connection) throws {
        try Usage.add(.requests, 1, twin: turn.twin, on: connection)
        try Usage.add(.totalLatency, turn.milliseconds, twin: turn.twin, on: connection)
        if failed { try Usage.add(.errors, 1, twin: turn.twin, on: connection) }
        let tokens = GroupLimits.tokens(turn.question + text)
        try Usage.add(.totalTokens, Double(tokens), twin: turn.twin, on: connection)
        if let group = turn.request.clearance.group { try GroupLimits(group, on: connection).use(tokens, on: connection) }
    }

    func draft(
        _ question: String, _ history: [Message], _ twin: Twin, _ clearance: Clearance
    ) throws -> AnswerDraft {
        let asked = history.filter { $0.role == .user }.map(\.content)
        func guide(_ meaning: QuestionEmbedding?) throws -> Guidance {
            try database.read { connection in
                try owner?.guidance(
                    for: question, history: asked, meaning: meaning, twin: twin, clearance: clearance, on: connection)
            } ?? Guidance()
        }
        // By the letters first: the owner's words to this very question need no model.
        var guidance = try guide(nil)
        if let answer = guidance.answer, answer.personal == nil { return answer }
        // A model may take its time, so it is asked before the transaction, once for all that the meaning is good for.
        let meaning = try search.meaning(of: question, twin: twin) { model, connection in
            try owner?.comparesMeanings(by: model, twin: twin, on: connection) ?? false
        }
        if meaning?.vector != nil { guidance = try guide(meaning) }
        if let answer = guidance.answer { return answer }
        // One read transaction: what was searched, what is quoted and what it is checked against are of one moment.
        return try database.read { connection in
            let found = try search.evidence(for: question, meaning: meaning, twin: twin, clearance: clearance, on: connection)
            let citations = try ExtractiveComposer.citations(for: found, on: connection)
            guard found.isAnswerable, !citations.isEmpty else {
                return AnswerDraft(
                    status: .unanswerable, text: Self.refusal, confidence: found.selection.confidence,
                    suggestions: guidance.suggestions, degraded: found.degraded)
            }
            var draft = AnswerDraft(
                status: .grounded, text: ExtractiveComposer.text(citations), confidence: found.selection.confidence,
                citations: citations, suggestions: guidance.suggestions, degraded: found.degraded)
            if model != nil {
                draft.evidence = ExtractiveComposer.evidence(for: found)
                draft.views = try owner?.views(on: question, history: asked, twin: twin, on: connection) ?? []
            }
            return draft
        }
    }

    /// A refusal, handed to the owner where the twin does that.
    private func escalated(_ refusal: AnswerDraft, of turn: Turn, on connection: Connection) throws -> AnswerDraft {
        guard let owner, turn.twin.settings.effective("escalation.enabled").boolValue == true else { return refusal }
        try owner.escalate(
            turn.question, confidence: refusal.confidence, twin: turn.twin, conversation: turn.conversation, on: connection)
        var result = refusal
        result.status = .escalated
        result.text = Self.escalation
        return result
    }

    /// Lets the model word the answer, and falls back to the quotations where it does not manage.
    private func compose(
        _ question: String, _ draft: AnswerDraft, _ history: [Message], _ composer: ModelComposer,
        _ isCancelled: @escaping () -> Bool, _ told: AnswerTranscript, refuse: (AnswerDraft) throws -> AnswerDraft
    ) throws {
        let prompt = composer.prompt(question: question, evidence: draft.evidence, views: draft.views, history: history)
        var worded = draft
        worded.citations = draft.evidence
        worded.memories = prompt.views
        let outcome = try composer.compose(prompt, isCancelled: isCancelled) { try told.tell($0, of: worded) }
        switch outcome {
        case .answered(_, let cited): told.keepCitations(cited)
        case .noAnswer:
            let refusal = AnswerDraft(
                status: .unanswerable, text: Self.refusal, confidence: draft.confidence, suggestions: draft.suggestions)
            try told.tell(try refuse(refusal))
        case .failed(let reason, let shown):
            told.degraded = reason
            // After the beginning of an answer the quotations follow it, under the numbers that were announced.
            try shown.isEmpty
                ? told.tell(draft) : told.tell("\n\n" + ExtractiveComposer.text(draft.renumbered), of: worded)
        }
    }
}
