import FoundationEssentials
import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinKit
@testable import TwinSupport

/// A tenant in another file is the same tenant: every row of every table, with the keys that it has there, and nobody else's row
/// has changed.
@Suite struct TenantCarrierTests {
    private func workspace() throws -> WorkspaceFixture { try WorkspaceFixture() }

    private func carrier(_ source: WorkspaceFixture, _ target: WorkspaceFixture) throws -> TenantCarrier {
        func place(_ fixture: WorkspaceFixture) throws -> TenantCarrier.Place {
            .init(
                database: fixture.database, objects: try fixture.workspace.configuration.objectStores(of: fixture.database))
        }
        return try TenantCarrier(from: place(source), to: place(target))
    }

    /// Columns that say something else in another file, by intention.
    private static let differing: Set<String> = [
        "audit_log.key", "audit_log.chained_key", "jobs.status", "jobs.lease_owner", "jobs.lease_expires_at", "jobs.payload",
        "graph_evidence.target_key", "mail_marks.told_key",
    ]

    /// The tenant's rows with keys replaced by the number that the row has among those of its table.
    private func canonical(_ tenant: String, in database: Database) throws -> [String: [String]] {
        let transfer = RowTransfer(TenantTables.moving, of: tenant)
        return try database.read { connection in
            var places: [String: [String: Int]] = [:]
            func place(_ table: String, _ key: String) throws -> String {
                if places[table] == nil {
                    let keys = try transfer.rows(of: table, columns: ["key"], on: connection).compactMap(\.first)
                    places[table] = Dictionary(keys.enumerated().map { ($1, $0) }) { first, _ in first }
                }
                return key == "NULL" ? "none" : "row \(places[table]?[key].map(String.init) ?? "of nobody")"
            }
            var result: [String: [String]] = [:]
            for table in TenantTables.moving where !RandomTenant.leftOut.contains(table.name) {
                let references = Dictionary(
                    try connection.rows(
                        "SELECT \"from\", \"table\" FROM pragma_foreign_key_list(?) WHERE coalesce(\"to\", 'key') = 'key'",
                        table.name
                    ) { ($0.text(0), $0.text(1)) }
                ) { first, _ in first }
                let columns = try SchemaText.columns(of: table.name, connection).map(\.name)
                    .filter { !Self.differing.contains("\(table.name).\($0)") }
                result[table.name] = try transfer.rows(of: table.name, columns: columns, on: connection).map { values in
                    try zip(columns, values).map { column, value in
                        let parent =
                            references[column] ?? RandomTenant.hidden["\(table.name).\(column)"]
                            ?? (column == "key" ? table.name : nil)
                        return "\(column)=" + (try parent.map { try place($0, value) } ?? "\(value)")
                    }.joined(separator: "|")
                }.sorted()
            }
            return result
        }
    }

    private func dump(_ database: Database) throws -> [String: Int] {
        try database.read { connection in
            var counts: [String: Int] = [:]
            for table in TenantTables.moving {
                for row in try SchemaText.rows(of: table.name, connection) {
                    let text = table.name + row.map { "\($0.column)=\($0.value)" }.joined(separator: "|")
                    counts[text, default: 0] += 1
                }
            }
            return counts
        }
    }

    @Test(arguments: 0..<12) func `random rows in every table are the same rows there, and nobody else's change`(seed: Int) throws
    {
        let (source, target) = (try workspace(), try workspace())
        let (ada, bob, eve) = (Identifier.make(), Identifier.make(), Identifier.make())
        let rows = 2 + seed % 5
        try RandomTenant(id: ada, marker: "zebra\(seed)", rows: rows, base: 5 + seed * 7).fill(source.database)
        try RandomTenant(id: bob, marker: "okapi\(seed)", rows: rows, base: 1_000 + seed).fill(source.database)
        try RandomTenant(id: eve, marker: "tapir\(seed)", rows: 3, base: 1 + seed * 11).fill(target.database)
        // Half of the tables at the least: what is random may not fit together now and then.
        let before = try canonical(ada, in: source.database)
        #expect(before.values.filter { !$0.isEmpty }.count > 70, "\(before.filter { $0.value.isEmpty }.keys.sorted())")
        let others = try dump(target.database)
        let atSource = try dump(source.database)

        let carrier = try carrier(source, target)
        _ = try carrier.carry(ada, carriesSecrets: true, by: "tester")

        let after = try canonical(ada, in: target.database)
        for (table, rows) in before {
            let there = table == "audit_log" ? after[table]?.filter { !$0.contains("TENANT_IMPORTED") } : after[table]
            #expect(there == rows, "\(table)")
        }
        let now = try dump(target.database)
        for (row, count) in others { #expect(now[row] == count, "\(row)") }
        #expect(try dump(source.database) == atSource)
        let isSound = try target.database.read { connection in
            try connection.rows("SELECT 1 FROM pragma_foreign_key_check") { _ in true }.isEmpty
        }
        #expect(isSound)

        // Taken away, nothing of it is left, and of the other tenant everything.
        let bobs = try canonical(bob, in: source.database)
        try source.database.transfer(overwriting: true) { try carrier.transfer(ada).erase(on: $0) }
        #expect(try source.database.read { try carrier.transfer(ada).counts(on: $0) }.values.allSatisfy { $0 == 0 })
        #expect(try canonical(bob, in: source.database) == bobs)
        #expect(try source.database.withWriter { try $0.emptyLog(waiting: 1_000) })
        let bytes = String(decoding: try Data(contentsOf: URL(filePath: source.database.path)), as: UTF8.self)
        #expect(!bytes.contains("zebra\(seed) ") && bytes.contains("okapi\(seed) "))
    }

    @Test func `keys in the words of letters and marks follow their rows`() throws {
        let (source, target) = (try workspace(), try workspace())
        let tenant = Identifier.make()
        try RandomTenant(id: Identifier.make(), marker: "tapir", rows: 5, base: 1).fill(target.database)
        try RandomTenant(id: tenant, marker: "zebra", rows: 4, base: 1).fill(source.database)
        let letter = Letter.unanswered(userID: "u", after: 1, upTo: 4)
        try source.database.transfer { connection in
            try connection.run("UPDATE jobs SET payload = ?", JSON.object((["task": "mail"] as JSONObject).merging(letter.json)))
            try connection.run("UPDATE mail_marks SET letter = 'unanswered', told_key = 4, twin_key = NULL WHERE key = 1")
        }
        _ = try carrier(source, target).carry(tenant, carriesSecrets: true, by: nil)
        try target.database.read { connection in
            let first = try connection.first("SELECT min(key) FROM escalations WHERE tenant_id = ?", tenant) { $0.int(0) } ?? 0
            #expect(first > 1)
            let payload = try connection.first("SELECT payload FROM jobs WHERE tenant_id = ?", tenant) { try $0.json(0) }
            let found = payload.flatMap { Letter($0) }
            #expect(found == .unanswered(userID: "u", after: first, upTo: first + 3))
            let told = try connection.first(
                "SELECT told_key FROM mail_marks WHERE tenant_id = ? AND letter = 'unanswered' ORDER BY key", tenant
            ) { $0.int(0) }
            #expect(told == first + 3)
        }
    }

    @Test func `an address that is there already is an error before anything is changed`() throws {
        let (source, target) = (try TenantFixture("acme"), try TenantFixture("beta"))
        _ = try target.workspace.users.add(email: source.owner.email, role: .viewer, password: nil, tenantID: target.tenantID)
        let before = try dump(target.workspace.database)
        func moving(_ isDryRun: Bool) throws {
            _ = try source.workspace.moveTenant(
                source.tenantID, to: target.workspace.database.path, url: "https://b.example", isDryRun: isDryRun, by: "tester")
        }
        for isDryRun in [true, false] {
            do {
                try moving(isDryRun)
                Issue.record("it moved")
            } catch let error as TwinError {
                #expect(error.kind == .conflict && error.message.contains(source.owner.email))
            }
        }
        #expect(try dump(target.workspace.database) == before)
        #expect(try source.workspace.tenants.list().first?.move == nil)
        _ = try source.twin()
    }

    @Test func `secrets go along sealed, or in the clear where that was said, or not at all`() throws {
        let folder = try TemporaryFolder()
        let master = try folder.write("master.key", String(repeating: "5a", count: 32))
        try FileMode.remove(0o077, from: master)
        let cases: [([String: String], Bool, Bool)] = [
            ([:], false, false), ([:], true, true), (["TWIN_MASTER_KEY_FILE": master], false, true),
        ]
        for (variables, inTheClear, works) in cases {
            let source = try TenantFixture("acme", variables)
            let target = try TenantFixture("beta", variables)
            let (key, other) = (Secret(try source.key()), Secret(try target.key()))
            let path = source.folder.file("export.db")
            let cargo = try source.workspace.exportTenant(source.tenantID, to: path, inTheClear: inTheClear, by: "tester")
            #expect((cargo.unusableKeys == 0) == works)
            #expect(FileMode.permissions(path) == 0o600)
            let exported = try Workspace(path: path, configuration: source.workspace.configuration)
            let inClear = try exported.database.read { try StoredSecrets.entries(on: $0) }.filter { $0.keyIdentifier == nil }
            #expect(inClear.isEmpty || inTheClear)
            _ = try target.workspace.importTenant(nil, from: path, by: "tester")
            #expect(try (target.workspace.keys.verify(key)?.tenantID == source.tenantID) == works)
            #expect(try target.workspace.keys.verify(other)?.tenantID == target.tenantID)
            // Keys that are made there later are good as well.
            let later = try target.workspace.keys.create("later", tenantID: source.tenantID, by: nil).text
            #expect(try target.workspace.keys.verify(later)?.tenantID == source.tenantID)
            #expect(
                failure { _ = try source.workspace.exportTenant(source.tenantID, to: path, inTheClear: true, by: nil) }
                    == .conflict)
        }
    }
}
