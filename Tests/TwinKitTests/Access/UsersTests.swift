import TestSupport
import Testing

@testable import TwinKit
@testable import TwinDatabase
@testable import TwinSupport

@Suite struct UsersTests {
    let fixture: TwinFixture
    var users: Users { fixture.users }

    init() throws { fixture = try TwinFixture() }

    private func tenantName(_ id: String?) throws -> String? {
        try fixture.database.read { try $0.first("SELECT name FROM tenants WHERE id = ?", id) { $0.text(0) } }
    }

    @Test func `a first visit makes a workspace and a second one finds it`() throws {
        let (user, created) = try users.sync(id: "u1", email: "Ada@Example.org", fullName: "Ada Lovelace")
        #expect(created)
        #expect(user.role == .owner)
        #expect(user.email == "ada@example.org")
        #expect(try tenantName(user.tenantID) == "Ada Lovelace's Workspace")
        #expect(user.tenantID != fixture.twin.tenantID)
        let again = try users.sync(id: "u1", email: "other@example.org", fullName: "Somebody")
        #expect(!again.created)
        #expect(again.user == user)
        let (second, _) = try users.sync(id: "u2", email: "grace@example.org")
        #expect(try tenantName(second.tenantID) == "grace's Workspace")
    }

    @Test func `no user is without a workspace, and none has a role that is not one`() throws {
        let (user, _) = try users.sync(id: "u1", email: "ada@example.org")
        for change in ["tenant_id = NULL", "tenant_id = 'nowhere'", "role = 'admin'", "role = ''", "role = NULL"] {
            #expect(throws: DatabaseError.self) {
                try fixture.database.write { try $0.run("UPDATE users SET \(change) WHERE id = ?", user.id) }
            }
        }
    }

    @Test func `nobody takes over an account by its address, and nothing is left behind`() throws {
        let user = try fixture.user("ada@example.org")
        let before = try fixture.database.read { try $0.first("SELECT count(*) FROM tenants") { $0.int(0) } }
        #expect(failure { _ = try users.sync(id: "attacker", email: "ADA@example.org") } == .conflict)
        #expect(try users.find("attacker") == nil)
        #expect(try users.find(email: "ada@example.org") == user)
        #expect(try fixture.database.read { try $0.first("SELECT count(*) FROM tenants") { $0.int(0) } } == before)
    }

    @Test func `the right password signs in and anything else gives the same answer`() throws {
        let user = try users.add(email: "Ada@Example.org", password: Secret("correct horse"))
        #expect(try users.signIn(email: " ada@EXAMPLE.org ", password: Secret("correct horse")) == user)
        let without = try fixture.user("none@example.org")
        for (email, password) in [
            ("ada@example.org", "correct horsf"), ("ada@example.org", ""), ("nobody@example.org", "correct horse"),
            (without.email, ""), (without.email, "correct horse"), ("", ""),
            ("ada@example.org", String(repeating: "x", count: 5000)),
        ] {
            #expect(throws: Users.wrongPassword) { _ = try users.signIn(email: email, password: Secret(password)) }
        }
    }

    @Test func `a deleted account does not sign in with its password`() throws {
        let user = try users.add(email: "ada@example.org", password: Secret("correct horse"))
        try fixture.database.write { try $0.run("UPDATE users SET email = 'deleted_1@example.org' WHERE id = ?", user.id) }
        #expect(throws: Users.wrongPassword) {
            _ = try users.signIn(email: "deleted_1@example.org", password: Secret("correct horse"))
        }
    }

    @Test func `guessing is stopped after ten tries a minute, whether the account exists or not`() throws {
        // The window may end in between; two windows hold twenty tries at the most.
        var isStopped = false
        for _ in 0..<21 where !isStopped {
            do {
                _ = try users.signIn(email: "nobody@example.org", password: Secret(String(repeating: "x", count: 2000)))
            } catch is RateLimit.Exceeded {
                isStopped = true
            } catch {}
        }
        #expect(isStopped)
    }

    @Test func `a stored password is scrypt with a salt of its own`() throws {
        let first = try PasswordHash.make(Secret("correct horse"))
        let second = try PasswordHash.make(Secret("correct horse"))
        #expect(first != second)
        #expect(first.hasPrefix("scrypt$32768$8$3$"))
        #expect(!first.contains("correct"))
        #expect(try PasswordHash.verify(Secret("correct horse"), against: first))
        #expect(try !PasswordHash.verify(Secret("correct horse "), against: first))
        for damaged in ["", "scrypt", first.replacing("scrypt", with: "plain"), first.replacing("32768", with: "3"), first + "$"]
        {
            #expect(try !PasswordHash.verify(Secret("correct horse"), against: damaged))
        }
    }

    @Test func `passwords have 8 to 1024 bytes`() throws {
        for wrong in ["", "1234567", String(repeating: "x", count: 1025)] {
            #expect(failure { _ = try users.add(email: "a@example.org", password: Secret(wrong)) } == .invalid)
        }
        #expect(try users.list().isEmpty)
    }

    @Test func `what is no address is refused`() throws {
        for wrong in [
            "", "ada", "@example.org", "ada@", "ada@@example.org", "a b@example.org", "ada@exa mple.org", "ada\n@example.org",
            "ada@example.org\r\nBcc: x@y.z", "<ada@example.org>", "ada@-example.org", "ada@example..org", "ada@example.org.",
            "a\u{200B}da@example.org", "ada@exam\u{0}ple.org", String(repeating: "a", count: 65) + "@example.org",
            "a@" + String(repeating: "a.", count: 130) + "org",
        ] { #expect(failure { _ = try EmailAddress.checked(wrong) } == .invalid, "\(wrong.debugDescription)") }
        for (text, address) in [
            ("Ada.Lovelace+twin@Example.ORG", "ada.lovelace+twin@example.org"), (" ada@localhost ", "ada@localhost"),
            ("jürgen@müller.example", "jürgen@müller.example"),
        ] { #expect(try EmailAddress.checked(text) == address) }
    }

    @Test func `an address belongs to one user of the whole file`() throws {
        try fixture.user("ada@example.org")
        #expect(failure { try fixture.user("ada@example.org", tenantID: fixture.tenant("other")) } == .conflict)
    }

    @Test func `users are listed newest first and by tenant`() throws {
        let other = try fixture.tenant("other")
        let first = try fixture.user("a@example.org")
        let second = try fixture.user("b@example.org")
        let foreign = try fixture.user("c@example.org", tenantID: other)
        #expect(try users.list(tenantID: fixture.twin.tenantID) == [second, first])
        #expect(try users.list(tenantID: other) == [foreign])
        #expect(try users.list().count == 3)
    }

    @Test func `nobody removes themselves, the last owner or a user of another tenant`() throws {
        let owner = try fixture.user("a@example.org")
        let viewer = try fixture.user("b@example.org", role: .viewer)
        let foreign = try fixture.user("c@example.org", tenantID: fixture.tenant("other"))
        let tenant = fixture.twin.tenantID
        #expect(failure { try users.remove(owner.id, tenantID: tenant, by: .user(owner)) } == .invalid)
        #expect(failure { try users.remove(foreign.id, tenantID: tenant, by: .user(owner)) } == .notFound)
        #expect(failure { try users.remove(owner.id, by: .localOperator) } == .conflict)
        #expect(failure { try users.remove("nobody", by: .localOperator) } == .notFound)
        try users.remove(viewer.id, tenantID: tenant, by: .user(owner))
        #expect(try users.list(tenantID: tenant) == [owner])
    }

    @Test func `with a user go their memberships and the invitations that they sent`() throws {
        let owner = try fixture.user("a@example.org")
        let second = try fixture.user("b@example.org")
        let groups = GroupStore(database: fixture.database)
        let group = try #require(try groups.list(of: fixture.twin).first)
        try groups.add(second.id, to: group)
        let (_, token) = try fixture.invitations.invite(email: "c@example.org", by: .user(second))
        let (_, other) = try fixture.invitations.invite(email: "d@example.org", by: .user(owner))
        try users.remove(second.id, by: .user(owner))
        #expect(try groups.members(of: group).isEmpty)
        #expect(failure { _ = try fixture.invitations.find(token) } == .gone)
        #expect(try fixture.invitations.find(other).email == "d@example.org")
    }
}
