import TwinDatabase
import TwinSupport

/// The secrets that are kept in the database: keys that tokens are signed with, keys of keyed hashes, secrets of webhooks and
/// providers. All of them go through here. Each is in the clear, or sealed by the master key that the database was opened with
/// (`Database.Configuration.sealingKey`): then a stolen copy of the file signs nothing. New ones are sealed where there is one.
///
/// Everything here belongs to the caller's transaction.
package enum StoredSecrets {
    /// A secret by its name, without its value.
    package struct Entry: Sendable, Equatable {
        package var name: String
        /// Which master key seals it; none for one in the clear.
        package var keyIdentifier: String?

        /// What there is to do once it is lost.
        package var replacement: String { StoredSecrets.replacement(of: name) ?? "'\(name)' has to be set again" }
    }

    /// Secrets that twin makes itself, with what becomes of those who rely on one when a new one is made.
    private static let replacements = [
        "jwt_secret": "everybody signs in again, and tokens for scripts have to be created again with 'twin token create'",
        "api_key_pepper": "API keys have to be created again with 'twin keys create'",
        "upload_signature": "upload addresses have to be requested again",
        "storage_signature": "addresses of pictures have to be requested again",
        "trainer_token": "running trainings start over",
    ]

    private static func replacement(of name: String) -> String? {
        if name.hasPrefix("signing_key:") { return "tokens are signed by a new key after 'twin token rotate-key'" }
        if name.hasPrefix("webhook:") { return "the webhook gets a new secret with 'twin webhooks rotate'" }
        return replacements[name.split(separator: ":").first.map(String.init) ?? name]
    }

    /// The secret; none where none is stored. Throws `TwinError`: `notConfigured` for a sealed one without its master key, `failed`
    /// for one that was changed outside of twin.
    package static func value(_ name: String, on connection: Connection) throws -> [UInt8]? {
        let row = try connection.first("SELECT value, key_id FROM secrets WHERE name = ?", name) {
            ($0.bytes(0), $0.optionalText(1))
        }
        guard let (value, identifier) = row else { return nil }
        guard let identifier else { return value }
        guard let key = try connection.sealingKey?.key(wanted: identifier), key.identifier == identifier else {
            throw TwinError(
                .notConfigured,
                "the secrets of the database are wrapped with the master key \(identifier), which is not available; name its file in "
                    + "TWIN_MASTER_KEY_FILE, or see 'twin doctor' for what to do without it")
        }
        guard let opened = try key.open(value, context: Array(name.utf8)) else {
            throw TwinError(.failed, "the secret '\(name)' in the database is damaged; restore a backup with 'twin restore FILE'")
        }
        return opened
    }

    /// The secret; `make` makes it when there is none.
    package static func valueOrMade(
        _ name: String, on connection: Connection, make: () throws -> [UInt8]
    ) throws -> [UInt8] {
        if let value = try value(name, on: connection) { return value }
        let made = try make()
        try store(name, made, on: connection)
        return made
    }

    /// Stores a secret, in the place of the one of this name.
    package static func store(_ name: String, _ value: [UInt8], on connection: Connection) throws {
        try store(name, value, with: connection.sealingKey?.key(), on: connection)
    }

    /// Forgets a secret, in the caller's transaction. One that is not there is no error.
    package static func remove(_ name: String, on connection: Connection) throws {
        try connection.run("DELETE FROM secrets WHERE name = ?", name)
    }

    /// Which secrets there are, by name.
    package static func entries(on connection: Connection) throws -> [Entry] {
        try connection.rows("SELECT name, key_id FROM secrets ORDER BY name") {
            Entry(name: $0.text(0), keyIdentifier: $0.optionalText(1))
        }
    }

    private static func store(_ name: String, _ value: [UInt8], with key: SealingKey?, on connection: Connection) throws {
        try connection.run(
            "INSERT INTO secrets (name, value, key_id) VALUES (?1, ?2, ?3) ON CONFLICT (name) DO UPDATE SET value = ?2, key_id = ?3",
            name, key.map { try $0.seal(value, context: Array(name.utf8)) } ?? value, key?.identifier)
    }

    // MARK: Changing over

    /// What changing over has done.
    package struct Change: Sendable, Equatable {
        /// The secrets that are stored otherwise than before.
        package var changed: [String] = []
        /// Those that are gone, because the key that sealed them is not at hand.
        package var discarded: [Entry] = []
        /// Which master key seals them now; nil where they are in the clear.
        package var keyIdentifier: String?
    }

    /// Stores every secret anew, sealed with `key` or, without one, in the clear; all of them or none. What cannot be read stops it,
    /// unless `discardingUnreadable`. Afterwards no page of the file and nothing in the write-ahead log holds the former values; copies
    /// that were made before do. Throws `TwinError`, also (`busy`) when another process keeps the log from being emptied.
    package static func rewrap(_ database: Database, with key: SealingKey?, discardingUnreadable: Bool = false) throws -> Change {
        let change = try database.withWriter { connection in
            // What is deleted is overwritten with zeros, in this connection from now on.
            _ = try connection.first("PRAGMA secure_delete = ON") { $0.int(0) }
            return try connection.transaction { try rewrap(connection, key, discardingUnreadable) }
        }
        guard try database.withWriter({ try $0.emptyLog(waiting: 10_000) }) else {
            throw TwinError(
                .busy,
                "the secrets are changed over, but another process keeps their former values in the database's log; run the command "
                    + "again when that has ended")
        }
        return change
    }

    private static func rewrap(_ connection: Connection, _ key: SealingKey?, _ discardingUnreadable: Bool) throws -> Change {
        var change = Change(keyIdentifier: key?.identifier)
        var values: [(name: String, value: [UInt8])] = []
        for entry in try entries(on: connection) {
            do {
                guard let value = try value(entry.name, on: connection) else { continue }
                values.append((entry.name, value))
                if entry.keyIdentifier != key?.identifier { change.changed.append(entry.name) }
            } catch let error as TwinError where discardingUnreadable && entry.keyIdentifier != nil && error.kind != .busy {
                change.discarded.append(entry)
            }
        }
        // Without a condition SQLite clears the pages as a whole, with what earlier changes left in them.
        try connection.run("DELETE FROM secrets")
        for (name, value) in values { try store(name, value, with: key, on: connection) }
        return change
    }
}
