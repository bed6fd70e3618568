import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinKit
@testable import TwinSupport

/// Whoever adds a table says what becomes of its rows when their tenant goes to another file.
@Suite struct TenantTablesTests {
    let fixture: WorkspaceFixture

    init() throws { fixture = try WorkspaceFixture() }

    @Test func `every table goes along with its tenant, or says why it stays`() throws {
        let tables = try fixture.database.read { Set(try SchemaText.tables($0)) }
        let moving = TenantTables.moving.map(\.name)
        #expect(Set(moving).count == moving.count)
        #expect(Set(moving).isDisjoint(with: TenantTables.staying.keys))
        let known = Set(moving).union(TenantTables.staying.keys)
        #expect(tables == known, "not classified, or gone: \(tables.symmetricDifference(known).sorted())")
    }

    /// A number that names a row and is not known as such would name another row in the other file.
    @Test func `every column that looks like a key of a row is shifted with that row`() throws {
        var unknown: [String] = []
        for table in TenantTables.moving { unknown += try unexplainedKeys(of: table) }
        #expect(unknown.isEmpty, "say with 'pointing' whose key it is: \(unknown)")
    }

    private func unexplainedKeys(of table: TransferTable) throws -> [String] {
        try fixture.database.read { connection in
            let references = try connection.rows("SELECT \"from\" FROM pragma_foreign_key_list(?)", table.name) { $0.text(0) }
            let columns = try SchemaText.columns(of: table.name, connection).filter { $0.type == "INTEGER" }
            return columns.filter { column in
                guard column.name.hasSuffix("key") || column.name == "first_chunk" || column.name == "of_twin" else {
                    return false
                }
                if column.name == "key" && column.isKey || references.contains(column.name) { return false }
                return table.values[column.name] == nil
            }.map { "\(table.name).\($0.name)" }
        }
    }

    @Test func `parents stand before what refers to them, and every way to the owner ends there`() throws {
        var seen: Set<String> = []
        for table in TenantTables.moving {
            #expect(table.ownerColumn != nil || !table.links.isEmpty, "\(table.name)")
            for link in table.links { #expect(seen.contains(link.table), "\(table.name) stands before \(link.table)") }
            seen.insert(table.name)
        }
    }

    /// Each part of the query of what is named, but the one of documents on their way, is of a table and a column.
    @Test func `files that rows name are those that the storage is kept for`() throws {
        let moving = Set(
            TenantTables.moving.flatMap { table in table.files.map { "\(table.name) \($0.replacing("r.", with: ""))" } })
        let named = Workspace.namedFiles.split(separator: "UNION ALL").map { part -> String in
            let words = part.split { $0 == " " || $0 == "\n" }
            let from = words.firstIndex(of: "FROM") ?? words.startIndex
            let column = words[..<from].dropFirst().joined(separator: " ")
            return "\(words.dropFirst(from + 1).first ?? "") \(column)"
        }
        #expect(Set(named) == moving)
    }
}
