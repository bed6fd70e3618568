import TestSupport
import Testing
import TwinDatabase
import TwinSupport

@testable import TwinKit

@Suite struct PasswordResetTests {
    let fixture: TwinFixture
    let user: User
    private var resets: PasswordResets {
        PasswordResets(database: fixture.database, links: PageLinks(base: "https://twin.example.org/"))
    }

    init() throws {
        fixture = try TwinFixture()
        user = try fixture.users.add(email: "ada@example.org", password: Secret("the old one"))
    }

    private func signsIn(_ password: String) -> Bool {
        (try? fixture.users.signIn(email: "ada@example.org", password: Secret(password))) != nil
    }

    @Test func `a token gives one new password, once, and ends the others`() throws {
        let first = try #require(try resets.make(for: user.id)).token
        let second = try #require(try resets.make(for: user.id)).token
        #expect(resets.url(token: first) == "https://twin.example.org/auth/reset-password/\(first.reveal())")
        let tokens = try fixture.authenticator().tokens
        let session = try tokens.session(for: user)
        #expect(try resets.redeem(first, password: Secret("the new one")).id == user.id)
        #expect(signsIn("the new one") && !signsIn("the old one"))
        for token in [first, second] {
            #expect(failure { _ = try resets.redeem(token, password: Secret("a third one")) } == .notFound)
        }
        let refresh = try #require(session["refresh_token"]?.stringValue)
        #expect(failure { _ = try tokens.refresh(Secret(refresh)) } == .unauthenticated)
        #expect(signsIn("the new one"))
    }

    @Test func `an hour later, guessed, or of somebody who is gone, it gives none`() throws {
        let token = try #require(try resets.make(for: user.id)).token
        let hour = Clock.now.adding(seconds: 3_601)
        #expect(failure { _ = try resets.redeem(token, password: Secret("the new one"), now: hour) } == .notFound)
        for guess in ["", "a", String(repeating: "A", count: 43), token.reveal().uppercased(), token.reveal() + "="] {
            #expect(failure { _ = try resets.redeem(Secret(guess), password: Secret("the new one")) } == .notFound)
        }
        #expect(failure { _ = try resets.redeem(token, password: Secret("short")) } == .invalid)
        #expect(signsIn("the old one"))
        #expect(try resets.make(for: "nobody") == nil)
        try fixture.user("other@example.org")
        _ = try fixture.users.remove(user.id, by: .localOperator)
        #expect(failure { _ = try resets.redeem(token, password: Secret("the new one")) } == .notFound)
    }

    @Test func `whoever has no claim to an address is not written to`() throws {
        #expect(try resets.user(email: " ADA@example.org ")?.id == user.id)
        #expect(try resets.user(email: "nobody@example.org") == nil)
        #expect(try resets.user(email: "not an address\r\n") == nil)
        try fixture.database.write {
            _ = try Users.insert(
                id: "claims", tenantID: fixture.twin.tenantID, email: "claims@example.org", isProven: false, role: .owner,
                fullName: nil, on: $0)
        }
        #expect(try resets.user(email: "claims@example.org") == nil)
    }

    @Test func `the file holds no token`() throws {
        let token = try #require(try resets.make(for: user.id)).token
        let stored = try fixture.database.read {
            try $0.first("SELECT hex(token_hash) FROM password_resets") { $0.text(0) }
        }
        #expect(stored?.count == 64)
        #expect(stored.map { !$0.contains(token.reveal()) } == true)
    }

    /// Whoever changes the password, or has letters go elsewhere, is not undone by a letter that lies in a mailbox.
    @Test func `a token ends with the password and the address that it was made for`() throws {
        let changes: [(String, (Users) throws -> Void)] = [
            ("the operator's new password", { try $0.setPassword(user, Secret("a third one")) }),
            ("the user's", { try $0.changePassword(of: user, from: Secret("a third one"), to: Secret("a fourth one")) }),
            ("another address", { _ = try $0.change(user, name: nil, email: "b@example.org", isOperator: nil, by: .user(user)) }),
            (
                "an address that somebody else proves",
                { users in _ = try users.add(email: "b@example.org", password: nil) }
            ),
        ]
        for (what, change) in changes {
            let token = try #require(try resets.make(for: user.id)).token
            try change(fixture.users)
            #expect(failure { _ = try resets.redeem(token, password: Secret("a stranger's")) } == .notFound, "\(what)")
        }
        let token = try #require(try resets.make(for: fixture.users.add(email: "c@example.org", password: nil).id)).token
        let named = try fixture.users.change(
            try #require(try fixture.users.find(email: "c@example.org")), name: "Grace", email: "c@example.org", isOperator: nil,
            by: .localOperator)
        #expect(try resets.redeem(token, password: Secret("the new one")).id == named.id, "a name ends none")
    }
}
