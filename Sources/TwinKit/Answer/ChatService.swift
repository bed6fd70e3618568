/// Answers questions: from the question to the stored conversation, with the events in between.
public struct ChatService: Sendable {
    let database: Database
    let search: PassageSearch
    /// Words the answers; without it they are quoted.
    let model: (any LanguageModel)?
    /// Asked before the documents.
    let owner: (any OwnerGuidance)?

    init(
        database: Database, search: PassageSearch, model: (any LanguageModel)? = nil, owner: (any OwnerGuidance)? = nil
    ) {
        self.database = database
        self.search = search
        self.model = model
        self.owner = owner
    }

    public struct Request: Sendable {
        public var question: String
        public var clearance: Clearance
        /// Goes on with this conversation, which the asker must be known to hold; without it a new one begins.
        public var conversationID: String?
        public var mode: ChatMode
        public var userID: String?
        public var sessionID: String?
        /// Counted with the question, beside those of the asker's group.
        public var limits: [RateLimit] = []

        public init(
            question: String, clearance: Clearance = .everything, conversationID: String? = nil, mode: ChatMode? = nil,
            userID: String? = nil, sessionID: String? = nil
        ) {
            self.question = question
            self.clearance = clearance
            self.conversationID = conversationID
            self.mode = mode ?? (clearance == .everything ? .owner : .public)
            self.userID = userID
            self.sessionID = sessionID
        }
    }

    /// A question that has been taken: it is stored and counted, and waits to be answered.
    public struct Turn: Sendable {
        public let request: Request
        public let twin: Twin
        public let conversation: Conversation
        /// What is left of the limits.
        public let limits: [RateLimit.Status]
        /// Of the message that holds the question.
        public let questionID: String
        let question: String
        let questionKey: Int64
        let history: [Message]
        let started: UInt64
    }

    /// The longest question in bytes of UTF-8: about four pages.
    public static let maximumQuestionBytes = 16_384

    /// Said when nothing that the asker may read answers the question.
    public static let refusal = "I don't know: nothing I may read answers that."

    /// Said when the question was handed to the owner instead.
    public static let escalation = refusal + " The question has been passed on to the owner."

    /// Takes a question and answers it: `begin`, then `answer`.
    @discardableResult
    public func ask(
        _ request: Request, of twin: Twin, isCancelled: @escaping () -> Bool = { false },
        emit: @escaping (ChatEvent) throws -> Void = { _ in }
    ) throws -> ChatAnswer {
        do {
            return try answer(try begin(request, of: twin), isCancelled: isCancelled, emit: emit)
        } catch let error as RateLimit.Exceeded {
            throw error.error
        }
    }

    /// Takes a question: checks it, counts it and stores it with its conversation. Throws `TwinError` for what is wrong with
    /// the request and `RateLimit.Exceeded` when a limit is reached; nothing is stored then.
    public func begin(_ request: Request, of twin: Twin) throws -> Turn {
        let started = Clock.monotonicNanoseconds
        let question = request.question.trimmed
        guard !question.isEmpty else { throw TwinError(.invalid, "the question is empty; ask something") }
        guard question.utf8.count <= Self.maximumQuestionBytes else {
            throw TwinError(.limitReached, "the question is longer than \(Self.maximumQuestionBytes) bytes; shorten it")
        }
        guard twin.archivedAt == nil else { throw TwinError(.gone, "the twin '\(twin.slug)' is archived and answers nobody") }
        return try database.write { connection in
            let groupLimits = try GroupLimits(request.clearance.group, on: connection)
            try groupLimits.check(question, on: connection)
            let limits = try RateLimit.count(request.limits + groupLimits.requests, on: connection)
            let conversation = try request.conversationID.map { try ConversationStore.find($0, twin: twin, on: connection) }
                ?? ConversationStore.create(
                    twin: twin, userID: request.userID, groupKey: request.clearance.group?.key, sessionID: request.sessionID,
                    on: connection)
            let history = request.conversationID == nil
                ? [] : try ConversationStore.messages(of: conversation, limit: Self.historyMessages, on: connection)
            let message = try ConversationStore.append(.user, question, to: conversation, on: connection)
            return Turn(
                request: request, twin: twin, conversation: conversation, limits: limits, questionID: message.id,
                question: question, questionKey: message.key, history: history, started: started)
        }
    }

    /// Answers a question that was taken and tells about it as it goes. The answer is stored before `done`. Throws
    /// `TwinError` when it cannot be answered; what `emit` throws ends the answer.
    public func answer(
        _ turn: Turn, isCancelled: @escaping () -> Bool = { false },
        emit: @escaping (ChatEvent) throws -> Void = { _ in }
    ) throws -> ChatAnswer {
        let (question, twin, conversation) = (turn.question, turn.twin, turn.conversation)
        let draft = try draft(question, turn.history, twin, turn.request.clearance)
        let told = Telling(conversation: conversation, twin: twin, emit: emit)
        if let personal = draft.personal, let owner {
            let thread = try database.write { connection in
                let thread = try owner.clarify(
                    question, personal, twin: twin, mode: turn.request.mode, conversation: conversation, on: connection)
                let message = try ConversationStore.append(
                    .assistant, thread.question, status: .clarify, to: conversation, answering: turn.questionKey, on: connection)
                try count(turn, question + thread.question, on: connection)
                return (thread: thread, messageID: message.id)
            }
            // The stream ends with it: the answer is the owner's to give.
            try emit(.clarify(thread.thread, conversationID: conversation.id))
            return ChatAnswer(
                question: question, text: thread.thread.question,
                metadata: ChatMetadata(
                    conversationID: conversation.id, twinID: twin.id, status: .clarify, confidence: 0, citations: [],
                    suggestions: draft.suggestions),
                done: ChatDone(messageID: thread.messageID, status: .clarify, milliseconds: turn.milliseconds),
                clarification: thread.thread)
        }
        told.degraded = draft.degraded
        if draft.status == .unanswerable {
            try told.tell(try escalated(draft, question, twin, conversation))
        } else if let model, draft.status == .grounded {
            let group = turn.request.clearance.group
            let overrides = try group.map { group in try database.read { try GroupStore.overrides(of: group, on: $0) } }
            let style = AnswerStyle(twin, group: group, overrides: overrides ?? [:])
            try compose(question, draft, turn.history, ModelComposer(model: model, twin: twin, style: style), isCancelled, told) {
                try escalated($0, question, twin, conversation)
            }
        } else {
            try told.tell(draft)
        }
        let messageID = try database.write { connection in
            let message = try ConversationStore.append(
                .assistant, told.text, status: told.status, confidence: told.confidence, citations: told.citations,
                to: conversation, answering: turn.questionKey, on: connection)
            try count(turn, question + told.text, on: connection)
            return message.id
        }
        let done = ChatDone(
            messageID: messageID, status: told.status, degraded: told.degraded, milliseconds: turn.milliseconds)
        try emit(.done(done))
        return ChatAnswer(question: question, text: told.text, metadata: told.metadata, done: done)
    }

    /// Adds an answer to the twin's usage and to what its asker's group has used.
    private func count(_ turn: Turn, _ text: String, on connection: Connection) throws {
        try Usage.add(.requests, 1, twin: turn.twin, on: connection)
        try Usage.add(.totalLatency, turn.milliseconds, twin: turn.twin, on: connection)
        let tokens = GroupLimits.tokens(text)
        try Usage.add(.totalTokens, Double(tokens), twin: turn.twin, on: connection)
        try GroupLimits(turn.request.clearance.group, on: connection).use(tokens, on: connection)
    }

    /// Messages of a conversation that are looked back at.
    private static let historyMessages = 6

    private func draft(
        _ question: String, _ history: [Message], _ twin: Twin, _ clearance: Clearance
    ) throws -> AnswerDraft {
        let asked = history.filter { $0.role == .user }.map(\.content)
        func guide(_ meaning: Meaning?) throws -> Guidance {
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
    private func escalated(
        _ refusal: AnswerDraft, _ question: String, _ twin: Twin, _ conversation: Conversation
    ) throws -> AnswerDraft {
        guard let owner, twin.settings.effective("escalation.enabled").boolValue == true else { return refusal }
        try database.write { connection in
            try owner.escalate(question, confidence: refusal.confidence, twin: twin, conversation: conversation, on: connection)
        }
        var result = refusal
        result.status = .escalated
        result.text = Self.escalation
        return result
    }

    /// Lets the model word the answer, and falls back to the quotations where it does not manage.
    private func compose(
        _ question: String, _ draft: AnswerDraft, _ history: [Message], _ composer: ModelComposer,
        _ isCancelled: @escaping () -> Bool, _ told: Telling, refuse: (AnswerDraft) throws -> AnswerDraft
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

extension ChatService.Turn {
    /// Since the question came.
    var milliseconds: Double { Double(Clock.monotonicNanoseconds - started) / 1e6 }
}

/// An answer before it is told.
struct AnswerDraft {
    var status: AnswerStatus
    var text: String
    var confidence: Double
    var citations: [Citation] = []
    /// The passages that a model may cite, those that the quotations come from first.
    var evidence: [Citation] = []
    var suggestions: [SuggestedQuestion] = []
    var verifiedAnswerID: String?
    /// How the question of the verified answer was recognized.
    var match: QuestionMatch?
    /// What the owner holds, when that is the answer, of which the first is told; or what a model was to keep to.
    var memories: [OwnerMemory] = []
    /// What the owner holds that bears on the question: for a model that words the answer.
    var views: [OwnerMemory] = []
    /// Set when the owner has to say first.
    var personal: PersonalQuestion?
    /// Why it was made with less than is configured.
    var degraded: String?

    /// The quotations under the numbers of the passages that hold them.
    var renumbered: [Citation] {
        citations.map { quotation in
            var result = quotation
            let holder = evidence.first {
                $0.sourceID == quotation.sourceID && $0.range.lowerBound <= quotation.range.lowerBound
                    && quotation.range.upperBound <= $0.range.upperBound
            }
            result.number = holder?.number ?? quotation.number
            return result
        }
    }
}

/// One answer as it is told: what has been said is what will be stored.
private final class Telling {
    private let emit: (ChatEvent) throws -> Void
    private let conversation: Conversation
    private let twin: Twin
    private(set) var text = ""
    private(set) var status = AnswerStatus.unanswerable
    private(set) var confidence = 0.0
    private(set) var citations: [Citation] = []
    private var suggestions: [SuggestedQuestion] = []
    private var verifiedAnswerID: String?
    private var match: QuestionMatch?
    private var memories: [OwnerMemory] = []
    var degraded: String?

    init(conversation: Conversation, twin: Twin, emit: @escaping (ChatEvent) throws -> Void) {
        self.conversation = conversation
        self.twin = twin
        self.emit = emit
    }

    var metadata: ChatMetadata {
        ChatMetadata(
            conversationID: conversation.id, twinID: twin.id, status: status, confidence: confidence, citations: citations,
            suggestions: suggestions, verifiedAnswerID: verifiedAnswerID, match: match, memories: memories)
    }

    /// Tells a whole answer.
    func tell(_ draft: AnswerDraft) throws { try tell(draft.text, of: draft) }

    /// Tells a piece of an answer, after its metadata when it is the first.
    func tell(_ piece: String, of draft: AnswerDraft) throws {
        if text.isEmpty {
            status = draft.status
            confidence = draft.confidence
            citations = draft.citations
            suggestions = draft.suggestions
            verifiedAnswerID = draft.verifiedAnswerID
            match = draft.match
            memories = draft.memories
            try emit(.metadata(metadata))
        }
        text += piece
        try emit(.content(piece))
    }

    /// Keeps only what was cited of the evidence that was announced.
    func keepCitations(_ numbers: Set<Int>) { citations = citations.filter { numbers.contains($0.number) } }
}
