import FoundationEssentials
import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinKit
@testable import TwinSupport

/// A move that is stopped leaves the tenant in one place, and is finished by doing it again.
@Suite struct TenantMoveTests {
    private struct Stop: Error {}

    /// A tenant with a twin that knows something and has been asked, in a file with one more tenant.
    private struct Stage {
        let mover: TenantFixture
        let neighbour: TenantFixture
        let twin: Twin
        let group: AccessGroup
        let target: String
        let key: Secret

        init() throws {
            mover = try TenantFixture("acme")
            neighbour = try TenantFixture("beta", in: mover.folder)
            let other = try neighbour.twin()
            _ = try neighbour.upload("b.md", "# Beta\n\nThe lamp of beta is lit every four days.\n", into: other)
            twin = try mover.twin()
            for number in 1...12 {
                _ = try mover.upload(
                    "gear\(number).md",
                    "# Gear \(number)\n\nThe gear \(number) of acme is oiled every \(number) months by Grace.\n",
                    into: twin)
            }
            let hidden = try mover.upload("hidden.md", "# Secret\n\nThe vault of acme is opened every nine days.\n", into: twin)
            group = try mover.workspace.groups.create("Few", of: twin, by: nil)
            try mover.workspace.permissions.grant(.source, [hidden.id], to: group, by: nil)
            target = mover.folder.file("target.db")
            key = Secret(try mover.key())
        }

        var source: Workspace { mover.workspace }

        func opened() throws -> Workspace { try Workspace(path: target, configuration: source.configuration, create: true) }

        func move(reached: (TenantMove.Step) throws -> Void = { _ in }) throws -> TenantMove.Report {
            try source.moveTenant(mover.tenantID, to: target, url: "https://b.example", by: "tester", reached: reached)
        }

        /// What is found, for everybody and for the few, as bytes.
        func found(in workspace: Workspace) throws -> [String] {
            let twin = try workspace.twins.resolve(twin.id)
            let few = try workspace.groups.list(of: twin).first { $0.id == group.id }
            return try ["gear 7 oiled", "how often is the vault opened", "gear"].flatMap { question in
                try [Clearance.everything, few.map { .group($0) } ?? .everything].map { clearance in
                    try workspace.search.passages(for: question, twin: twin, clearance: clearance).map(\.json.text)
                        .joined(separator: "\n")
                }
            }
        }

        func ask(_ workspace: Workspace) throws {
            _ = try workspace.ask.answer(
                Ask.Question("How often is gear 7 oiled?", of: twin.id), as: Ask.Reader(atFile: .user(mover.owner)))
        }
    }

    /// The kind of the error as doors tell it.
    private func refusal(_ body: () throws -> Void) -> TwinError.Kind? {
        do {
            try body()
            return nil
        } catch let error as DatabaseError {
            return TwinError(error).kind
        } catch {
            return (error as? TwinError)?.kind
        }
    }

    @Test(arguments: TenantMove.Step.allCases) func `stopped behind any step it is in one place, and goes on`(
        step: TenantMove.Step
    ) throws {
        let stage = try Stage()
        try stage.ask(stage.source)
        let before = try stage.found(in: stage.source)
        #expect(before.contains { $0.contains("vault") } && before.contains { $0.contains("gear 7") })
        #expect(throws: Stop.self) { try stage.move { if $0 == step { throw Stop() } } }

        let target = try stage.opened()
        let isThere = try TenantCarrier.has(stage.mover.tenantID, in: target.database)
        #expect(isThere == (step == .carried || step == .erased))
        if step == .erased {
            #expect(failure { _ = try stage.source.twins.resolve(stage.twin.id) } == .notFound)
        } else {
            // It is all here, can be read, and takes no change; others do.
            #expect(try stage.found(in: stage.source) == before)
            #expect(refusal { try stage.ask(stage.source) } == .busy)
            #expect((refusal { _ = try stage.mover.twin() } == .busy) == (step != .draining))
            let beta = try stage.neighbour.twin()
            _ = try stage.neighbour.upload("more.md", "# More\n\nMore of beta is told.\n", into: beta)
            #expect(failure { try stage.source.cancelMove(of: stage.mover.tenantID, by: nil) } == (isThere ? .conflict : nil))
            if !isThere {
                try stage.ask(stage.source)
                _ = try stage.mover.twin()
            }
        }

        let report = try stage.move()
        #expect(report.wentOn == isThere)
        #expect(try stage.found(in: target) == before)
        #expect(failure { _ = try stage.source.twins.resolve(stage.twin.id) } == .notFound)
        #expect(try stage.source.keys.verify(stage.key) == nil && target.keys.verify(stage.key) != nil)
        try stage.ask(target)
        for workspace in [stage.source, target] {
            #expect(try workspace.audit.verify().isValid)
            let findings = try workspace.doctor.examine().checks.filter { $0.result == .finding }
            #expect(findings.isEmpty, "\(findings)")
        }
        #expect(
            try MovedNames.url(of: ["x", KeyStore.prefix(of: stage.key)], in: stage.source.database) == "https://b.example")
        #expect(try MovedNames.url(of: ["x"], in: stage.source.database) == nil)

        // No byte of it is left, and all of the neighbour's.
        _ = try stage.source.database.withWriter { try $0.emptyLog(waiting: 1_000) }
        let bytes = String(decoding: try Data(contentsOf: URL(filePath: stage.source.database.path)), as: UTF8.self)
        #expect(!bytes.contains("acme") && bytes.contains("lamp of beta"))
        // And it may come back.
        _ = try target.moveTenant(stage.mover.tenantID, to: stage.source.database.path, url: "https://a.example", by: "tester")
        #expect(try stage.found(in: stage.source) == before)
        #expect(try stage.source.audit.verify().isValid && target.audit.verify().isValid)
        #expect(try stage.source.tenants.list().allSatisfy { $0.move == nil })
    }

    @Test func `a row of the log that is taken out is found, also beside the gaps that a tenant has left`() throws {
        let stage = try Stage()
        _ = try stage.move()
        #expect(try stage.source.audit.verify().isValid)
        try stage.source.database.transfer { connection in
            try connection.run("DELETE FROM audit_log WHERE key = (SELECT max(key) FROM audit_log WHERE tenant_id <> 'file')")
        }
        let found = try stage.source.audit.verify()
        #expect(!found.isValid && found.faults.allSatisfy { $0.kind == .missing })
    }

    @Test func `a guest's place is held for their address, on both sides`() throws {
        let stage = try Stage()
        let beta = try stage.neighbour.twin()
        let groups = stage.source.groups
        let theirs = try groups.create("Guests", of: beta, by: nil)
        func join(_ user: User, _ group: AccessGroup) throws {
            try stage.source.database.write { connection in
                try connection.run("UPDATE users SET is_proven = 1 WHERE id = ?", user.id)
                try connection.run(
                    """
                    INSERT INTO group_memberships (id, group_key, twin_key, user_id, created_at)
                    VALUES (?, ?, (SELECT key FROM twins WHERE id = ?), ?, ?)
                    """, Identifier.make(), group.key, group.twinID, user.id, Clock.now)
            }
        }
        try join(stage.mover.owner, theirs)
        try join(stage.neighbour.owner, stage.group)
        _ = try stage.move()
        #expect(try groups.members(of: theirs).map(\.user?.email) == [stage.mover.owner.email])
        #expect(try groups.members(of: theirs).allSatisfy(\.isPending))
        let target = try stage.opened()
        let there = try target.groups.list(of: target.twins.resolve(stage.twin.id)).first { $0.id == stage.group.id }
        let members = try there.map { try target.groups.members(of: $0) } ?? []
        #expect(members.map(\.user?.email) == [stage.neighbour.owner.email] && members.allSatisfy(\.isPending))
    }

    @Test func `stored files are at the other file, and no more at this one`() throws {
        let stage = try Stage()
        let files = try stage.source.clientFiles()
        let holder = try stage.source.authorizer.fileHolder(as: .user(stage.mover.owner))
        let path = try stage.mover.folder.write("client.txt", "zebra stripes\n")
        _ = try files.keep(path, name: "client.txt", purpose: "assistants", maximumBytes: 1_000, for: holder, by: "tester")
        _ = try stage.move()
        let target = try stage.opened()
        #expect(try target.filesBeside().missing.isEmpty && target.filesBeside().count == 1)
        #expect(try stage.source.filesBeside().count == 0)
        var left: [StoredName] = []
        try files.objects.stores.forEach { try $0.forEachShelf { left += $0 } }
        #expect(left.isEmpty)
    }
}
