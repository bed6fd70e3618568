import Testing

/// A table is made and written only by the room that owns it, which ARCHITECTURE.md names. Others ask that room.
@Suite struct TableOwnerTests {
    /// Files whose statements name their table at run time, with the tables that it can be.
    private static let computed: [String: [String]] = [
        "Records/Visibility.swift": ["source_permissions", "verified_answer_permissions"]
    ]

    @Test func `a table is written only by the room that owns it`() throws {
        let house = try House()
        var made: Set<String> = []
        var breaches: [String] = []
        // The leaf knows no table: it copies and rebuilds those that it is told. The snapshot is what the owners' migrations make,
        // and `SchemaTests` holds it to them.
        for file in try HouseFile.all() where file.room != "Database" && file.path != "Schema+Snapshot.swift" {
            for statement in TableStatement.all(in: file.text) {
                let tables = statement.table.map { [$0] } ?? Self.computed[file.path] ?? []
                if tables.isEmpty { breaches.append("\(file.path): \(statement.verb) of a table that the test cannot see") }
                for table in tables where !table.hasPrefix("sqlite_") {
                    if statement.verb == "CREATE TABLE" { made.insert(table) }
                    if let owner = house.owners[table] {
                        if owner != file.room { breaches.append("\(file.path): \(statement.verb) \(table), which \(owner) owns") }
                    } else {
                        breaches.append("\(file.path): \(statement.verb) \(table), which has no owner in ARCHITECTURE.md")
                    }
                }
            }
        }
        #expect(breaches.isEmpty, "\(breaches.joined(separator: "\n"))")
        let gone = Set(house.owners.keys).subtracting(made).sorted()
        #expect(gone.isEmpty, "ARCHITECTURE.md names tables that nobody makes: \(gone.joined(separator: ", "))")
        for room in Set(house.owners.values) { #expect(house.rank(room) != nil, "\(room) is no room") }
    }

    private func statements(_ source: String) -> [String] {
        TableStatement.all(in: SwiftText(source)).map { "\($0.verb) \($0.table ?? "?")" }
    }

    @Test(arguments: [
        (#"run("INSERT INTO a (x) VALUES (?)")"#, ["INSERT a"]),
        (#"run("INSERT OR IGNORE INTO a SELECT * FROM b")"#, ["INSERT a"]),
        (#"run("REPLACE INTO a VALUES (1)")"#, ["INSERT a"]),
        (#"run("UPDATE a SET x = 1 WHERE y = (SELECT z FROM b)")"#, ["UPDATE a"]),
        (#"run("UPDATE OR FAIL a SET x = 1")"#, ["UPDATE a"]),
        ("run(\"\"\"\n    DELETE FROM\n        a WHERE x\n    \"\"\")", ["DELETE a"]),
        (
            #"run("CREATE TABLE a (x REFERENCES b (y) ON UPDATE CASCADE) STRICT; CREATE INDEX i ON a (x)")"#,
            ["CREATE TABLE a", "CREATE INDEX a"]
        ),
        (#"run("CREATE UNIQUE INDEX IF NOT EXISTS i ON a (x)")"#, ["CREATE INDEX a"]),
        (#"run("ALTER TABLE a ADD COLUMN x")"#, ["ALTER TABLE a"]),
        (#"run("DROP TABLE IF EXISTS a")"#, ["DROP TABLE a"]),
        (#"run("CREATE TRIGGER t AFTER UPDATE OF x ON b BEGIN DELETE FROM a; END")"#, ["DELETE a"]),
        (#"run("INSERT INTO a VALUES (1) ON CONFLICT DO UPDATE SET x = 2")"#, ["INSERT a"]),
        (#"run("DELETE FROM \(table) WHERE x")"#, ["DELETE ?"]),
        (#"run("DELETE FROM " + table)"#, ["DELETE ?"]),
        (#"run("WITH c AS (SELECT 1) INSERT INTO "a" SELECT * FROM c")"#, ["INSERT ?"]),
        (#"try $0.rebuildTable("a", as: "(x) STRICT", filledBy: "SELECT x FROM a")"#, ["REBUILD a"]),
        (#"run("SELECT x FROM a") // DELETE FROM a"#, []),
        (#"throw TwinError("there is nothing to UPDATE in it")"#, []),
    ])
    func `statements that write are found in string literals`(source: String, expected: [String]) {
        #expect(statements(source) == expected)
    }
}

/// A statement in a string literal that makes or writes a table.
private struct TableStatement {
    var verb: String
    /// None when the name is made at run time.
    var table: String?

    static func all(in text: SwiftText) -> [TableStatement] {
        text.literals.flatMap { literal -> [TableStatement] in
            if literal.before.hasSuffix("rebuildTable(") { return [TableStatement(verb: "REBUILD", table: literal.text)] }
            return statements(words(literal.text))
        }
    }

    private static func words(_ text: String) -> [Substring] {
        let placeholder = Character(UnicodeScalar(SwiftText.placeholder))
        return text.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == placeholder) }
    }

    private static func statements(_ words: [Substring]) -> [TableStatement] {
        var result: [TableStatement] = []
        for (index, word) in words.enumerated() {
            var rest = words[(index + 1)...]
            func skip(_ expected: Substring...) -> Bool {
                guard rest.starts(with: expected) else { return false }
                rest = rest.dropFirst(expected.count)
                return true
            }
            let previous = index > 0 ? words[index - 1] : ""
            switch word {
            case "INSERT", "REPLACE":
                if skip("OR") { rest = rest.dropFirst() }
                if skip("INTO") { result.append(statement("INSERT", rest)) }
            case "UPDATE" where previous != "DO" && previous != "ON":
                if skip("OR") { rest = rest.dropFirst() }
                if rest.dropFirst().first == "SET" { result.append(statement("UPDATE", rest)) }
            case "DELETE": if skip("FROM") { result.append(statement("DELETE", rest)) }
            case "CREATE":
                _ = skip("UNIQUE")
                if skip("TABLE") {
                    _ = skip("IF", "NOT", "EXISTS")
                    result.append(statement("CREATE TABLE", rest))
                } else if skip("INDEX") {
                    _ = skip("IF", "NOT", "EXISTS")
                    rest = rest.dropFirst()
                    if skip("ON") { result.append(statement("CREATE INDEX", rest)) }
                }
            case "ALTER": if skip("TABLE") { result.append(statement("ALTER TABLE", rest)) }
            case "DROP":
                if skip("TABLE") {
                    _ = skip("IF", "EXISTS")
                    result.append(statement("DROP TABLE", rest))
                }
            default: break
            }
        }
        return result
    }

    private static func statement(_ verb: String, _ rest: ArraySlice<Substring>) -> TableStatement {
        let table = rest.first.flatMap { $0.utf8.contains(SwiftText.placeholder) ? nil : String($0) }
        return TableStatement(verb: verb, table: table)
    }
}
