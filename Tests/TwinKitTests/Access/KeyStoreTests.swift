import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinKit
@testable import TwinSearch
@testable import TwinSupport

@Suite struct KeyStoreTests {
    let fixture: TwinFixture
    var database: Database { fixture.database }
    var twin: Twin { fixture.twin }
    let store: KeyStore

    init() throws {
        fixture = try TwinFixture()
        store = KeyStore(database: fixture.database)
    }

    @Test func `a key opens what it was made for and nothing else`() throws {
        let other = try TwinStore(database: database).create(name: "Other")
        let (made, text) = try store.create("site", twins: [twin], scopes: [.chat])
        let key = try #require(try store.verify(text))
        #expect(key.id == made.id)
        #expect(key.allows(.chat, twin: twin))
        #expect(!key.allows(.write, twin: twin))
        #expect(!key.allows(.chat, twin: other))
    }

    @Test func `the text has the documented form and is nowhere in the database`() throws {
        let text = try store.create("site").text.reveal()
        let parts = text.split(separator: "_", maxSplits: 2)
        #expect(parts.map(\.count) == [6, 8, 43])
        let stored = try database.read { connection in
            try connection.first("SELECT prefix || hex(hmac) FROM api_keys") { $0.text(0) }
        }
        #expect(stored?.contains(text) == false)
        #expect(stored?.contains(String(text.suffix(30))) == false)
    }

    @Test func `a key with one character changed is none`() throws {
        let text = try store.create("site").text.reveal()
        for index in [0, 10, 20, 30, text.count - 1] {
            var wrong = Array(text)
            wrong[index] = wrong[index] == "x" ? "y" : "x"
            #expect(try store.verify(Secret(String(wrong))) == nil)
        }
        #expect(try store.verify(Secret("")) == nil)
    }

    @Test func `a revoked key and an expired one are none`() throws {
        let (revoked, revokedText) = try store.create("revoked")
        _ = try store.revoke(revoked.id)
        #expect(try store.verify(revokedText) == nil)
        let (expired, expiredText) = try store.create("expired", expiresInDays: 1)
        #expect(try store.verify(expiredText) != nil)
        try database.write { try $0.run("UPDATE api_keys SET expires_at = '2001-01-01T00:00:00.000Z' WHERE id = ?", expired.id) }
        #expect(try store.verify(expiredText) == nil)
    }
}
