import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinKit
@testable import TwinSupport

@Suite struct SignInTests {
    let fixture: TwinFixture
    let authenticator: Authenticator
    var tokens: Tokens { authenticator.tokens }
    var users: Users { fixture.users }

    init() throws {
        fixture = try TwinFixture()
        authenticator = try fixture.authenticator()
    }

    private func text(_ session: JSON, _ name: String) throws -> Secret { Secret(try #require(session[name]?.stringValue)) }

    private func isIn(_ session: JSON) throws -> Bool {
        let token = try text(session, "access_token")
        return failure { _ = try authenticator.principal(bearer: token, apiKey: nil, origin: nil) } == nil
    }

    // MARK: Refresh tokens

    @Test func `a refresh token is good for one exchange, and for half a minute for another tab`() throws {
        let user = try fixture.user("ada@example.org")
        let now = Clock.now
        let first = try tokens.session(for: user, now: now)
        let token = try text(first, "refresh_token")
        let second = try tokens.refresh(token, now: now.adding(seconds: 1))
        let tab = try tokens.refresh(token, now: now.adding(seconds: 31))
        // Both tabs go on with one and the same successor.
        let next = try tokens.refresh(try text(second, "refresh_token"), now: now.adding(seconds: 40))
        _ = try tokens.refresh(try text(tab, "refresh_token"), now: now.adding(seconds: 50))
        #expect(try isIn(next))
    }

    @Test func `an old refresh token ends the whole sign-in, and is in the log`() throws {
        let user = try fixture.user("ada@example.org")
        let now = Clock.now
        let stolen = try tokens.session(for: user, now: now)
        let other = try tokens.session(for: user, now: now)
        let fresh = try tokens.refresh(try text(stolen, "refresh_token"), now: now.adding(seconds: 5))
        #expect(
            failure { _ = try tokens.refresh(try text(stolen, "refresh_token"), now: now.adding(seconds: 36)) }
                == .unauthenticated)
        #expect(
            failure { _ = try tokens.refresh(try text(fresh, "refresh_token"), now: now.adding(seconds: 37)) } == .unauthenticated
        )
        #expect(try !isIn(fresh) && !isIn(stolen))
        // Another sign-in of the user is nothing to it.
        #expect(try isIn(other))
        _ = try tokens.refresh(try text(other, "refresh_token"), now: now.adding(seconds: 38))
        #expect(try AuditLog(database: fixture.database).list(event: .security).map(\.action) == ["REFRESH_TOKEN_REUSED"])
    }

    @Test func `random exchanges go as the rule says`() throws {
        let user = try fixture.user("ada@example.org")
        var random = SeededGenerator(seed: 7)
        func id(_ token: Secret) throws -> String { try #require(JSONWebToken(parsing: token).claims["jti"]?.stringValue) }
        for _ in 0..<40 {
            var now = Clock.now
            var all = [try text(tokens.session(for: user, now: now), "refresh_token")]
            var current = try id(all[0])
            var previous: String?
            var (rotatedAt, hasEnded) = (now, false)
            for _ in 0..<12 {
                now = now.adding(seconds: Double(Int.random(in: 0...50, using: &random)))
                let chosen = try #require(all.randomElement(using: &random))
                let chosenID = try id(chosen)
                let isCurrent = chosenID == current
                let isTab = chosenID == previous && now.milliseconds - rotatedAt.milliseconds <= 30_000
                let next = try? tokens.refresh(chosen, now: now)
                #expect((next != nil) == (!hasEnded && (isCurrent || isTab)))
                guard let next else {
                    hasEnded = true
                    continue
                }
                all.append(try text(next, "refresh_token"))
                guard isCurrent else { continue }
                (previous, current, rotatedAt) = (current, try id(all[all.count - 1]), now)
            }
        }
    }

    @Test func `a refresh token of the first release begins a family with its first exchange`() throws {
        let user = try fixture.user("ada@example.org")
        let now = Clock.now
        let old = try ForgedToken.signed([
            "sub": .string(user.id), "iss": "twin", "token_type": "refresh", "jti": "old", "iat": .int(now.milliseconds / 1000),
        ])
        _ = try tokens.refresh(old, now: now)
        _ = try tokens.refresh(old, now: now.adding(seconds: 29))
        #expect(failure { _ = try tokens.refresh(old, now: now.adding(seconds: 31)) } == .unauthenticated)
    }

    @Test func `signing out ends the sign-in's tokens and no others`() throws {
        let user = try fixture.user("ada@example.org")
        let first = try tokens.session(for: user)
        let second = try tokens.session(for: user)
        let script = try tokens.accessToken(for: user)
        #expect(try tokens.signOut(try text(first, "access_token"), nil))
        #expect(try !isIn(first) && isIn(second))
        #expect(failure { _ = try tokens.refresh(try text(first, "refresh_token")) } == .unauthenticated)
        #expect(try !tokens.signOut(try text(first, "access_token"), Secret("nonsense")))
        #expect(try tokens.signOut(nil, try text(second, "refresh_token")))
        #expect(try !isIn(second))
        #expect(try authenticator.principal(bearer: script, apiKey: nil, origin: nil).userID == user.id)
    }

    @Test func `sign-ins of a user are bounded`() throws {
        let user = try fixture.user("ada@example.org")
        let first = try tokens.session(for: user)
        for _ in 0..<TokenFamily.maximumPerUser { _ = try tokens.session(for: user, now: Clock.now.adding(seconds: 1)) }
        #expect(try !isIn(first))
        let count = try fixture.database.read { try $0.first("SELECT count(*) FROM token_families") { $0.int(0) } }
        #expect(count == TokenFamily.maximumPerUser)
    }

    // MARK: The clock

    @Test func `no token is dead because the clock was set back`() throws {
        let user = try fixture.user("ada@example.org")
        let ahead = Clock.now.adding(seconds: 400 * 86_400)
        let early = try tokens.session(for: user, now: ahead)
        #expect(try isIn(early))
        // A password that was changed while the clock was ahead.
        try users.setPassword(user, Secret("correct horse"))
        try fixture.database.write { try $0.run("UPDATE users SET tokens_valid_from = ? WHERE id = ?", ahead, user.id) }
        #expect(try !isIn(early))
        let changed = try #require(try users.find(user.id))
        let session = try tokens.session(for: changed)
        #expect(try isIn(session))
        let claims = try tokens.verify(text(session, "access_token"))
        #expect((claims["iat"]?.intValue ?? 0) < (claims["exp"]?.intValue ?? 0))
        _ = try tokens.refresh(text(session, "refresh_token"))
    }

    // MARK: Guessing

    private func guess(_ email: String, from address: String, device: Secret? = nil, password: String = "wrong horse") -> String {
        do {
            _ = try users.signIn(
                email: email, password: Secret(password), from: SignInOrigin(address: address, device: device))
            return "in"
        } catch is RateLimit.Exceeded {
            return "limited"
        } catch {
            return "refused"
        }
    }

    /// Wrong passwords of a length that costs no work.
    private static let quick = String(repeating: "x", count: 2_000)

    @Test func `wrong passwords from elsewhere do not keep the owner out`() throws {
        _ = try users.add(email: "ada@example.org", password: Secret("correct horse"))
        for machine in 0..<20 {
            for _ in 0..<25 { _ = guess("ada@example.org", from: "203.0.113.\(machine)", password: Self.quick) }
            #expect(guess("ada@example.org", from: "203.0.113.\(machine)", password: Self.quick) == "limited")
        }
        #expect(guess("ada@example.org", from: "198.51.100.7", password: "correct horse") == "in")
        #expect(guess("grace@example.org", from: "198.51.100.7", password: Self.quick) == "refused")
    }

    @Test func `while the whole world guesses, known places and devices pass and unknown ones wait`() throws {
        let user = try users.add(email: "ada@example.org", password: Secret("correct horse"))
        let home = SignInOrigin(address: "2001:db8:1:2::10")
        let device = try users.remember(home, of: user)
        try fixture.database.write { connection in
            _ = try RateLimit("sign-in:ada@example.org", 1, per: .hour).add(Users.unknownSignInsPerHour, on: connection)
        }
        #expect(guess("ada@example.org", from: "198.51.100.7", password: "correct horse") == "limited")
        #expect(guess("ada@example.org", from: "198.51.100.7", device: device, password: "correct horse") == "in")
        // The same household, another address of its network.
        #expect(guess("ada@example.org", from: "2001:db8:1:2:ffff::1", password: "correct horse") == "in")
        #expect(guess("ada@example.org", from: "2001:db8:1:3::1", password: "correct horse") == "limited")
        // A device is one account's, and one that a client made up is none.
        #expect(guess("ada@example.org", from: "198.51.100.7", device: Secret("made up"), password: "correct horse") == "limited")
        // Whoever knew the old password is no known device.
        try users.setPassword(user, Secret("another horse"))
        #expect(guess("ada@example.org", from: "198.51.100.7", device: device, password: "another horse") == "limited")
    }

    @Test func `guessing from one place is limited over all accounts`() throws {
        var isLimited = false
        for number in 0..<(2 * Users.signInsOfPlacePerMinute + 1) where !isLimited {
            isLimited = guess("user\(number)@example.org", from: "203.0.113.9", password: Self.quick) == "limited"
        }
        #expect(isLimited)
    }
}
