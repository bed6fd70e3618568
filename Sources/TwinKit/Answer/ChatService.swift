import TwinDatabase
import TwinHTTP
import TwinSupport

/// Answers questions: from the question to the stored conversation, with the events in between.
package struct ChatService: Sendable {
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

    package struct Request: Sendable {
        package var question: String
        package var clearance: Clearance
        /// Goes on with this conversation, which the asker must be known to hold; without it a new one begins.
        package var conversationID: String?
        package var mode: ChatMode
        package var userID: String?
        package var sessionID: String?
        /// Counted with the question, beside those of the asker's group.
        package var limits: [RateLimit] = []

        package init(
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
    package struct Turn: Sendable {
        package let request: Request
        package let twin: Twin
        package let conversation: Conversation
        /// What is left of the limits.
        package let limits: [RateLimit.Status]
        /// Of the message that holds the question.
        package let questionID: String
        let question: String
        let questionKey: Int64
        let history: [Message]
        let started: UInt64
        /// The answer, where it was stored with the question.
        var settled: Settled?

        /// Since the question came.
        var milliseconds: Double { Double(Clock.monotonicNanoseconds - started) / 1e6 }
    }

    /// The longest question in bytes of UTF-8: about four pages.
    package static let maximumQuestionBytes = 16_384

    /// Said when nothing that the asker may read answers the question.
    package static let refusal = "I don't know: nothing I may read answers that."

    /// Said when the question was handed to the owner instead.
    package static let escalation = refusal + " The question has been passed on to the owner."

    /// Takes a question and answers it: `begin`, then `answer`.
    @discardableResult
    package func ask(
        _ request: Request, of twin: Twin, isCancelled: @escaping () -> Bool = { false },
        emit: @escaping (ChatEvent) throws -> Void = { _ in }
    ) throws -> ChatAnswer {
        do {
            return try answer(try begin(request, of: twin), isCancelled: isCancelled, emit: emit)
        } catch let error as RateLimit.Exceeded {
            throw error.error
        }
    }

    /// Takes a question: checks it, counts it and stores it with its conversation. Where neither a model nor an embedding
    /// model is asked, the answer is known in a moment and stored with it, in one transaction. Throws `TwinError` for what is
    /// wrong with the request and `RateLimit.Exceeded` when a limit is reached; nothing is stored then.
    package func begin(_ request: Request, of twin: Twin) throws -> Turn {
        let started = Clock.monotonicNanoseconds
        let question = request.question.trimmed
        guard !question.isEmpty else { throw TwinError(.invalid, "the question is empty; ask something") }
        guard question.utf8.count <= Self.maximumQuestionBytes else {
            throw TwinError(.limitReached, "the question is longer than \(Self.maximumQuestionBytes) bytes; shorten it")
        }
        guard twin.archivedAt == nil else { throw TwinError(.gone, "the twin '\(twin.slug)' is archived and answers nobody") }
        let answersAtOnce = model == nil && search.model == nil
        let draft: AnswerDraft?
        if answersAtOnce {
            try database.read { _ = try Self.limits(of: request, question, on: $0).checkRoom(on: $0) }
            let history = try request.conversationID.map { id in
                try database.read { try Self.history(ConversationStore.find(id, twin: twin, on: $0), on: $0) }
            }
            draft = try self.draft(question, history ?? [], twin, request.clearance)
        } else {
            draft = nil
        }
        return try database.write { connection in
            let limits = try Self.limits(of: request, question, on: connection).count(on: connection)
            let conversation =
                try request.conversationID.map { try ConversationStore.find($0, twin: twin, on: connection) }
                ?? ConversationStore.create(
                    twin: twin, userID: request.userID, groupKey: request.clearance.group?.key, sessionID: request.sessionID,
                    on: connection)
            let history = request.conversationID == nil ? [] : try Self.history(conversation, on: connection)
            let message = try ConversationStore.append(.user, question, to: conversation, on: connection)
            var turn = Turn(
                request: request, twin: twin, conversation: conversation, limits: limits, questionID: message.id,
                question: question, questionKey: message.key, history: history, started: started)
            if let draft { turn.settled = try settle(draft, of: turn, on: connection) }
            return turn
        }
    }

    /// Messages of a conversation that are looked back at.
    private static let historyMessages = 6

    private static func history(_ conversation: Conversation, on connection: Connection) throws -> [Message] {
        try ConversationStore.messages(of: conversation, limit: historyMessages, on: connection)
    }

    private static func limits(of request: Request, _ question: String, on connection: Connection) throws -> ChatLimits {
        try ChatLimits(request.limits, group: request.clearance.group, question: question, on: connection)
    }
}
