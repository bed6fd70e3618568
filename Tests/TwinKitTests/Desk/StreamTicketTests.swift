import TestSupport
import Testing

@testable import TwinKit
@testable import TwinSupport

/// Tickets, with which pages open streams.
@Suite struct StreamTicketTests {
    private let fixture: TwinFixture
    private let now = Clock.now

    init() throws { fixture = try TwinFixture() }

    @Test func `a ticket opens one stream, for as long as the token that it was asked for with is good`() throws {
        let tenant = fixture.twin.tenantID
        let tickets = StreamTickets(database: fixture.database)
        let tokens = try fixture.workspace.tokens
        let token = try tokens.token(for: Tokens.Pass(.contact, contactID: Identifier.make(), tenantID: tenant))
        let pass = try #require(try tokens.pass(token))
        let until = try #require(pass.expiresAt)
        #expect(until > now)
        let ticket = try tickets.issue(to: .pass(pass), at: tenant)
        #expect(try tickets.redeem(ticket) == .pass(pass))
        #expect(failure { _ = try tickets.redeem(ticket) } == .unauthenticated)
        let late = try tickets.issue(to: .pass(pass), at: tenant, now: now.adding(seconds: -60))
        #expect(failure { _ = try tickets.redeem(late) } == .unauthenticated)
    }
}
