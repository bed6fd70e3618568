import TwinDatabase
import TwinSupport

/// Taking personal data out of the log, so that its chain stands. Each row that changes is named by a row of the log itself
/// (`DETAILS_ERASED`), with the hash of what the row holds since: what is changed without such a word is found.
extension AuditLog {
    /// What stands for details that are gone.
    static let erasedDetails: JSONObject = ["erased": true]
    /// Rows that one word names at the most.
    static let rowsPerErasure = 100

    /// Who is erased: the id they had here, addresses, which name them wherever they stand, and names, which do as a whole value.
    struct Person {
        let id: String
        var addresses: [String] = []
        var names: [String] = []
    }

    /// Takes a person out of every row: a pseudonym, the same in all of them, stands for who acted or was meant, and details that
    /// name them, or that they wrote, are gone. Answers the pseudonym.
    @discardableResult
    static func erase(_ person: Person, by actor: String?, on connection: Connection) throws -> String {
        let pseudonym = "erased-" + Hex.encode(Crypto.random(count: 6))
        // As they stand in JSON.
        let parts = ([person.id] + person.addresses).filter { !$0.isEmpty }
            .map { String(JSON.string($0).text.dropFirst().dropLast()).lowercased() }
        let written = parts + person.names.filter { !$0.isEmpty }.map { JSON.string($0).text.lowercased() }
        var rows: [Changed] = []
        try connection.forEach(
            """
            SELECT key, seq, tenant_id, actor_id, user_id, metadata, event_type, action FROM audit_log ORDER BY key
            """, []
        ) { row in
            let actorID = row.optionalText(3)
            let userID = row.optionalText(4)
            let isOwn = actorID == person.id || userID == person.id
            let text = row.text(5).lowercased()
            let names = written.contains { text.contains($0) } || isOwn && row.text(6) == Event.external.rawValue
            // The words of earlier erasures hold hashes, and have to stay.
            let erasesDetails = names && row.text(7) != Action.detailsErased.rawValue
            guard isOwn || erasesDetails else { return }
            rows.append(
                Changed(
                    key: row.int64(0), seq: row.int64(1), tenantID: row.text(2),
                    actorID: actorID == person.id ? pseudonym : actorID, userID: userID == person.id ? pseudonym : userID,
                    erasesPeople: isOwn, erasesDetails: erasesDetails))
        }
        for (tenant, ofTenant) in Dictionary(grouping: rows, by: \.tenantID).sorted(by: { $0.key < $1.key }) {
            var rest = ofTenant[...]
            while !rest.isEmpty {
                let part = rest.prefix(rowsPerErasure)
                rest = rest.dropFirst(rowsPerErasure)
                try erase(Array(part), pseudonym, tenant, actor == person.id ? pseudonym : actor, on: connection)
            }
        }
        return pseudonym
    }

    private struct Changed {
        let key: Int64
        let seq: Int64
        let tenantID: String
        let actorID: String?
        let userID: String?
        let erasesPeople: Bool
        let erasesDetails: Bool
    }

    private static func erase(
        _ rows: [Changed], _ pseudonym: String, _ tenantID: String, _ actor: String?, on connection: Connection
    ) throws {
        var hasher = try AuditChain.Seal.Hasher()
        var people = JSONObject()
        var details = JSONObject()
        for row in rows {
            if row.erasesPeople {
                try connection.run(
                    "UPDATE audit_log SET actor_id = ?, user_id = ?, people_salt = ? WHERE key = ?", row.actorID, row.userID,
                    Crypto.random(count: 16), row.key)
            }
            if row.erasesDetails {
                try connection.run(
                    "UPDATE audit_log SET metadata = ?, details_salt = ? WHERE key = ?", JSON.object(erasedDetails),
                    Crypto.random(count: 16), row.key)
            }
            let seal = try connection.first(
                "SELECT \(AuditChain.columns) FROM audit_log WHERE key = ?", row.key,
                map: { try hasher.seal($0, after: AuditChain.start) })
            if row.erasesPeople, let seal { people[String(row.seq)] = .string(Hex.encode(seal.people)) }
            if row.erasesDetails, let seal { details[String(row.seq)] = .string(Hex.encode(seal.details)) }
        }
        try append(
            .detailsErased, tenantID: tenantID, actor: actor,
            ["pseudonym": .string(pseudonym), "people": .object(people), "details": .object(details)], on: connection)
    }
}
