import TwinDatabase
import TwinSupport

/// From a question that may be asked to the stored answer, with the events in between. Who may ask what, `Ask` has found out
/// before.
package struct ChatService: Sendable {
    let database: Database
    let search: PassageSearch
    /// Words the answers; without it they are quoted.
    let model: (any LanguageModel)?
    /// Asked before the documents.
    let owner: (any OwnerGuidance)?
    /// Where answers are stored, when that is not `database`.
    let ledger: (any QuestionLedger)?

    init(
        database: Database, search: PassageSearch, model: (any LanguageModel)? = nil, owner: (any OwnerGuidance)? = nil,
        ledger: (any QuestionLedger)? = nil
    ) {
        self.ledger = ledger
        self.database = database
        self.search = search
        self.model = model
        self.owner = owner
    }

    /// A question that may be asked, and all that is known of it before anything is stored.
    struct Inquiry: Sendable {
        let text: String
        let twin: Twin
        let reader: Ask.Reader
        /// What the reader may read, as it was when the question was taken.
        let clearance: Clearance
        let holder: ConversationHolder
        /// The conversation that it goes on with; none begins one.
        let conversation: Conversation?
        /// What was said before, oldest first.
        let history: [PastMessage]
        /// The group whose answer was asked for by name.
        let group: String?
        let mode: ChatMode
        let keeping: Ask.Keeping
        let limits: ChatLimits
        /// How a model is to word the answer, beside what the twin says.
        var instructions: String?
        /// Who pays for it; nobody at the command line.
        let quota: QuotaAccount?
        let started = Clock.monotonicNanoseconds

        /// Since the question came.
        var milliseconds: Double { Double(Clock.monotonicNanoseconds - started) / 1e6 }
        /// The asker's earlier questions, oldest first.
        var earlierQuestions: [String] { history.filter { $0.role == .user }.map(\.content) }
    }

    /// How far the first look got.
    enum Opening: Sendable {
        /// To what will be told, whoever words it.
        case draft(AnswerDraft)
        /// An embedding model has to say what the question means first.
        case needsMeaning(QuestionEmbedding)
    }

    /// A question that has been taken: it is counted and stored, as far as it is kept, and waits to be answered.
    package struct Turn: Sendable {
        let inquiry: Inquiry
        /// What is left of the limits.
        package let limits: [RateLimit.Status]
        let conversation: Conversation?
        var question: (key: Int64, id: String)?
        var progress: Progress
        /// What is set aside of a quota until the answer is stored.
        var hold: QuotaAccount.Hold?
        /// Whether it is answered in the transaction that takes it, so that what it uses is known and nothing set aside.
        var paysAtOnce = false
        /// Whether the question was taken before, so that somebody may have answered it.
        var isResumed = false
        /// What the ledger calls it, where it is counted and stored elsewhere.
        var admitted: String?

        enum Progress: Sendable {
            case opened(Opening)
            /// The answer is stored.
            case settled(Settled)
        }

        package var twin: Twin { inquiry.twin }
        /// None when the question is not kept.
        package var conversationID: String? { conversation?.id }
        /// Of the message that holds the question; none when it is not kept.
        package var questionID: String? { question?.id }
        /// Whether the answer is known, so that telling it waits for nothing.
        package var isSettled: Bool { if case .settled = progress { true } else { false } }
    }

    /// The longest question in bytes of UTF-8: about four pages.
    package static let maximumQuestionBytes = 16_384

    /// Messages of a conversation that are looked back at.
    package static let historyMessages = 6

    /// Said when nothing that the asker may read answers the question.
    package static let refusal = "I don't know: nothing I may read answers that."

    /// Said when the question was handed to the owner instead.
    package static let escalation = refusal + " The question has been passed on to the owner."

    static func checked(_ question: String) throws -> String {
        let question = question.trimmed
        guard !question.isEmpty else { throw TwinError(.invalid, "the question is empty; ask something") }
        guard question.utf8.count <= maximumQuestionBytes else {
            throw TwinError(.limitReached, "the question is longer than \(maximumQuestionBytes) bytes; shorten it")
        }
        return question
    }

    /// What was said before in a conversation, as far as it may be read now.
    func history(
        of conversation: Conversation, _ twin: Twin, _ clearance: Clearance, on connection: Connection
    ) throws -> [PastMessage] {
        let messages = try ConversationStore.messages(of: conversation, limit: Self.historyMessages, on: connection)
        return try Transcript.readable(messages, of: twin, for: clearance, on: connection)
            .map { PastMessage($0.role, $0.content) }
    }

    /// Counts a question and stores it with its conversation, and the answer with it where the opening is the whole of it: one
    /// write transaction, in which a quota is charged or set aside. Throws `RateLimit.Exceeded`, and then nothing is stored.
    func begin(_ inquiry: Inquiry, _ opening: Opening) throws -> Turn {
        try record(inquiry) { connection in
            let limits = try inquiry.count(on: connection)
            var turn = Turn(
                inquiry: inquiry, limits: limits, conversation: try inquiry.storeConversation(on: connection), question: nil,
                progress: .opened(opening))
            if let conversation = turn.conversation {
                turn.question = try ConversationStore.append(.user, inquiry.text, to: conversation, on: connection)
            }
            switch opening {
            case .draft(let draft) where !isWorded(draft):
                turn.paysAtOnce = true
                turn.progress = .settled(try settle(draft, of: turn, on: connection))
            case .draft(let draft): turn.hold = try reserve(for: turn, evidence: draft.evidence, on: connection)
            case .needsMeaning: turn.hold = try reserve(for: turn, evidence: [], on: connection)
            }
            return turn
        }
    }

    /// Counts a question and stores it as the message `id`, for somebody else to answer: as `begin` does, without an answer.
    func admit(_ inquiry: Inquiry, id: String) throws -> Turn {
        try record(inquiry) { connection in
            var turn = Turn(
                inquiry: inquiry, limits: try inquiry.count(on: connection),
                conversation: try inquiry.storeConversation(on: connection), question: nil,
                progress: .opened(.draft(AnswerDraft(status: .unanswerable, text: "", confidence: 0))))
            if let conversation = turn.conversation {
                turn.question = try ConversationStore.append(.user, inquiry.text, id: id, to: conversation, on: connection)
            }
            turn.hold = try reserve(for: turn, evidence: [], on: connection)
            return turn
        }
    }

    /// Sets aside what the answer will probably use. Throws `RateLimit.Exceeded`.
    private func reserve(
        for turn: Turn, evidence: [Citation], on connection: Connection
    ) throws -> QuotaAccount.Hold? {
        guard turn.inquiry.keeping != .nothing else { return nil }
        return try turn.inquiry.quota?.reserve(
            answering: turn.inquiry.text, with: evidence, for: turn.questionID, on: connection)
    }

    /// Runs `body` in a transaction that can write what is kept of a question. Throws `TwinError` (`notFound`) where its conversation,
    /// or the twin, has been deleted since it was asked.
    func record<Value>(_ inquiry: Inquiry, _ body: (Connection) throws -> Value) throws -> Value {
        do {
            return inquiry.keeping == .nothing ? try database.read(body) : try database.write(body)
        } catch let error as DatabaseError where error.isDanglingReference {
            throw TwinError(.notFound, "the twin or the conversation was deleted before the question was answered")
        }
    }
}

extension ChatService.Inquiry {
    /// Counts the question, or looks what is left where it does not count. Throws `RateLimit.Exceeded`.
    fileprivate func count(on connection: Connection) throws -> [RateLimit.Status] {
        keeping == .nothing ? try limits.checkRoom(on: connection) : try limits.count(on: connection)
    }

    /// The conversation that the question is kept in; none when it is not kept.
    fileprivate func storeConversation(on connection: Connection) throws -> Conversation? {
        guard keeping == .everything else { return nil }
        // It may have been deleted since it was found.
        if let conversation { return try ConversationStore.find(conversation.id, twin: twin, on: connection) }
        return try ConversationStore.create(twin: twin, holder: holder, groupKey: clearance.group?.key, on: connection)
    }
}
