import TwinDatabase
import TwinHTTP
import TwinSupport

/// How much a group may ask, and how it is answered.
extension GroupStore {
    /// What a group may ask. The windows are those of `RateLimit`; the tokens of one request are those of the question,
    /// estimated.
    package enum LimitType: String, Sendable, CaseIterable {
        case requestsPerHour = "requests_per_hour"
        case requestsPerDay = "requests_per_day"
        case tokensPerRequest = "tokens_per_request"
        case tokensPerDay = "tokens_per_day"
    }

    static let limitRange = 0...1_000_000_000

    /// A group's limits, those that are set.
    package func limits(of group: AccessGroup) throws -> [LimitType: Int] {
        try database.read { try Self.limits(of: group, on: $0) }
    }

    static func limits(of group: AccessGroup, on connection: Connection) throws -> [LimitType: Int] {
        let rows = try connection.rows(
            "SELECT limit_type, limit_value FROM group_limits WHERE group_key = ?", group.key
        ) { (try $0.value(0, as: LimitType.self), $0.int(1)) }
        return Dictionary(rows, uniquingKeysWith: { first, _ in first })
    }

    /// Sets a limit, 0 to 1,000,000,000; `nil` removes it.
    package func setLimit(
        _ type: LimitType, _ value: Int?, of group: AccessGroup, by actor: String?
    ) throws {
        try database.write { try Self.setLimit(type, value, of: group, by: actor, on: $0) }
    }

    static func setLimit(
        _ type: LimitType, _ value: Int?, of group: AccessGroup, by actor: String?,
        on connection: Connection
    ) throws {
        if let value, !limitRange.contains(value) {
            throw TwinError(.invalid, "\(type.rawValue) takes a whole number from 0 to 1000000000")
        }
        try AuditLog.append(.groupUpdated, of: group, actor: actor, [type.rawValue: .optional(value)], on: connection)
        try store(
            value, under: type.rawValue, of: group,
            """
            INSERT INTO group_limits (group_key, limit_type, limit_value) VALUES (?, ?, ?)
            ON CONFLICT DO UPDATE SET limit_value = excluded.limit_value
            """, removing: "DELETE FROM group_limits WHERE group_key = ? AND limit_type = ?", on: connection)
    }

    /// What stands above the settings of the twin and of the group while a member is answered.
    package enum OverrideType: String, Sendable, CaseIterable {
        case systemPrompt = "system_prompt"
        case temperature
        case maximumTokens = "max_tokens"
        /// A list of tools, or an object with `allowed_tools`. It is kept for clients; answers here use no tools.
        case toolAccess = "tool_access"

        /// Throws `TwinError` that names the values that this override takes.
        func check(_ value: JSON) throws {
            if let definition = TwinSettings.definition(rawValue) { return try definition.check(value) }
            let tools = (value["allowed_tools"] ?? value).arrayValue
            guard let tools, tools.count <= 100, tools.allSatisfy({ $0.stringValue.map { $0.utf8.count <= 200 } ?? false }) else {
                throw TwinError(
                    .invalid, "\(rawValue) takes a list of at most 100 names of tools, or an object with \"allowed_tools\"")
            }
        }
    }

    /// A group's overrides, those that are set.
    package func overrides(of group: AccessGroup) throws -> [OverrideType: JSON] {
        try database.read { try Self.overrides(of: group, on: $0) }
    }

    static func overrides(of group: AccessGroup, on connection: Connection) throws -> [OverrideType: JSON] {
        let rows = try connection.rows(
            "SELECT override_type, override_value FROM group_overrides WHERE group_key = ?", group.key
        ) { (try $0.value(0, as: OverrideType.self), try $0.json(1)) }
        return Dictionary(rows, uniquingKeysWith: { first, _ in first })
    }

    /// Sets an override after checking its value; `nil` and `null` remove it. Throws `TwinError`.
    package func setOverride(
        _ type: OverrideType, _ value: JSON?, of group: AccessGroup, by actor: String?
    ) throws {
        try database.write { try Self.setOverride(type, value, of: group, by: actor, on: $0) }
    }

    static func setOverride(
        _ type: OverrideType, _ value: JSON?, of group: AccessGroup, by actor: String?,
        on connection: Connection
    ) throws {
        try AuditLog.append(.groupUpdated, of: group, actor: actor, ["override": .string(type.rawValue)], on: connection)
        let value = value?.isNull == true ? nil : value
        if let value { try type.check(value) }
        try store(
            value, under: type.rawValue, of: group,
            """
            INSERT INTO group_overrides (group_key, override_type, override_value) VALUES (?, ?, ?)
            ON CONFLICT DO UPDATE SET override_value = excluded.override_value
            """, removing: "DELETE FROM group_overrides WHERE group_key = ? AND override_type = ?", on: connection)
    }

    /// Keeps a value under its type, in place of the one before; none removes it. Each statement names its table, so that it is
    /// seen who writes it.
    private static func store(
        _ value: (any DatabaseConvertible)?, under type: String, of group: AccessGroup, _ insertion: String,
        removing deletion: String, on connection: Connection
    ) throws {
        guard let value else { return try connection.run(deletion, group.key, type) }
        try connection.run(insertion, group.key, type, value)
    }
}
