import TestSupport
import Testing

@testable import TwinKit
@testable import TwinSupport

@Suite struct InvitationsTests {
    let fixture: TwinFixture
    let owner: User
    var invitations: Invitations { fixture.invitations }
    private let password = Secret("correct horse")

    init() throws {
        fixture = try TwinFixture()
        owner = try fixture.user("owner@example.org")
    }

    private func invite(_ email: String = "ada@example.org", role: User.Role = .viewer) throws -> (
        invitation: Invitation, token: Secret
    ) {
        try invitations.invite(email: email, role: role, tenantID: owner.tenantID, by: .user(owner))
    }

    @Test func `an invitation makes a user with its own tenant, address and role, once`() throws {
        let (invitation, token) = try invite("Ada@Example.org")
        #expect(invitation.email == "ada@example.org")
        #expect(invitation.invitedBy == owner.id)
        #expect(invitations.url(token: token) == "https://app.example.org/auth/accept-invitation/\(token.reveal())")
        #expect(try invitations.find(token) == invitation)
        let user = try invitations.accept(token, password: password, name: "Ada")
        #expect(user.tenantID == owner.tenantID)
        #expect(user.email == "ada@example.org")
        #expect(user.role == .viewer)
        #expect(user.fullName == "Ada")
        #expect(user.invitedAt != nil)
        #expect(try fixture.users.signIn(email: "ada@example.org", password: password) == user)
        #expect(failure { _ = try invitations.find(token) } == .conflict)
        #expect(failure { _ = try invitations.accept(token, password: password) } == .conflict)
        #expect(try invitations.list().map(\.status) == [.accepted])
    }

    @Test func `a guessed token opens nothing`() throws {
        let (_, token) = try invite()
        var near = Array(token.reveal())
        near[5] = near[5] == "a" ? "b" : "a"
        for guess in [
            "", "a", String(near), String(repeating: "A", count: 43), token.reveal() + "A",
            String(repeating: "A", count: 100_000),
        ] {
            #expect(failure { _ = try invitations.find(Secret(guess)) } == .notFound)
            #expect(failure { _ = try invitations.accept(Secret(guess), password: password) } == .notFound)
        }
        #expect(try fixture.users.list() == [owner])
    }

    @Test func `the token is not in the database`() throws {
        let (_, token) = try invite()
        let stored = try fixture.database.read {
            try $0.first("SELECT hex(token_hash) || id || email FROM invitations") { $0.text(0) }
        }
        #expect(stored?.contains(token.reveal()) == false)
        #expect(stored?.contains(Hex.encode(Array(token.reveal().utf8)).uppercased()) == false)
    }

    @Test func `an invitation lasts seven days and is then expired for good`() throws {
        let (invitation, token) = try invite()
        let week = invitation.createdAt.adding(seconds: 7 * 86_400)
        #expect(invitation.expiresAt == week)
        #expect(try invitations.find(token, now: week.adding(seconds: -1)) == invitation)
        #expect(failure { _ = try invitations.accept(token, password: password, now: week) } == .gone)
        #expect(try invitations.list().map(\.status) == [.expired])
        // A clock that goes back does not bring it back.
        #expect(failure { _ = try invitations.accept(token, password: password) } == .gone)
    }

    @Test func `inviting again replaces token, role and time in the same row`() throws {
        let (first, old) = try invite()
        let (second, new) = try invite(role: .owner)
        #expect(first.id == second.id)
        #expect(second.role == .owner)
        #expect(failure { _ = try invitations.find(old) } == .notFound)
        #expect(try invitations.accept(new, password: password).role == .owner)
        #expect(try invitations.list().count == 1)
    }

    @Test func `somebody who is a user already is not invited, and of other tenants' users only the operator is told`() throws {
        #expect(failure { _ = try invite("owner@example.org") } == .conflict)
        try fixture.user("ada@example.org", tenantID: fixture.tenant("other"))
        let tenant = owner.tenantID
        #expect(
            failure { _ = try invitations.invite(email: "ada@example.org", tenantID: tenant, by: .localOperator) } == .conflict)
        let (invitation, _) = try invite()
        #expect(invitation.status == .pending)
    }

    @Test func `an address that got a user meanwhile is not moved to another tenant`() throws {
        let (_, token) = try invite()
        let user = try fixture.user("ada@example.org", tenantID: fixture.tenant("other"))
        #expect(failure { _ = try invitations.accept(token, password: password) } == .conflict)
        #expect(try fixture.users.find(user.id)?.tenantID == user.tenantID)
        #expect(try invitations.find(token).status == .pending)
    }

    @Test func `a password that is too short leaves the invitation as it was`() throws {
        let (_, token) = try invite()
        #expect(failure { _ = try invitations.accept(token, password: Secret("short")) } == .invalid)
        #expect(failure { _ = try invitations.accept(token, password: password, name: "a\u{7}b") } == .invalid)
        #expect(try invitations.find(token).status == .pending)
    }

    @Test func `of many who accept at once one becomes the user`() throws {
        let (_, token) = try invite()
        let invitations = invitations
        let password = password
        Parallel.run(4) { _ in _ = try? invitations.accept(token, password: password) }
        #expect(try fixture.users.list().count == 2)
    }

    @Test func `a user who was removed can be invited again`() throws {
        let user = try invitations.accept(invite().token, password: password)
        try fixture.users.remove(user.id, by: .user(owner))
        let again = try invitations.accept(invite().token, password: password)
        #expect(again.id != user.id)
        #expect(again.tenantID == owner.tenantID)
    }
}
