import TwinDatabase
import TwinHTTP
import TwinSupport

/// What a tool does. The kinds are fixed, and so are their ids.
package enum BaseTool: String, Sendable, CaseIterable {
    case httpGet = "HTTP_GET"
    case httpPost = "HTTP_POST"
    case documents = "RAG"
    case query = "DB_QUERY"
    case pictureText = "OCR"

    package var id: String {
        switch self {
        case .httpGet: "0190b3a0-0000-7000-8000-000000000001"
        case .httpPost: "0190b3a0-0000-7000-8000-000000000002"
        case .documents: "0190b3a0-0000-7000-8000-000000000003"
        case .query: "0190b3a0-0000-7000-8000-000000000004"
        case .pictureText: "0190b3a0-0000-7000-8000-000000000005"
        }
    }

    package init?(id: String) {
        guard let found = Self.allCases.first(where: { $0.id == id }) else { return nil }
        self = found
    }

    package var summary: String {
        switch self {
        case .httpGet: "Fetches an address"
        case .httpPost: "Sends JSON to an address"
        case .documents: "Answers from the documents of the desk's twin, with citations"
        case .query: "Runs a query on a database file, read-only"
        case .pictureText: "Reads the text in a picture"
        }
    }
}

/// Something that agents can call.
package struct DeskTool: Sendable, Equatable {
    let key: Int64
    package let id: String
    /// None for the operator's, which tenants enable and do not change.
    package let tenantID: String?
    package let name: String
    package let base: BaseTool
    package let description: String
    package let config: JSONObject
    package let inputSchema: JSONObject
    package let isActive: Bool
    package let createdAt: Timestamp
    package let updatedAt: Timestamp

    static let columns = """
        t.key, t.id, t.tenant_id, t.name, t.base, t.description, t.config, t.input_schema, t.is_active, t.created_at, t.updated_at
        """

    /// Throws `TwinError` (`failed`) for a kind that this version does not know.
    init(_ row: Row) throws {
        key = row.int64(0)
        id = row.text(1)
        tenantID = row.optionalText(2)
        name = row.text(3)
        base = try row.value(4)
        description = row.text(5)
        config = try row.object(6)
        inputSchema = try row.object(7)
        isActive = row.bool(8)
        createdAt = try row.requiredTimestamp(9)
        updatedAt = try row.requiredTimestamp(10)
    }

    /// The names of its arguments.
    var argumentNames: [String] { inputSchema["properties"]?.objectValue?.keys ?? [] }
    /// How arguments are found in a message without a model.
    var patterns: [(name: String, pattern: ArgumentPattern)] {
        (config["patterns"]?.objectValue?.members ?? []).compactMap { member in
            member.value.stringValue.flatMap(ArgumentPattern.init).map { (member.key, $0) }
        }
    }
}

/// Tools as rows.
package struct DeskTools: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    static let notFound = TwinError(.notFound, "there is no such tool")
    private static let maximumBytes = 65_536

    /// A tenant's own tools and the operator's, newest first.
    package func list(
        visibleTo tenantID: String, isActive: Bool? = nil, limit: Int = 500, offset: Int = 0
    ) throws -> (tools: [DeskTool], total: Int) {
        try database.read { connection in
            let condition = "(t.tenant_id = ?1 OR t.tenant_id IS NULL) AND (?2 IS NULL OR t.is_active = ?2)"
            return (
                try connection.rows(
                    "SELECT \(DeskTool.columns) FROM desk_tools t WHERE \(condition) ORDER BY t.key DESC LIMIT ?3 OFFSET ?4",
                    tenantID, isActive, limit, offset, map: DeskTool.init),
                try connection.first("SELECT count(*) FROM desk_tools t WHERE \(condition)", tenantID, isActive) { $0.int(0) }
                    ?? 0
            )
        }
    }

    /// A tool by its id or name, the tenant's own before the operator's of that name. Throws `TwinError` (`notFound`).
    package func find(_ name: String, visibleTo tenantID: String) throws -> DeskTool {
        try database.read { try Self.find(name, visibleTo: tenantID, on: $0) }
    }

    /// By its id or its name.
    static func find(_ name: String, visibleTo tenantID: String, on connection: Connection) throws -> DeskTool {
        let tool = try connection.first(
            """
            SELECT \(DeskTool.columns) FROM desk_tools t
            WHERE (t.id = ?1 OR t.name = ?1 COLLATE NOCASE) AND (t.tenant_id = ?2 OR t.tenant_id IS NULL)
            ORDER BY t.id = ?1 DESC, t.tenant_id IS NULL LIMIT 1
            """, name, tenantID, map: DeskTool.init)
        guard let tool else { throw notFound }
        return tool
    }

    /// What is said of a tool; of a change, what is `nil` stays.
    package struct Content: Sendable {
        package var name: String?
        package var base: BaseTool?
        package var description: String?
        package var config: JSONObject?
        package var inputSchema: JSONObject?
        package var isActive: Bool?
        package init() {}
    }

    /// Adds a tool to a tenant, or without one for all that enable it, which only the operator does.
    package func add(_ content: Content, to tenantID: String?, by principal: Principal) throws -> DeskTool {
        guard let base = content.base, let name = content.name else {
            throw TwinError(.invalid, "a tool needs a name and a kind")
        }
        try Self.checkOwner(tenantID, principal)
        let checked = try Self.checked(content, base, by: principal)
        return try database.write { connection in
            try Self.checkFree(name, tenantID, on: connection)
            let id = Identifier.make()
            try connection.run(
                """
                INSERT INTO desk_tools (id, tenant_id, name, base, description, config, input_schema, is_active, created_at,
                    updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9)
                """,
                [
                    id, tenantID, name, base.rawValue, checked.description ?? "", JSON.object(checked.config ?? JSONObject()),
                    JSON.object(checked.inputSchema ?? Self.defaultSchema(base)), checked.isActive ?? true, Clock.now,
                ] as [any DatabaseConvertible])
            try Self.log(.toolCreated, id, tenantID, principal, on: connection)
            return try Self.first(id, on: connection)
        }
    }

    /// Changes a tool, in one transaction with its line in the audit log. Throws `TwinError`: not found, `notPermitted` for one
    /// that the operator shares, `conflict` for a name that is taken, `invalid` for a config that does not fit its kind.
    package func update(_ id: String, of tenantID: String, _ content: Content, by principal: Principal) throws -> DeskTool {
        try database.write { connection in
            let tool = try Self.find(id, visibleTo: tenantID, on: connection)
            try Self.checkOwner(tool.tenantID, principal)
            let checked = try Self.checked(content, content.base ?? tool.base, config: tool.config, by: principal)
            if let name = checked.name, name.lowercased() != tool.name.lowercased() {
                try Self.checkFree(name, tool.tenantID, on: connection)
            }
            try connection.run(
                """
                UPDATE desk_tools SET name = ?2, base = ?3, description = ?4, config = ?5, input_schema = ?6, is_active = ?7,
                    updated_at = ?8 WHERE key = ?1
                """,
                [
                    tool.key, checked.name ?? tool.name, (checked.base ?? tool.base).rawValue,
                    checked.description ?? tool.description, JSON.object(checked.config ?? tool.config),
                    JSON.object(checked.inputSchema ?? tool.inputSchema), checked.isActive ?? tool.isActive, Clock.now,
                ] as [any DatabaseConvertible])
            try Self.log(.toolUpdated, tool.id, tool.tenantID, principal, on: connection)
            return try Self.first(tool.id, on: connection)
        }
    }

    /// Removes a tool, also from the agents that have it. Throws `TwinError`: not found, or `notPermitted` for one that the
    /// operator shares.
    package func remove(_ id: String, of tenantID: String, by principal: Principal) throws {
        try database.write { connection in
            let tool = try Self.find(id, visibleTo: tenantID, on: connection)
            try Self.checkOwner(tool.tenantID, principal)
            try connection.run("DELETE FROM desk_tools WHERE key = ?", tool.key)
            try Self.log(.toolDeleted, tool.id, tool.tenantID, principal, on: connection)
        }
    }

    private static func first(_ id: String, on connection: Connection) throws -> DeskTool {
        guard
            let tool = try connection.first(
                "SELECT \(DeskTool.columns) FROM desk_tools t WHERE t.id = ?", id, map: DeskTool.init)
        else { throw notFound }
        return tool
    }

    static func checkOwner(_ tenantID: String?, _ principal: Principal) throws {
        guard tenantID != nil || principal.isOperator else {
            throw TwinError(.notPermitted, "what the operator shares is only changed by the operator; make one of your own")
        }
    }

    private static func checkFree(_ name: String, _ tenantID: String?, on connection: Connection) throws {
        let taken = try connection.first(
            "SELECT 1 FROM desk_tools WHERE tenant_id IS ? AND name = ? COLLATE NOCASE", tenantID, name, map: { _ in true })
        if taken == true { throw TwinError(.conflict, "there is already a tool named '\(name)'") }
    }

    static func log(
        _ action: AuditLog.Action, _ id: String, _ tenantID: String?, _ principal: Principal, on connection: Connection
    ) throws {
        guard let tenant = try tenantID ?? TwinStore.existingTenant(on: connection) else { return }
        try AuditLog.append(action, tenantID: tenant, actor: principal.actorID, ["id": .string(id)], on: connection)
    }

    // MARK: Rules

    private static func defaultSchema(_ base: BaseTool) -> JSONObject {
        switch base {
        case .documents:
            [
                "type": "object", "properties": ["question": ["type": "string", "minLength": 1, "maxLength": 2000]],
                "required": ["question"],
            ]
        case .pictureText:
            ["type": "object", "properties": ["url": ["type": "string", "maxLength": 2000]], "required": ["url"]]
        default: ["type": "object", "properties": [:]]
        }
    }

    /// Throws `TwinError` (`invalid`) for what could not be called.
    private static func checked(
        _ content: Content, _ base: BaseTool, config old: JSONObject = JSONObject(), by principal: Principal
    ) throws -> Content {
        var content = content
        if let name = content.name {
            guard (1...64).contains(name.utf8.count), name.utf8.allSatisfy({ $0.isNameByte }) else {
                throw TwinError(.invalid, "a tool's name has 1 to 64 letters, digits, '_' and '-'")
            }
        }
        let config = content.config ?? old
        guard JSON.object(config).text.utf8.count <= maximumBytes else {
            throw TwinError(.invalid, "a tool's config has at most \(maximumBytes) bytes")
        }
        if let schema = content.inputSchema {
            guard JSON.object(schema).text.utf8.count <= maximumBytes else {
                throw TwinError(.invalid, "a tool's input schema has at most \(maximumBytes) bytes")
            }
            if schema.isEmpty {
                content.inputSchema = defaultSchema(base)
            } else {
                try ArgumentSchema.check(schema)
            }
        }
        for member in config["patterns"]?.objectValue?.members ?? [] {
            guard let text = member.value.stringValue, ArgumentPattern(text) != nil else {
                throw TwinError(.invalid, "the pattern of '\(member.key)' is not valid; write for example \"ORD-####\"")
            }
        }
        switch base {
        case .httpGet, .httpPost: _ = try HTTPTool(config)
        case .query:
            // It names a file of the server's machine.
            guard principal.isOperator else {
                throw TwinError(.notPermitted, "only the operator of the server makes tools that query databases")
            }
            _ = try QueryTool(config)
        case .documents, .pictureText: break
        }
        return content
    }
}

extension UInt8 {
    fileprivate var isNameByte: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

/// How an argument looks in a message: `#` is a digit, `@` a letter, `#+` and `@+` one or more of them, everything else is
/// itself, whatever its case. It stands for itself: no word goes on before or behind it.
package struct ArgumentPattern: Sendable, Equatable {
    private enum Part: Sendable, Equatable {
        case digit, letter, digits, letters
        case literal(UInt8)

        func matches(_ byte: UInt8) -> Bool {
            switch self {
            case .digit, .digits: byte.isDigit
            case .letter, .letters: byte.isLetter
            case .literal(let own): own == byte.lowered
            }
        }

        var repeats: Bool { self == .digits || self == .letters }
    }

    private let parts: [Part]

    /// None for an empty pattern, one of more than 100 bytes, and one that would be found everywhere.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard (2...100).contains(bytes.count) else { return nil }
        var parts: [Part] = []
        var index = 0
        while index < bytes.count {
            let repeats = index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "+")
            switch bytes[index] {
            case UInt8(ascii: "#"): parts.append(repeats ? .digits : .digit)
            case UInt8(ascii: "@"): parts.append(repeats ? .letters : .letter)
            default:
                parts.append(.literal(bytes[index].lowered))
                index += 1
                continue
            }
            index += repeats ? 2 : 1
        }
        guard parts.contains(where: { if case .literal = $0 { false } else { true } }), parts != [.letters] else { return nil }
        self.parts = parts
    }

    /// The first place in a text that looks like it.
    package func find(in text: String) -> String? {
        let bytes = Array(text.utf8)
        for start in bytes.indices where start == 0 || !bytes[start - 1].isWord {
            guard let end = match(bytes, from: start), end == bytes.count || !bytes[end].isWord else { continue }
            return String(decoding: bytes[start..<end], as: UTF8.self)
        }
        return nil
    }

    /// Parts take all they can: what follows a run is never of its kind, or the pattern is not found.
    private func match(_ bytes: [UInt8], from start: Int) -> Int? {
        var place = start
        for part in parts {
            guard place < bytes.count, part.matches(bytes[place]) else { return nil }
            place += 1
            while part.repeats, place < bytes.count, part.matches(bytes[place]) { place += 1 }
        }
        return place
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (0x30...0x39).contains(self) }
    fileprivate var isLetter: Bool { (0x61...0x7A).contains(lowered) || self >= 0x80 }
    fileprivate var isWord: Bool { isDigit || isLetter }
    fileprivate var lowered: UInt8 { (0x41...0x5A).contains(self) ? self + 0x20 : self }
}
