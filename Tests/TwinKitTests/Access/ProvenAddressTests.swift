import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinKit
@testable import TwinSupport

/// An address is nobody's until it is proven, and then nobody else's.
@Suite struct ProvenAddressTests {
    let fixture: TwinFixture
    let groups: GroupStore
    let group: AccessGroup
    var users: Users { fixture.users }

    init() throws {
        fixture = try TwinFixture()
        groups = GroupStore(database: fixture.database)
        group = try groups.create("partners", of: fixture.twin)
    }

    private func caller(
        _ subject: String, _ email: String, issuer: String? = "https://issuer.example", proves: Bool = false,
        tenantID: String? = nil
    ) -> User {
        User(
            id: subject, email: email, fullName: nil, avatarURL: nil,
            account: User.IssuedAccount(issuer: issuer, subject: subject, provesAddress: proves, tenantID: tenantID))
    }

    private func resolved(_ user: User) throws -> String? {
        try groups.group(forUser: user.id, isVisitor: false, of: fixture.twin)?.name
    }

    @Test func `who registers an address first does not keep its holder out`() throws {
        let squatter = try users.sync(caller("squatter", "ada@example.org")).user
        #expect(!squatter.isProven && squatter.email == "ada@example.org")
        // By invitation.
        let token = try fixture.invitations.invite(email: "ada@example.org", by: .localOperator).token
        let ada = try fixture.invitations.accept(token, password: Secret("correct horse"))
        #expect(ada.isProven && ada.tenantID == fixture.twin.tenantID)
        let displaced = try #require(try users.find(squatter.id))
        #expect(displaced.email.isEmpty && displaced.tenantID == squatter.tenantID)
        #expect(try users.find(email: "ada@example.org")?.id == ada.id)
        // By the operator, and by an issuer that vouches for it.
        _ = try users.sync(caller("s2", "grace@example.org"))
        #expect(try users.add(email: "grace@example.org", password: nil).isProven)
        _ = try users.sync(caller("s3", "joan@example.org"))
        #expect(try users.sync(caller("joan", "joan@example.org", proves: true)).user.email == "joan@example.org")
    }

    @Test func `a proven address is taken by nobody`() throws {
        let ada = try users.add(email: "ada@example.org", password: nil)
        for proves in [false, true] {
            #expect(failure { _ = try users.sync(caller("attacker", "ada@example.org", proves: proves)) } == .conflict)
        }
        #expect(try users.find(email: "ada@example.org") == ada)
        #expect(failure { _ = try fixture.invitations.invite(email: "ada@example.org", by: .localOperator) } == .conflict)
    }

    @Test func `two who only claim an address both get in, and the first keeps it`() throws {
        let first = try users.sync(caller("one", "ada@example.org")).user
        let second = try users.sync(caller("two", "ada@example.org")).user
        #expect(first.email == "ada@example.org" && second.email.isEmpty)
        #expect(first.tenantID != nil && second.tenantID != nil && first.tenantID != second.tenantID)
    }

    @Test func `a place in a group that is held for an address goes to who proves it, and to nobody else`() throws {
        let token = try fixture.invitations.invite(email: "anna@example.org", by: .localOperator).token
        try groups.add("Anna@example.org", to: group)
        let held = try groups.members(of: group)
        #expect(held.map(\.isPending) == [true] && held.first?.user?.email == "anna@example.org")
        // Somebody claims it: elsewhere, and in the very tenant.
        let claims = try users.sync(caller("squatter", "anna@example.org")).user
        let inside = try users.sync(caller("inside", "anna@example.org", tenantID: fixture.twin.tenantID)).user
        #expect(inside.role == .viewer && inside.tenantID == fixture.twin.tenantID)
        #expect(try resolved(claims) == "Default Group" && resolved(inside) == "Default Group")
        let anna = try fixture.invitations.accept(token, password: Secret("correct horse"))
        #expect(try resolved(anna) == "partners")
        #expect(try groups.members(of: group).map(\.userID) == [anna.id])
    }

    @Test func `an address means a user who proved it, an id and a name mean who has them`() throws {
        let claiming = try users.sync(caller("claims", "anna@example.org", tenantID: fixture.twin.tenantID)).user
        #expect(failure { try groups.add("anna@example.org", to: group) } == .notFound)
        try groups.add(claiming.id, to: group)
        #expect(try resolved(claiming) == "partners")
        let named = try users.add(email: "berta@example.org", role: .viewer, password: nil, fullName: "Berta B.")
        try groups.add("berta b.", to: group)
        #expect(try resolved(named) == "partners")
        _ = try users.add(email: "other@example.org", role: .viewer, password: nil, fullName: "Berta B.")
        #expect(failure { try groups.add("Berta B.", to: group) } == .invalid)
        // What somebody calls themselves does not hide whose address or id it is.
        _ = try users.add(email: "carla@example.org", role: .viewer, password: nil, fullName: "berta@example.org")
        #expect(try users.resolve("berta@example.org").id == named.id)
    }

    @Test func `nobody of another workspace is a member, whatever they are called`() throws {
        let foreign = try fixture.user("anna@example.org", tenantID: fixture.tenant("other"))
        for name in [foreign.id, foreign.email, "stranger", "stranger@example.org"] {
            #expect(failure { try groups.add(name, to: group) } == .notFound, "\(name)")
        }
        let other = try fixture.invitations.invite(
            email: "late@example.org", tenantID: foreign.tenantID, by: .user(foreign))
        #expect(other.invitation.tenantID == foreign.tenantID)
        #expect(failure { try groups.add("late@example.org", to: group) } == .notFound)
    }

    @Test func `an account is its issuer and subject, not its address and not another issuer's subject`() throws {
        let local = try users.add(email: "ada@example.org", password: nil)
        let first = try users.sync(caller("shared", "one@example.org", issuer: "https://one.example")).user
        let second = try users.sync(caller("shared", "two@example.org", issuer: "https://two.example")).user
        #expect(first.id == "shared" && second.id != first.id)
        #expect(try users.sync(caller("shared", "new@example.org", issuer: "https://one.example")).user == first)
        // The id of a user, as the subject of another issuer's token, is somebody else.
        let forged = try users.sync(caller(local.id, "mallory@example.org", issuer: "https://one.example")).user
        #expect(forged.id != local.id && forged.tenantID != local.tenantID)
        for reserved in ["local", "ada@example.org"] {
            let user = try users.sync(caller(reserved, "x-\(reserved.count)@example.org")).user
            #expect(user.id != reserved)
        }
    }

    @Test func `an issuer places whom it does not know yet in a workspace that exists`() throws {
        let placed = try users.sync(caller("a", "a@example.org", tenantID: fixture.twin.tenantID)).user
        #expect(placed.tenantID == fixture.twin.tenantID && placed.role == .viewer)
        #expect(failure { _ = try users.sync(caller("b", "b@example.org", tenantID: Identifier.make())) } == .notPermitted)
        #expect(try users.list().count == 1)
    }

    @Test func `who proves the address later gets what waits for it`() throws {
        _ = try fixture.invitations.invite(email: "anna@example.org", by: .localOperator)
        try groups.add("anna@example.org", to: group)
        let anna = caller("anna", "anna@example.org", tenantID: fixture.twin.tenantID)
        let claimed = try users.sync(anna).user
        #expect(try !claimed.isProven && resolved(claimed) == "Default Group")
        let proven = try users.sync(caller("anna", "anna@example.org", proves: true)).user
        #expect(try proven.isProven && proven.id == claimed.id && resolved(proven) == "partners")
        let other = try users.sync(caller("x", "x@example.org", tenantID: fixture.twin.tenantID)).user
        #expect(try users.update(other.id, .init(proves: true), by: .localOperator).isProven)
        #expect(failure { _ = try users.update(other.id, .init(proves: true), by: .user(proven)) } == .notPermitted)
        #expect(failure { _ = try users.update(other.id, .init(isOperator: true), by: .user(proven)) } == .notPermitted)
    }

    @Test func `the last owner stays one`() throws {
        let owner = try users.add(email: "ada@example.org", password: nil)
        #expect(failure { _ = try users.update(owner.id, .init(role: .viewer), by: .localOperator) } == .conflict)
        _ = try users.add(email: "grace@example.org", password: nil)
        #expect(try users.update(owner.id, .init(role: .supporter), by: .localOperator).role == .supporter)
    }
}

/// Tokens of foreign issuers and of this program.
@Suite struct IssuedAccountTests {
    let fixture: TwinFixture

    init() throws { fixture = try TwinFixture() }

    @Test func `a foreign issuer's token with the id of a user is somebody else's`() throws {
        let user = try fixture.user("ada@example.org")
        let authenticator = try fixture.authenticator()
        let token = try ForgedToken.signed(["sub": .string(user.id), "iss": "https://issuer.example"])
        guard case .user(let found) = try authenticator.principal(bearer: token, apiKey: nil, origin: nil) else {
            return #expect(Bool(false))
        }
        #expect(found.key == nil && found.tenantID == nil)
        let own = try ForgedToken.signed(["sub": .string(user.id), "iss": "twin"])
        #expect(try authenticator.principal(bearer: own, apiKey: nil, origin: nil).userID == user.id)
    }

    @Test func `an issuer's key set does not vouch for tokens of this program`() throws {
        // Signed by the issuer, with this program as the issuer that it states: refused before any key is looked at.
        let verifier = TokenVerifier(
            secret: try TokenSecret(database: fixture.database, configured: TwinFixture.secret),
            own: SigningKeys(database: fixture.database),
            keys: KeySet(location: try fixture.folder.write("keys.json", SignedTokens.set(SignedTokens.firstKey))), issuer: nil,
            audience: nil)
        for algorithm in ["RS256", "ES256"] {
            let header = "{\"alg\":\"\(algorithm)\",\"kid\":\"first\"}"
            let claims = JSON.object(ForgedToken.claims(["iss": "twin"])).text
            let token = try ForgedToken.make(header: header, claims: claims)
            #expect(failure { _ = try verifier.claims(of: token) } == .unauthenticated)
        }
        #expect(try verifier.claims(of: Secret(SignedTokens.first)).subject == "user-1")
    }

    @Test func `tokens of sessions and of other purposes open nothing`() throws {
        let user = try fixture.user("ada@example.org")
        let authenticator = try fixture.authenticator()
        for purpose in ["refresh", "session", "widget", "contact", "share", "invitation", ""] {
            let token = try ForgedToken.signed([
                "sub": .string(user.id), "iss": "twin", "token_type": .string(purpose), "jti": "x",
            ])
            #expect(
                failure { _ = try authenticator.principal(bearer: token, apiKey: nil, origin: nil) } == .unauthenticated)
        }
    }

    @Test func `an account from before issuers were noted is the first one's that comes`() throws {
        let user = try fixture.users.sync(id: "user-1", email: "ada@example.org").user
        try fixture.database.write {
            try $0.run(
                "INSERT INTO user_accounts (issuer, subject, user_key, created_at) VALUES ('*', 'user-1', ?, ?)", user.key,
                Clock.now)
        }
        let authenticator = try fixture.authenticator()
        func caller(_ issuer: String) throws -> User? {
            let token = try ForgedToken.signed(["sub": "user-1", "iss": .string(issuer)])
            guard case .user(let user) = try authenticator.principal(bearer: token, apiKey: nil, origin: nil) else { return nil }
            return user
        }
        #expect(try caller("https://one.example")?.key == user.key)
        #expect(try caller("https://two.example")?.key == nil)
        #expect(try caller("https://one.example")?.key == user.key)
    }
}
