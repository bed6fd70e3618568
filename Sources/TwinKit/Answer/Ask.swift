import TwinDatabase
import TwinSupport

/// The one way to ask a twin, behind every door: the command line, each contract's chat, the widget, share links, MCP.
///
/// A door parses what it was sent into a `Question`, hands it over with the `Reader` that it has authenticated, and renders
/// the events of the answer. The rules are here and behind here: who may ask, which conversation it goes on with, what may be
/// read, and whether it still may while the answer is told, limits and quota, what is stored.
///
///     let turn = try workspace.ask.take(Ask.Question("Which oil?", of: "gearbox"), as: request.reader)
///     // The turn has the ids, and what is left of the limits: time for a response's head.
///     let answer = try workspace.ask.answer(turn, emit: { event in … })
///
/// A visitor of a widget or a share link is let in by `Visitors` first, and asks as `Principal.visitor`.
package struct Ask: Sendable {
    let database: Database
    let chat: ChatService
    let live: LiveAnswers
    let quotas: Quotas
    let authorizer: Authorizer
    /// Where questions are counted and stored, when that is not `database`.
    let ledger: (any QuestionLedger)?

    init(
        database: Database, chat: ChatService, live: LiveAnswers, quotas: Quotas, ledger: (any QuestionLedger)? = nil
    ) {
        self.ledger = ledger
        self.database = database
        self.chat = chat
        self.live = live
        self.quotas = quotas
        authorizer = Authorizer(database: database)
    }

    /// A question as a door has understood it.
    package struct Question: Sendable {
        /// The twin's id or slug.
        package var twin: String
        package var text: String
        /// Goes on with this conversation, which has to be the principal's; without it a new one begins. A visitor has one.
        package var conversationID: String?
        /// Asks for the answer that this group gets (id or name). Only owners may name one that is not their own.
        package var group: String?
        /// How the owner sees it; without it, and for all but owners, as the principal is.
        package var mode: ChatMode?
        /// What was said before, oldest first, where the caller keeps it and names no conversation. The newest
        /// `ChatService.historyMessages` of it count.
        package var history: [PastMessage] = []
        package var keeping = Keeping.everything
        /// How a model is to word the answer, beside what the twin says; it adds nothing that may be read.
        package var instructions: String?
        /// The client's network address, for limits of what has no other name.
        package var address: String?
        /// Whose quota pays, where a user asks as a visitor of somebody else's twin. No door takes it from a request.
        var payer: User?

        package init(_ text: String, of twin: String, conversationID: String? = nil) {
            self.text = text
            self.twin = twin
            self.conversationID = conversationID
        }
    }

    /// Who asks, and reads the answer while it is told. An answer that waits for a model takes its time, in which keys are
    /// revoked and people leave.
    package struct Reader: Sendable {
        /// By the credentials that the question came with, as they were then.
        package let principal: Principal
        /// Looks at the same credentials anew. Throws `TwinError` once they hold no more.
        let lookAgain: @Sendable () throws -> Principal
        /// Whether nobody listens any more. Only an answer that is kept is finished then.
        let hasLeft: @Sendable () -> Bool
        /// What the question came with, for a primary that is asked for its sake; none where a door let the reader in otherwise.
        let credentials: CallerCredentials?

        package init(
            _ principal: Principal, credentials: CallerCredentials? = nil, hasLeft: @escaping @Sendable () -> Bool = { false },
            lookAgain: @escaping @Sendable () throws -> Principal
        ) {
            self.principal = principal
            self.credentials = credentials
            self.lookAgain = lookAgain
            self.hasLeft = hasLeft
        }

        /// Somebody at the file itself, whom no credential lets in; what they may read is looked at anew all the same.
        package init(atFile principal: Principal) { self.init(principal, lookAgain: { principal }) }

        /// The person at the command line.
        package static let localOperator = Reader(atFile: .localOperator)
    }

    /// What a question leaves behind.
    package enum Keeping: Sendable {
        /// The conversation, and what it means for the owner: escalations, clarifications, usage.
        case everything
        /// Not a word of it, for callers that keep their conversations themselves. It counts towards limits and usage.
        case counts
        /// Nothing: for who looks after a twin and tries it. Limits are looked at and not counted, so no door that others
        /// come through may choose it.
        case nothing
    }

    /// Takes a question: finds out what its reader may, counts it and stores it with its conversation. What needs no model
    /// is answered in the same moment, and stored with it.
    ///
    /// One read transaction and one write. Throws `TwinError` when the question may not be asked and `RateLimit.Exceeded` when
    /// a limit is reached; nothing is stored then.
    package func take(_ question: Question, as reader: Reader) throws -> ChatService.Turn {
        if let ledger { return try take(question, as: reader, in: ledger) }
        return try takeHere(question, as: reader)
    }

    func takeHere(_ question: Question, as reader: Reader) throws -> ChatService.Turn {
        let (inquiry, opening) = try database.read { connection -> (ChatService.Inquiry, ChatService.Opening) in
            let inquiry = try self.inquiry(question, as: reader, on: connection)
            return (inquiry, try chat.open(inquiry, on: connection))
        }
        return try chat.begin(inquiry, opening)
    }

    /// Answers a question that was taken and tells `emit` about it as it goes. The answer is stored before `done`, whatever
    /// becomes of its reader: what `emit` throws ends the telling, and is thrown once the answer is stored. (One that is not
    /// kept ends there.) Throws `TwinError` when it cannot be answered.
    ///
    /// Before each event of an answer that waits for a model, the reader's credentials are looked at anew, and whether the twin
    /// is still for the reader and what was announced may still be read. Where that has ended, `emit` gets `error` and nothing
    /// more, and the same error is thrown once the answer is stored: a door ends its stream with the event.
    ///
    /// It must not be called in a transaction. `isCancelled` stops a model, and the quotations take the place of its words.
    @discardableResult
    package func answer(
        _ turn: ChatService.Turn, isCancelled: @escaping () -> Bool = { false },
        emit: @escaping (ChatEvent) throws -> Void = { _ in }
    ) throws -> ChatAnswer {
        if turn.isSettled { return try chat.answer(turn, isCancelled: isCancelled, emit: emit) }
        let reader = turn.inquiry.reader
        var metadata: ChatMetadata?
        func tell(_ event: ChatEvent) throws {
            if case .metadata(let announced) = event { metadata = announced }
            do {
                try requireReadable(metadata, of: turn)
            } catch let error as TwinError {
                try emit(.error(error))
                throw error
            }
            try emit(event)
        }
        let isUnheard = { isCancelled() || reader.hasLeft() }
        guard let questionID = turn.questionID else {
            return try chat.answer(turn, isCancelled: isUnheard, emit: { try tell($0) })
        }
        var ofReader: (any Error)?
        let answer = try live.answer(questionID, isCancelled: isUnheard, receive: { try tell($0) }) { told in
            try chat.answer(turn, isCancelled: { [live] in isCancelled() || live.isStopped }) { event in
                told.tell(event)
                guard ofReader == nil else { return }
                do { try tell(event) } catch { ofReader = error }
            }
        }
        if let ofReader { throw ofReader }
        return answer
    }

    /// Throws `TwinError` when a twin is not for its reader any more, or what `metadata` announced has been withdrawn.
    private func requireReadable(_ metadata: ChatMetadata?, of turn: ChatService.Turn) throws {
        let principal = try turn.inquiry.reader.lookAgain()
        try database.read { connection in
            let twin = try authorizer.answeringTwin(turn.twin.id, as: principal, on: connection)
            let clearance = try authorizer.chatClearance(
                of: twin, as: principal, group: turn.inquiry.group, conversation: turn.conversation, on: connection)
            if let metadata { try Transcript.requireReadable(metadata, of: twin, for: clearance, on: connection) }
        }
    }

    /// `take`, then `answer`, for doors without a head of their own: a limit that is reached is a `TwinError`.
    @discardableResult
    package func answer(
        _ question: Question, as reader: Reader, isCancelled: @escaping () -> Bool = { false },
        emit: @escaping (ChatEvent) throws -> Void = { _ in }
    ) throws -> ChatAnswer {
        do {
            return try answer(try take(question, as: reader), isCancelled: isCancelled, emit: emit)
        } catch let error as RateLimit.Exceeded {
            throw error.error
        }
    }

    /// What was said in a conversation that the principal may look into, oldest first, as far as it may be read now: its
    /// newest `limit` messages. Throws `TwinError` (`notFound`) for what is not the principal's.
    package func transcript(
        of conversationID: String, seenBy principal: Principal, limit: Int
    ) throws -> (conversation: Conversation, twin: Twin, messages: [Message]) {
        let (conversation, twin) = try authorizer.conversation(conversationID, as: principal)
        return (conversation, twin, try database.read { try messages(of: conversation, twin, as: principal, limit, on: $0) })
    }

    /// The same of a conversation that the principal may go on with, a key with its own.
    package func transcript(
        of conversationID: String, heldBy principal: Principal, limit: Int
    ) throws -> (twin: Twin, messages: [Message]) {
        try database.read { connection in
            let twin = try authorizer.twin(owning: conversationID, in: .conversations, .chat, as: principal, on: connection)
            let conversation = try authorizer.conversation(conversationID, of: twin, heldBy: principal, on: connection)
            return (twin, try messages(of: conversation, twin, as: principal, limit, on: connection))
        }
    }

    private func messages(
        of conversation: Conversation, _ twin: Twin, as principal: Principal, _ limit: Int, on connection: Connection
    ) throws -> [Message] {
        // An archived twin's record is its owner's.
        if !principal.isOwner(of: twin.tenantID) { try Authorizer.requireActive(twin) }
        return try Transcript.readable(
            ConversationStore.messages(of: conversation, limit: limit, on: connection), of: twin,
            for: authorizer.clearance(of: twin, as: principal, on: connection), on: connection)
    }

    /// A question that was taken before, for a client that lost the connection: the answer as it is stored, or, where nobody
    /// has answered it, the question taken again without being counted again. `question` names the twin and the
    /// conversation; its text is not looked at. Throws `TwinError` when the reader has no such question.
    package func resume(
        _ questionID: String, _ question: Question, as reader: Reader
    ) throws -> ChatService.Resumption {
        // A replica may not have the question yet.
        try database.requirePrimary()
        let principal = reader.principal
        return try database.read { connection in
            let twin = try authorizer.answeringTwin(question.twin, as: principal, on: connection)
            guard let conversation = try self.conversation(question, of: twin, as: principal, on: connection) else {
                throw ChatService.noSuchQuestion
            }
            let clearance = try authorizer.chatClearance(
                of: twin, as: principal, group: question.group, conversation: conversation, on: connection)
            return try chat.resume(
                questionID, in: conversation, of: twin, for: reader, clearance: clearance, group: question.group,
                mode: authorizer.chatMode(question.mode, of: twin, as: principal),
                quota: quotas.account(of: question.payer.map { .user($0) } ?? principal), on: connection)
        }
    }

    /// Begins a conversation without a question. Throws `TwinError` where the principal may not ask this twin.
    package func begin(_ twin: Twin, as principal: Principal) throws -> Conversation {
        try database.write { connection in
            let twin = try authorizer.answeringTwin(twin.id, as: principal, on: connection)
            guard let holder = principal.conversationHolder else { throw Authorizer.unauthenticated }
            let clearance = try authorizer.chatClearance(
                of: twin, as: principal, group: nil, conversation: nil, on: connection)
            return try ConversationStore.create(
                twin: twin, holder: holder, groupKey: clearance.group?.key, on: connection)
        }
    }

    /// From a question and who asks to what is asked of the chat. What was `admitted` elsewhere has its conversation and limits there.
    func inquiry(
        _ question: Question, as reader: Reader, _ admitted: AdmittedQuestion? = nil, on connection: Connection
    ) throws -> ChatService.Inquiry {
        let principal = reader.principal
        let twin = try authorizer.answeringTwin(question.twin, as: principal, on: connection)
        guard let holder = principal.conversationHolder else { throw Authorizer.unauthenticated }
        let text = try ChatService.checked(question.text)
        let conversation =
            try admitted.map(\.conversation) ?? self.conversation(question, of: twin, as: principal, on: connection)
        let clearance = try authorizer.chatClearance(
            of: twin, as: principal, group: question.group, conversation: conversation, on: connection)
        if let admitted {
            return ChatService.Inquiry(
                text: text, twin: twin, reader: reader, clearance: clearance, holder: holder, conversation: conversation,
                history: admitted.history, group: question.group,
                mode: authorizer.chatMode(question.mode, of: twin, as: principal), keeping: question.keeping,
                limits: try ChatLimits([], group: nil, question: text, on: connection), instructions: question.instructions,
                quota: nil)
        }
        let limits = try ChatLimits(
            RateLimit.ofDoor(principal, twin: twin, address: question.address), group: clearance.group, question: text,
            on: connection)
        try limits.checkRoom(on: connection)
        let quota = quotas.account(of: question.payer.map { .user($0) } ?? principal)
        try quota?.checkRoom(on: connection)
        return ChatService.Inquiry(
            text: text, twin: twin, reader: reader, clearance: clearance, holder: holder, conversation: conversation,
            history: try conversation.map { try chat.history(of: $0, twin, clearance, on: connection) }
                ?? question.history.suffix(ChatService.historyMessages),
            group: question.group, mode: authorizer.chatMode(question.mode, of: twin, as: principal), keeping: question.keeping,
            limits: limits, instructions: question.instructions, quota: quota)
    }

    /// The conversation that a question goes on with: the one it names, a visitor's own, or none yet.
    private func conversation(
        _ question: Question, of twin: Twin, as principal: Principal, on connection: Connection
    ) throws -> Conversation? {
        if let id = question.conversationID {
            return try authorizer.conversation(id, of: twin, heldBy: principal, on: connection)
        }
        guard case .visitor(let session) = principal else { return nil }
        return try Sessions.conversation(of: session, on: connection)
    }
}
