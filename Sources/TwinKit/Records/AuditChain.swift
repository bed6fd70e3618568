import TwinDatabase
import TwinSupport

/// The audit log as a chain for each tenant: a row's hash is SHA-256 of the hash before it, followed by the row as JSON.
///
/// That JSON has these members, in this order and without white space: `action`, `created_at`, `details`, `event_type`, `id`,
/// `key`, `people`, `seq`, `tenant_id`, `twin_id`. `people` and `details` are hashes in hexadecimal: of the row's people
/// (`{"actor_id":…,"user_id":…}`) and of its metadata as it is stored, each behind a salt of the row's own. So people and details
/// can be erased, with their salts, and the chain stands; without the salt nobody can find out a name by trying.
///
/// `key` counts the rows of the whole file and `seq` those of the tenant, both without gaps. Rows of a tenant that came from another
/// file count on in this one; `chained_key` is the key that they were hashed with. Those of a tenant that has gone to another file
/// leave gaps of just as many keys as the log itself says (`TENANT_MOVED`). It makes tampering evident, not
/// impossible: who can write the file can write all of it anew. The hash of the last row (`head`), kept somewhere else, shows
/// that too.
enum AuditChain {
    /// Before the first row.
    static let start = [UInt8](repeating: 0, count: SHA256.digestLength)
    private static let saltLength = 16

    /// A row as `Seal` reads it.
    static let columns = """
        key, seq, id, tenant_id, twin_id, event_type, action, created_at, actor_id, user_id, people_salt, metadata, details_salt,
        people_hash, details_hash, prev_hash, hash
        """

    /// The same where rows may have come from another file: the key that they were hashed with is the first, the one in this
    /// file the last.
    static let storedColumns = "coalesce(chained_key, \(columns.replacing("key, seq", with: "key), seq")), key"

    struct Draft {
        var tenantID: String
        var twinID: String?
        var actorID: String?
        var userID: String?
        var event: String
        var action: String
        var metadata: JSONObject
    }

    /// Adds a row at the end of its tenant's chain and answers its id.
    @discardableResult
    static func append(_ draft: Draft, on connection: Connection) throws -> String {
        let last = try connection.first(
            "SELECT seq, hash FROM audit_log WHERE tenant_id = ? ORDER BY seq DESC LIMIT 1", draft.tenantID
        ) { (seq: $0.int64(0), hash: $0.bytes(1)) }
        // The key that AUTOINCREMENT would give: one that was handed out does not come again, though its row be gone.
        let key = try connection.first("SELECT seq FROM sqlite_sequence WHERE name = 'audit_log'") { $0.int64(0) } ?? 0
        let id = Identifier.make()
        let previous = last?.hash ?? start
        let values: [any DatabaseConvertible] = [
            key + 1, (last?.seq ?? 0) + 1, id, draft.tenantID, draft.twinID, draft.event, draft.action, Clock.now, draft.actorID,
            draft.userID, Crypto.random(count: saltLength), JSON.object(draft.metadata), Crypto.random(count: saltLength),
        ]
        var hasher = try Seal.Hasher()
        // Read back as a row, so that what is hashed now and what is verified later is one and the same piece of code.
        guard
            let seal = try connection.first(
                "SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13", values,
                map: { try hasher.seal($0, after: previous) })
        else { throw TwinError(.failed, "the audit log could not be written") }
        try connection.run(
            """
            INSERT INTO audit_log (\(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, values + [seal.people, seal.details, previous, seal.hash])
        return id
    }

    /// Gives every row its hashes, in the order of the keys: for rows that have none yet.
    static func chainAll(on connection: Connection) throws {
        var hasher = try Seal.Hasher()
        var last: [String: [UInt8]] = [:]
        var key: Int64 = 0
        while true {
            let seals = try connection.rows(
                "SELECT \(columns) FROM audit_log WHERE key > ? ORDER BY key LIMIT 1000", key
            ) { row -> (key: Int64, previous: [UInt8], seal: Seal) in
                let tenant = row.text(3)
                let previous = last[tenant] ?? start
                let seal = try hasher.seal(row, after: previous)
                last[tenant] = seal.hash
                return (row.int64(0), previous, seal)
            }
            guard let end = seals.last else { return }
            for (key, previous, seal) in seals {
                try connection.run(
                    "UPDATE audit_log SET people_hash = ?, details_hash = ?, prev_hash = ?, hash = ? WHERE key = ?", seal.people,
                    seal.details, previous, seal.hash, key)
            }
            key = end.key
        }
    }

    /// The hashes of one row.
    struct Seal {
        var people = AuditChain.start
        var details = AuditChain.start
        var hash = AuditChain.start

        /// Hashes rows with columns as in `AuditChain.columns`, of which it reads the first 13.
        struct Hasher: ~Copyable {
            private var sha: SHA256
            private var buffer: [UInt8] = []

            init() throws {
                sha = try SHA256()
                buffer.reserveCapacity(1024)
            }

            mutating func seal(_ row: Row, after previous: [UInt8]) throws -> Seal {
                var seal = Seal()
                try people(row, into: &seal.people)
                try details(row, into: &seal.details)
                try whole(row, people: seal.people, details: seal.details, after: previous, into: &seal.hash)
                return seal
            }

            mutating func people(_ row: Row, into digest: inout [UInt8]) throws {
                buffer.removeAll(keepingCapacity: true)
                row.withBytes(10) { buffer.append(contentsOf: $0) }
                name("{\"actor_id\":")
                text(row, 8)
                name(",\"user_id\":")
                text(row, 9)
                buffer.append(UInt8(ascii: "}"))
                try finish(into: &digest)
            }

            mutating func details(_ row: Row, into digest: inout [UInt8]) throws {
                buffer.removeAll(keepingCapacity: true)
                row.withBytes(12) { buffer.append(contentsOf: $0) }
                row.withBytes(11, text: true) { buffer.append(contentsOf: $0) }
                try finish(into: &digest)
            }

            /// The row with these hashes of its people and details.
            mutating func whole(
                _ row: Row, people: [UInt8], details: [UInt8], after previous: [UInt8], into digest: inout [UInt8]
            ) throws {
                buffer.removeAll(keepingCapacity: true)
                buffer.append(contentsOf: previous)
                name("{\"action\":")
                text(row, 6)
                name(",\"created_at\":")
                text(row, 7)
                name(",\"details\":\"")
                hexadecimal(details)
                name("\",\"event_type\":")
                text(row, 5)
                name(",\"id\":")
                text(row, 2)
                name(",\"key\":")
                buffer.append(contentsOf: String(row.int64(0)).utf8)
                name(",\"people\":\"")
                hexadecimal(people)
                name("\",\"seq\":")
                buffer.append(contentsOf: String(row.int64(1)).utf8)
                name(",\"tenant_id\":")
                text(row, 3)
                name(",\"twin_id\":")
                text(row, 4)
                buffer.append(UInt8(ascii: "}"))
                try finish(into: &digest)
            }

            private mutating func finish(into digest: inout [UInt8]) throws {
                try buffer.withUnsafeBytes { try sha.update($0) }
                try sha.next(into: &digest)
            }

            private mutating func name(_ text: StaticString) {
                text.withUTF8Buffer { buffer.append(contentsOf: $0) }
            }

            /// A column's text as `JSONWriter` writes strings; `null` for NULL.
            private mutating func text(_ row: Row, _ column: Int32) {
                guard !row.isNull(column) else { return name("null") }
                buffer.append(UInt8(ascii: "\""))
                row.withBytes(column, text: true) { bytes in
                    let isPlain = bytes.allSatisfy {
                        $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") && $0 != 0x7F
                    }
                    if isPlain { buffer.append(contentsOf: bytes) } else { JSONWriter.escape(bytes, into: &buffer) }
                }
                buffer.append(UInt8(ascii: "\""))
            }

            private mutating func hexadecimal(_ bytes: [UInt8]) {
                for byte in bytes {
                    buffer.append(Self.digit(byte >> 4))
                    buffer.append(Self.digit(byte & 15))
                }
            }

            private static func digit(_ value: UInt8) -> UInt8 {
                value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value
            }
        }
    }
}
