import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

@Suite struct AuditLogTests {
    let fixture: TwinFixture
    var folder: TemporaryFolder { fixture.folder }
    var workspace: Workspace { fixture.workspace }
    var twin: Twin { fixture.twin }

    init() throws {
        fixture = try TwinFixture()
    }

    private func actions(_ event: AuditLog.Event? = nil) throws -> [String] {
        try workspace.audit.list(event: event).map(\.action).reversed()
    }

    @Test func `each change of a twin, its groups and keys leaves one row in its order`() throws {
        let group = try workspace.groups.create("partners", of: twin)
        let anna = try workspace.users.add(email: "anna@example.org", password: nil)
        try workspace.groups.add(anna.id, to: group)
        try workspace.groups.add(anna.email, to: group)
        try workspace.groups.remove(anna.email, from: group)
        try workspace.groups.remove(anna.id, from: group)
        let key = try workspace.keys.create("site", twins: [twin]).key
        _ = try workspace.keys.revoke(key.id)
        _ = try workspace.keys.revoke(key.id)
        _ = try workspace.twins.update(twin) { _ in TwinStore.Change(description: "new") }
        _ = try workspace.twins.update(twin) { _ in TwinStore.Change(description: "new") }
        try workspace.groups.delete(group)
        _ = try workspace.twins.archive(twin)
        _ = try workspace.twins.archive(twin)
        #expect(
            try actions() == [
                "TWIN_CREATED", "GROUP_CREATED", "MEMBER_ADDED", "MEMBER_REMOVED", "TENANT_API_KEY_CREATED",
                "TENANT_API_KEY_REVOKED",
                "TWIN_UPDATED", "GROUP_DELETED", "TWIN_ARCHIVED",
            ])
        #expect(
            try workspace.audit.list().allSatisfy {
                $0.tenantID == twin.tenantID && $0.twinID == twin.id && $0.actorID == "local"
            })
    }

    @Test func `what an owner teaches is logged, with an import as one row`() throws {
        let answer = try workspace.verifiedAnswers.add(.init(question: "Who?", answer: "I."), to: twin, by: "anna")
        _ = try workspace.verifiedAnswers.edit(answer.id, answer: "Me.", reason: "style", by: "anna")
        let entries = (0..<300).map { VerifiedAnswers.Entry(question: "Question \($0)?", answer: "Yes.") }
        _ = try workspace.verifiedAnswers.import(entries, into: twin)
        _ = try workspace.verifiedAnswers.import(entries, into: twin)
        try workspace.verifiedAnswers.remove(answer.id)
        try workspace.verifiedAnswers.remove(answer.id)
        let memory = try workspace.memories.add(.init(topic: "engines", type: .belief, value: "They will compose."), to: twin)
        try workspace.memories.retract(memory.id, of: twin)
        let log = try workspace.audit.list(event: .knowledgeUpdate)
        #expect(log.map(\.action).reversed() == ["QNA_CREATED", "QNA_EDITED", "QNA_CREATED", "QNA_DELETED", "MEMORY_RETRACTED"])
        #expect(log.last?.actorID == "anna")
        #expect(log.last?.metadata["verified_qna_id"]?.stringValue == answer.id)
        #expect(log[2].metadata["count"] == 300)
        #expect(log[2].metadata["verified_qna_ids"]?.arrayValue?.count == AuditLog.maximumNames)
    }

    @Test func `a dry run and a change that fails leave no row`() throws {
        _ = try workspace.verifiedAnswers.import([.init(question: "Who?", answer: "I.")], into: twin, isDryRun: true)
        #expect(throws: TwinError.self) { try workspace.twins.create(name: "Ada") }
        let group = try workspace.groups.create("partners", of: twin)
        #expect(throws: TwinError.self) { try workspace.permissions.grant(.source, ["missing"], to: group) }
        #expect(try actions() == ["TWIN_CREATED", "GROUP_CREATED"])
    }

    @Test func `sources are logged once a batch, and by id when there is one`() throws {
        for number in 0..<30 {
            try folder.write("papers/\(number).md", "# Paper \(number)\n\nGear oil number \(number) is thick.\n")
        }
        _ = try workspace.ingestion().run(IngestRequest(inputs: [.path(folder.file("papers"))]), into: twin)
        let indexed = try workspace.audit.list(event: .knowledgeUpdate).filter { $0.action == "SOURCE_INDEXED" }
        #expect(indexed.count < 30)
        #expect(indexed.reduce(0) { $0 + ($1.metadata["count"]?.intValue ?? 1) } == 30)
        var request = IngestRequest(inputs: [.bytes(Array("A single note about oil.".utf8), name: "note.txt")])
        request.actor = "anna"
        let item = try workspace.ingestion().one(request, into: twin)
        let newest = try workspace.audit.list(limit: 2)
        #expect(newest.map(\.action) == ["SOURCE_INDEXED", "SOURCE_EXTRACTED"])
        #expect(newest.allSatisfy { $0.actorID == "anna" && $0.metadata["source_id"]?.stringValue == item.sourceID })
        #expect(newest.first?.metadata["filename"] == "note.txt")
        let rows = try actions().count
        _ = try workspace.ingestion().run(IngestRequest(inputs: [.path(folder.file("papers"))]), into: twin)
        #expect(try actions().count == rows)
        try workspace.sources.remove(workspace.sources.list(twin: twin))
        let removed = try workspace.audit.list(limit: 1)
        #expect(removed.first?.action == "SOURCE_DELETED")
        #expect(removed.first?.metadata["count"] == 31)
    }

    @Test func `the log outlives the twin and is kept apart by tenant, twin and event`() throws {
        let other = try workspace.twins.create(
            name: "Other",
            tenantID: workspace.database.write { connection in
                try connection.run("INSERT INTO tenants VALUES ('second', 'second', ?)", Clock.now)
                return "second"
            })
        try workspace.twins.delete(twin, by: "anna")
        let own = try workspace.audit.list(tenantID: twin.tenantID)
        #expect(own.map(\.action) == ["TWIN_DELETED", "TWIN_CREATED"])
        #expect(own.first?.twinID == nil)
        #expect(own.first?.metadata["twin_id"]?.stringValue == twin.id)
        #expect(own.first?.actorID == "anna")
        #expect(try workspace.audit.list(tenantID: "second").map(\.twinID) == [other.id])
        #expect(try workspace.audit.list(tenantID: "second", twinID: twin.id).isEmpty)
        #expect(try workspace.audit.list(event: .security).isEmpty)
        #expect(try workspace.audit.list(limit: 1).count == 1)
    }

    @Test func `a key's text is never in the log`() throws {
        let text = try workspace.keys.create("site").text.reveal()
        let log = JSON.array(try workspace.audit.list().map { StudioAuditEntry($0).json }).text
        #expect(!log.contains(text.suffix(20)))
    }

    @Test func `permissions are logged as one row a call, and not when nothing changed`() throws {
        let group = try workspace.groups.create("partners", of: twin)
        let answers = try (0..<3).map {
            try workspace.verifiedAnswers.add(.init(question: "Question \($0)?", answer: "Yes."), to: twin).id
        }
        try workspace.permissions.grant(.verifiedAnswer, answers, to: group)
        try workspace.permissions.grant(.verifiedAnswer, answers, to: group)
        try workspace.permissions.revokeAll(from: group)
        try workspace.permissions.revokeAll(from: group)
        let log = try workspace.audit.list(event: .configurationChange).filter { $0.action.hasPrefix("PERMISSION") }
        #expect(log.map(\.action) == ["PERMISSION_REVOKED", "PERMISSION_GRANTED"])
        #expect(log.map { $0.metadata["count"] } == [3, 3])
    }
}

/// Who comes in, and through which link.
@Suite struct AuditOfAccessTests {
    let fixture: TwinFixture
    var workspace: Workspace { fixture.workspace }
    var twin: Twin { fixture.twin }

    init() throws {
        fixture = try TwinFixture()
    }

    @Test func `invitations and removed users are logged without the token`() throws {
        let (invitation, token) = try workspace.invitations.invite(
            email: "anna@example.org", tenantID: twin.tenantID, by: .localOperator)
        let user = try workspace.invitations.accept(token, password: Secret("a long enough password"))
        try workspace.users.remove(user.id, by: .localOperator)
        let log = try workspace.audit.list(tenantID: twin.tenantID, event: .accountAction)
        #expect(log.map(\.action) == ["USER_REMOVED", "INVITATION_ACCEPTED", "INVITATION_SENT"])
        #expect(log.map(\.actorID) == ["local", user.id, "local"])
        #expect(log.last?.metadata["invitation_id"]?.stringValue == invitation.id)
        #expect(!JSON.array(log.map { StudioAuditEntry($0).json }).text.contains(token.reveal()))
    }

    @Test func `sharing and links that do not open are logged, with a bound on what strangers can add`() throws {
        let link = try workspace.shareLinks.rotate(twin, by: "anna")
        _ = try workspace.shareLinks.setEnabled(twin, true, by: "anna")
        let changes = try workspace.audit.list(event: .configurationChange, limit: 2)
        #expect(changes.map(\.action) == ["SHARING_TOGGLED", "SHARE_LINK_ROTATED"])
        #expect(changes.allSatisfy { $0.actorID == "anna" })
        for _ in 0..<80 {
            #expect(throws: TwinError.self) { try workspace.shareLinks.validate(twinID: twin.id, token: Secret("guess")) }
        }
        let failures = try workspace.audit.list(event: .security)
        #expect(failures.count == 60)
        #expect(failures.allSatisfy { $0.action == "SHARE_TOKEN_INVALID" && $0.actorID == nil && $0.twinID == twin.id })
        #expect(failures.first?.metadata == ["reason": "token_mismatch"])
        let log = JSON.array(try workspace.audit.list().map { StudioAuditEntry($0).json }).text
        #expect(!log.contains("guess"))
        #expect(link.token.map { log.contains($0) } == false)
    }
}
