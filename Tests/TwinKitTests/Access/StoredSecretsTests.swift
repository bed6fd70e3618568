import FoundationEssentials
import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinKit
@testable import TwinSupport

@Suite struct StoredSecretsTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func keyFile(_ name: String) throws -> SealingKeyFile {
        try folder.write(name, Hex.encode(Crypto.random(count: 32)) + "\n")
        return SealingKeyFile(path: folder.file(name))
    }

    private func database(_ key: SealingKeyFile?, create: Bool = true, _ name: String = "a.db") throws -> Database {
        var configuration = Database.Configuration()
        configuration.sealingKey = key
        let database = try Database(path: folder.file(name), create: create, configuration: configuration)
        try Schema.migrator.migrate(database)
        return database
    }

    private func raw(_ database: Database) throws -> [[UInt8]] {
        try database.read { try $0.rows("SELECT value FROM secrets ORDER BY name") { $0.bytes(0) } }
    }

    @Test func `with a master key what is stored reads back, and is not in the file`() throws {
        let database = try database(try keyFile("k"))
        let secret = Array("a secret that is easy to find".utf8)
        try database.write { try StoredSecrets.store("x", secret, on: $0) }
        #expect(try database.read { try StoredSecrets.value("x", on: $0) } == secret)
        #expect(try raw(database).allSatisfy { !$0.starts(with: secret) && $0.count == secret.count + 28 })
        #expect(database.close(within: 240))
        #expect(!contents().contains(secret))
    }

    /// All bytes of the database's files.
    private func contents(_ name: String = "a.db") -> Data {
        ["", "-wal", "-shm"].reduce(Data()) { all, suffix in
            all + (FileManager.default.contents(atPath: folder.file(name) + suffix) ?? Data())
        }
    }

    @Test func `without the key nothing can be read, and the message says which is missing`() throws {
        let key = try keyFile("k")
        do { try database(key).write { try StoredSecrets.store("x", [1, 2, 3], on: $0) } }
        for other in [nil, try keyFile("other")] {
            let error = #expect(throws: TwinError.self) {
                try database(other, create: false).read { try StoredSecrets.value("x", on: $0) }
            }
            #expect(error?.kind == .notConfigured)
            #expect(error?.message.contains(try key.key().identifier) == true)
        }
    }

    @Test func `a sealed secret that is moved to another name or changed is refused`() throws {
        let database = try database(try keyFile("k"))
        try database.write { connection in
            try StoredSecrets.store("x", [1, 2, 3], on: connection)
            try StoredSecrets.store("y", [4, 5, 6], on: connection)
            try connection.run("UPDATE secrets SET value = (SELECT value FROM secrets WHERE name = 'y') WHERE name = 'x'")
        }
        #expect(throws: TwinError.self) { try database.read { try StoredSecrets.value("x", on: $0) } }
        #expect(try database.read { try StoredSecrets.value("y", on: $0) } == [4, 5, 6])
    }

    @Test func `changing over wraps all, leaves nothing in the clear behind, and goes back`() throws {
        let secrets = (0..<40).map { ("name\($0)", Array("the value of secret number \($0) in the clear".utf8)) }
        do {
            let plain = try database(nil)
            try plain.write { connection in
                for (name, value) in secrets { try StoredSecrets.store(name, value, on: connection) }
                // Leaves stale copies in the pages.
                for (name, value) in secrets.reversed() { try StoredSecrets.store(name, value, on: connection) }
            }
            #expect(plain.close(within: 240))
        }
        #expect(contents().contains(secrets[7].1))
        let (key, next) = (try keyFile("k"), try keyFile("next"))
        let database = try database(key, create: false)
        #expect(try database.read { try StoredSecrets.value("name7", on: $0) } == secrets[7].1, "in the clear it still reads")
        let change = try StoredSecrets.rewrap(database, with: try key.key())
        #expect(change.changed.count == 40 && change.discarded.isEmpty)
        for (_, value) in secrets { #expect(!contents().contains(value)) }
        #expect(try StoredSecrets.rewrap(database, with: try key.key()).changed.isEmpty)
        for (name, value) in secrets { #expect(try database.read { try StoredSecrets.value(name, on: $0) } == value) }
        // Over to another key, and back.
        #expect(try StoredSecrets.rewrap(database, with: try next.key()).changed.count == 40)
        #expect(throws: TwinError.self) { try database.read { try StoredSecrets.value("name7", on: $0) } }
        let rotated = try self.database(next, create: false)
        #expect(try rotated.read { try StoredSecrets.value("name7", on: $0) } == secrets[7].1)
        #expect(try StoredSecrets.rewrap(rotated, with: nil).changed.count == 40)
        #expect(try raw(rotated).contains(secrets[7].1))
    }

    @Test func `a lost key stops the change, and its secrets are given up only when told so`() throws {
        do { try database(try keyFile("lost")).write { try StoredSecrets.store("x", [1], on: $0) } }
        let key = try keyFile("k")
        let database = try database(key, create: false)
        try database.write { try StoredSecrets.store("y", [2], on: $0) }
        #expect(throws: TwinError.self) { try StoredSecrets.rewrap(database, with: try key.key()) }
        #expect(try database.read { try StoredSecrets.entries(on: $0) }.map(\.name) == ["x", "y"])
        let change = try StoredSecrets.rewrap(database, with: try key.key(), discardingUnreadable: true)
        #expect(change.discarded.map(\.name) == ["x"])
        #expect(try database.read { try StoredSecrets.entries(on: $0) }.map(\.name) == ["y"])
    }

    @Test func `tokens and API keys work on under a master key`() throws {
        let key = try keyFile("k")
        let database = try database(key)
        let store = KeyStore(database: database)
        let (_, text) = try store.create("site")
        #expect(try store.verify(text) != nil)
        #expect(try database.read { try StoredSecrets.entries(on: $0) }.allSatisfy { $0.keyIdentifier != nil })
        #expect(throws: TwinError.self) { try KeyStore(database: self.database(nil, create: false)).verify(text) }
    }

    @Test(arguments: ["", "short", String(repeating: "g", count: 64), String(repeating: "a", count: 63), "AAAA"])
    func `what is no key of 32 bytes is refused without being repeated`(text: String) {
        let error = #expect(throws: TwinError.self) { try SealingKey(Secret(text)) }
        #expect(error?.kind == .notConfigured && (text.isEmpty || error?.message.contains(text) == false))
    }

    @Test func `a key file that could not be read, or was replaced, is read again`() throws {
        let file = SealingKeyFile(path: folder.file("late"))
        #expect(throws: TwinError.self) { try file.key() }
        try folder.write("late", Hex.encode(Crypto.random(count: 32)))
        let first = try file.key()
        try folder.write("late", Base64.standard.encode(Crypto.random(count: 32)))
        #expect(try file.key() == first)
        let second = try SealingKey(SecretSource.file(folder.file("late")).read())
        #expect(try file.key(wanted: second.identifier) == second)
        #expect("\(second)" == "[redacted]" && String(reflecting: second) == "[redacted]")
    }

    /// Whoever named the table elsewhere could store a secret in the clear.
    @Test func `no other source names the table`() throws {
        let root = "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/") + "/Sources"
        var found: [String] = []
        for case let path as String in try #require(FileManager.default.enumerator(atPath: root)) where path.hasSuffix(".swift") {
            let text = String(decoding: FileManager.default.contents(atPath: root + "/" + path) ?? Data(), as: UTF8.self)
            if ["FROM secrets", "INTO secrets", "UPDATE secrets", "JOIN secrets"].contains(where: text.contains) {
                found.append(path)
            }
        }
        #expect(found == ["TwinKit/Access/Tokens/StoredSecrets.swift"])
    }
}
