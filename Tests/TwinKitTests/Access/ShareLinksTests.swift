import TestSupport
import Testing

@testable import TwinKit
@testable import TwinSupport

@Suite struct ShareLinksTests {
    let fixture: TwinFixture
    var links: ShareLinks { fixture.shareLinks }
    var twin: Twin { fixture.twin }

    init() throws { fixture = try TwinFixture() }

    private func reason(_ token: String?, id: String? = nil, now: Timestamp = Clock.now) throws -> ShareLinks.Failure.Reason? {
        guard case .failure(let failure) = try links.check(twinID: id ?? twin.id, token: Secret(token ?? ""), now: now) else {
            return nil
        }
        return failure.reason
    }

    @Test func `a twin has no link and is not shared until both are asked for`() throws {
        #expect(try links.get(twin) == ShareLink(twinID: twin.id, token: nil, isEnabled: false, expiresAt: nil, url: nil))
        let made = try links.rotate(twin)
        let token = try #require(made.token)
        #expect(!made.isEnabled)
        #expect(made.url == "https://app.example.org/share/\(twin.id)/\(token)")
        #expect(try reason(token) == .sharingDisabled)
        #expect(try links.setEnabled(twin, true).token == token)
        #expect(try reason(token) == nil)
        #expect(try links.validate(twinID: twin.id, token: Secret(token)).id == twin.id)
        #expect(try links.setEnabled(twin, false).token == token)
        #expect(try reason(token) == .sharingDisabled)
    }

    @Test func `sharing without a token opens nothing, not even to an empty one`() throws {
        _ = try links.setEnabled(twin, true)
        for token in ["", "null", "x"] { #expect(try reason(token) == .tokenMismatch) }
    }

    @Test func `a new token kills the old link and leaves sharing on`() throws {
        _ = try links.setEnabled(twin, true)
        let old = try links.rotate(twin).token
        let new = try links.rotate(twin)
        #expect(new.isEnabled)
        #expect(old != new.token)
        #expect(try reason(old) == .tokenMismatch)
        #expect(try reason(new.token) == nil)
    }

    @Test func `a token of another twin, of another case or cut short is wrong`() throws {
        let other = try TwinStore(database: fixture.database).create(name: "Other")
        for twin in [twin, other] { _ = try links.setEnabled(twin, true) }
        let token = try #require(try links.rotate(twin).token)
        _ = try links.rotate(other)
        #expect(try reason(token, id: other.id) == .tokenMismatch)
        for wrong in [token.uppercased() + "", String(token.dropLast()), token + "0", "", " " + token] where wrong != token {
            #expect(try reason(wrong) == .tokenMismatch)
        }
    }

    @Test func `a twin is found by its id only`() throws {
        _ = try links.setEnabled(twin, true)
        let token = try #require(try links.rotate(twin).token)
        #expect(try reason(token, id: twin.slug) == .twinNotFound)
        #expect(try reason(token, id: Identifier.make()) == .twinNotFound)
        #expect(try reason(token, id: "' OR 1=1 --") == .twinNotFound)
    }

    @Test func `a link ends at its time`() throws {
        _ = try links.setEnabled(twin, true)
        let token = try links.rotate(twin).token
        let end = Clock.now.adding(seconds: 100)
        #expect(try links.setExpiry(twin, end).expiresAt == end)
        #expect(try reason(token, now: end.adding(seconds: -1)) == nil)
        #expect(try reason(token, now: end) == .expired)
        _ = try links.setExpiry(twin, nil)
        #expect(try reason(token, now: end) == nil)
    }

    @Test func `an archived twin is not shared and its link is dead for good`() throws {
        _ = try links.setEnabled(twin, true)
        let token = try links.rotate(twin).token
        _ = try TwinStore(database: fixture.database).archive(twin)
        #expect(try reason(token) == .twinArchived)
        #expect(failure { _ = try links.rotate(twin) } == .gone)
        #expect(failure { _ = try links.get(twin) } == .gone)
        try fixture.database.write { try $0.run("UPDATE twins SET archived_at = NULL") }
        #expect(try reason(token) == .sharingDisabled)
    }

    @Test func `the visitor is told nothing and the log why`() throws {
        _ = try links.rotate(twin)
        var reported: [ShareLinks.Failure] = []
        let token = Secret("secret\u{7}token that is long")
        #expect(failure { _ = try links.validate(twinID: twin.id, token: token, report: { reported.append($0) }) } == .notFound)
        #expect(reported.map(\.reason) == [.sharingDisabled])
        #expect(reported.first?.tokenPrefix == "secretto")
        #expect(reported.first?.twin?.id == twin.id)
        #expect(ShareLinks.Failure(reason: .expired, twin: nil, tokenPrefix: "").error == reported.first?.error)
    }
}
