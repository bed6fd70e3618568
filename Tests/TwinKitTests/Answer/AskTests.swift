import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinKit
@testable import TwinSupport

/// The one way to ask: who may, what belongs together, what is counted and what is kept.
@Suite struct AskTests {
    let fixture: TwinFixture
    var workspace: Workspace { fixture.workspace }
    var twin: Twin { fixture.twin }

    init() throws { fixture = try TwinFixture(settings: ["escalation": ["enabled": true]]) }

    private func question(_ text: String, keeping: Ask.Keeping = .everything) -> Ask.Question {
        var question = Ask.Question(text, of: twin.id)
        question.keeping = keeping
        return question
    }

    private func count(_ table: String) throws -> Int {
        try workspace.database.read { try $0.first("SELECT count(*) FROM \(table)") { $0.int(0) } ?? 0 }
    }

    private func key() throws -> KeyStore.Key {
        try workspace.keys.create("partner", tenantID: twin.tenantID, scopes: [.chat], by: nil).key
    }

    private func visitor(_ key: KeyStore.Key) throws -> Principal {
        .visitor(try workspace.visitors.enter(twin.id, with: key, Visitors.Visit()))
    }

    private func kind(_ body: () throws -> Void) -> TwinError.Kind? {
        do {
            try body()
            return nil
        } catch {
            return (error as? TwinError)?.kind
        }
    }

    @Test func `a question that is not kept counts towards limits and usage, and not a word of it stays`() throws {
        let group = try #require(try workspace.groups.list(of: twin).first)
        try workspace.groups.setLimit(.requestsPerDay, 2, of: group, by: nil)
        let asker = Principal.apiKey(try key())
        for _ in 0..<2 {
            let turn = try workspace.ask.take(question("What is a heatherbell?", keeping: .counts), as: Ask.Reader(atFile: asker))
            #expect(turn.conversationID == nil && turn.questionID == nil && turn.isSettled)
            let answer = try workspace.ask.answer(turn)
            #expect(answer.status == .unanswerable && answer.done.messageID == nil)
        }
        #expect(throws: RateLimit.Exceeded.self) {
            try workspace.ask.take(question("What is a heatherbell?", keeping: .counts), as: Ask.Reader(atFile: asker))
        }
        for table in ["conversations", "messages", "escalations", "clarifications"] {
            #expect(try count(table) == 0, "\(table)")
        }
        let requests = try workspace.database.read {
            try $0.first("SELECT count FROM usage_days WHERE metric_type = ?", Usage.Metric.requests.rawValue) { $0.int(0) }
        }
        #expect(requests == 2)
    }

    @Test func `a trial looks at the limits and counts nothing`() throws {
        let group = try #require(try workspace.groups.list(of: twin).first)
        try workspace.groups.setLimit(.requestsPerDay, 1, of: group, by: nil)
        let asker = Principal.apiKey(try key())
        for _ in 0..<3 { try workspace.ask.answer(question("Who?", keeping: .nothing), as: Ask.Reader(atFile: asker)) }
        #expect(try count("usage_days") == 0 && count("rate_windows") == 0)
        try workspace.ask.answer(question("Who?"), as: Ask.Reader(atFile: asker))
        #expect(
            kind { try workspace.ask.answer(question("Who?", keeping: .nothing), as: Ask.Reader(atFile: asker)) } == .limitReached
        )
    }

    @Test func `what is kept is escalated and stored under its asker`() throws {
        let key = try key()
        let asked = try workspace.ask.answer(question("What is a heatherbell?"), as: Ask.Reader(atFile: .apiKey(key)))
        #expect(asked.status == .escalated)
        let conversation = try workspace.conversations.find(try #require(asked.metadata.conversationID))
        #expect(conversation.holder == ConversationHolder(keyID: key.id))
        #expect(try count("escalations") == 1)
    }

    @Test func `a visitor has one conversation, at one twin, and only its own`() throws {
        let key = try key()
        let (mine, other) = (try visitor(key), try visitor(key))
        let first = try workspace.ask.answer(question("Who?"), as: Ask.Reader(atFile: mine))
        #expect(
            try workspace.ask.answer(question("And when?"), as: Ask.Reader(atFile: mine)).metadata.conversationID
                == first.metadata.conversationID)
        let theirs = try workspace.ask.answer(question("Who?"), as: Ask.Reader(atFile: other))
        #expect(theirs.metadata.conversationID != first.metadata.conversationID)
        var named = question("Who?")
        named.conversationID = theirs.metadata.conversationID
        #expect(kind { try workspace.ask.answer(named, as: Ask.Reader(atFile: mine)) } == .notFound)
        let second = try workspace.twins.create(name: "Grace", tenantID: twin.tenantID)
        #expect(kind { try workspace.ask.answer(Ask.Question("Who?", of: second.id), as: Ask.Reader(atFile: mine)) } == .notFound)
        // Coming back with the session is being the same visitor.
        guard case .visitor(let session) = mine else { return }
        let again = try workspace.visitors.enter(twin.id, with: key, Visitors.Visit(sessionID: session.id))
        #expect(again.id == session.id)
        // What a visitor of a widget may not: anything but chat.
        #expect(kind { _ = try workspace.authorizer.twin(twin.id, .read, as: mine) } == .notFound)
        #expect(kind { _ = try workspace.authorizer.twins(visibleTo: mine) } == .notPermitted)
    }

    @Test func `a session of the one door does not open the other`() throws {
        _ = try workspace.shareLinks.setEnabled(twin, true, by: nil)
        let token = Secret(try workspace.shareLinks.rotate(twin, by: nil).token ?? "")
        let shared = try workspace.visitors.enter(twin.id, through: token, Visitors.Visit())
        let widget = try workspace.visitors.enter(twin.id, with: key(), Visitors.Visit(sessionID: shared.id))
        #expect(widget.id != shared.id)
        let back = try workspace.visitors.enter(twin.id, through: token, Visitors.Visit(sessionID: widget.id))
        #expect(back.id != widget.id)
        #expect(kind { _ = try workspace.visitors.enter(twin.slug, through: token, Visitors.Visit()) } == .notFound)
        #expect(kind { _ = try workspace.visitors.enter(twin.id, through: Secret("x"), Visitors.Visit()) } == .notFound)
    }

    @Test func `what cannot be asked says why`() throws {
        #expect(kind { try workspace.ask.answer(question("Who?"), as: Ask.Reader(atFile: .nobody)) } == .unauthenticated)
        #expect(kind { try workspace.ask.answer(question(" \n"), as: .localOperator) } == .invalid)
        let long = String(repeating: "x", count: ChatService.maximumQuestionBytes + 1)
        #expect(kind { try workspace.ask.answer(question(long), as: .localOperator) } == .limitReached)
        #expect(kind { try workspace.ask.answer(Ask.Question("Who?", of: "nobody"), as: .localOperator) } == .notFound)
        _ = try workspace.twins.archive(twin)
        #expect(kind { try workspace.ask.answer(question("Who?"), as: .localOperator) } == .gone)
        #expect(try count("conversations") == 0)
    }

    @Test func `an operator's trial goes on with a conversation and leaves it as it was`() throws {
        let first = try workspace.ask.answer(question("What do you think about remote work?"), as: .localOperator)
        var next = question("And about offices?", keeping: .nothing)
        next.conversationID = first.metadata.conversationID
        #expect(try workspace.ask.answer(next, as: .localOperator).metadata.conversationID == nil)
        #expect(try count("messages") == 2)
    }
}
