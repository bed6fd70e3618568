import TwinDatabase
import TwinHTTP
import TwinSupport

/// Desks as rows: finding, making and changing them. Which of them a caller may touch, `Authorizer.desk` says.
package struct Desks: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    private static let maximumSettingsBytes = 65_536

    // MARK: Finding

    /// The desk of a tenant. Throws `TwinError` (`notFound`).
    package func find(_ tenantID: String) throws -> Desk { try database.read { try Self.find(tenantID, on: $0) } }

    static func find(_ tenantID: String, on connection: Connection) throws -> Desk {
        let desk = try connection.first("SELECT \(Desk.columns) \(Desk.from) WHERE t.id = ?", tenantID, map: Desk.init)
        guard let desk else { throw Authorizer.noTenant }
        return desk
    }

    /// The same for what only open desks do: nobody but the operator reaches one that is closed.
    package func open(_ tenantID: String) throws -> Desk { try database.read { try Self.open(tenantID, on: $0) } }

    static func open(_ tenantID: String, on connection: Connection) throws -> Desk {
        let desk = try find(tenantID, on: connection)
        guard desk.isActive else { throw Authorizer.closedDesk }
        return desk
    }

    /// The desk with the name of its widget made, where it had none.
    package func complete(_ tenantID: String) throws -> Desk {
        let desk = try find(tenantID)
        guard desk.widgetKey.isEmpty else { return desk }
        return try database.write { connection in
            try Self.prepare(tenantID, on: connection)
            return try Self.find(tenantID, on: connection)
        }
    }

    /// Makes sure that a tenant's desk has a row.
    static func prepare(_ tenantID: String, domain: String? = nil, on connection: Connection) throws {
        let now = Clock.now
        try connection.run(
            """
            INSERT INTO desks (tenant_id, domain, settings, widget, widget_key, created_at, updated_at)
            VALUES (?1, ?2, '{}', '{}', ?3, ?4, ?4) ON CONFLICT DO NOTHING
            """, tenantID, domain, makeWidgetKey(), now)
    }

    private static func makeWidgetKey() -> String { "wk_" + Base64.url.encode(Crypto.random(count: 24)) }

    /// The desks that the principal may see: all for operators, an owner's own. Newest first.
    package func list(as principal: Principal) throws -> [Desk] {
        let tenant = principal.isOperator ? nil : try Authorizer(database: database).desk(nil, .manage, as: principal)
        return try database.read { connection in
            try connection.rows(
                "SELECT \(Desk.columns) \(Desk.from) WHERE ?1 IS NULL OR t.id = ?1 ORDER BY t.created_at DESC, t.id DESC", tenant,
                map: Desk.init)
        }
    }

    /// The twin that a desk answers from: the one that was named, else the tenant's only one. Throws `TwinError` (`conflict`)
    /// where it is not clear which.
    package func twin(of desk: Desk) throws -> Twin { try database.read { try Self.twin(of: desk, on: $0) } }

    static func twin(of desk: Desk, on connection: Connection) throws -> Twin {
        if let key = desk.twinKey { return try TwinStore.load(key, on: connection) }
        let twins = try connection.rows(
            "SELECT \(Twin.columns) FROM twins WHERE tenant_id = ? AND archived_at IS NULL ORDER BY key LIMIT 2", desk.tenantID,
            map: Twin.init)
        guard let twin = twins.first, twins.count == 1 else {
            throw TwinError(
                .conflict,
                twins.isEmpty
                    ? "the desk has no twin to answer from; 'twin desk init' makes one"
                    : "the tenant has several twins; say which one the desk answers from with 'twin desk init --twin TWIN'")
        }
        return twin
    }

    // MARK: Changing

    /// Makes a tenant with its desk and the twin that this answers from. Throws `TwinError` (`conflict`) for a domain that
    /// another has.
    package func create(name: String, domain: String?, settings: JSONObject, by principal: Principal) throws -> Desk {
        guard principal.isOperator else {
            if principal == .nobody { throw Authorizer.unauthenticated }
            throw TwinError(.notPermitted, "only the operator of the server makes tenants")
        }
        return try database.write {
            try Self.create(name: name, domain: domain, settings: settings, by: principal.actorID, on: $0)
        }
    }

    static func create(
        name: String, domain: String?, settings: JSONObject, by actor: String?, on connection: Connection
    ) throws -> Desk {
        let name = try TwinStore.checkedName(name)
        return try furnish(try Tenant.create(name, on: connection), domain: domain, settings: settings, by: actor, on: connection)
    }

    /// Gives a tenant that is there a desk and a twin.
    static func furnish(
        _ tenantID: String, domain: String? = nil, settings: JSONObject = JSONObject(), by actor: String?,
        on connection: Connection
    ) throws -> Desk {
        try checkFree(domain, for: tenantID, on: connection)
        try check(settings)
        try prepare(tenantID, domain: domain, on: connection)
        let desk = try find(tenantID, on: connection)
        var twinSettings = TwinSettings()
        try twinSettings.set("escalation.enabled", true)
        let twin = try TwinStore.create(
            name: desk.name, settings: twinSettings, tenantID: tenantID, by: actor, on: connection)
        try connection.run(
            "UPDATE desks SET twin_key = ?2, settings = ?3 WHERE tenant_id = ?1", tenantID, twin.key, JSON.object(settings))
        try log(tenantID, ["created": true], by: actor, on: connection)
        return try find(tenantID, on: connection)
    }

    /// Makes somebody's tenant with its desk, as its owner.
    package func register(email: String, password: Secret, fullName: String?) throws -> User {
        try Users(database: database).register(email: email, password: password, fullName: fullName) { tenant, connection in
            _ = try Self.furnish(tenant, by: nil, on: connection)
        }
    }

    /// Gives a tenant that is there a desk, which answers from `twin` or, without one, from one that is made.
    package func initialize(_ tenantID: String, twin: Twin?, by principal: Principal) throws -> Desk {
        try database.write { connection in
            guard let twin else { return try Self.furnish(tenantID, by: principal.actorID, on: connection) }
            try Self.prepare(tenantID, on: connection)
            try connection.run("UPDATE desks SET twin_key = ? WHERE tenant_id = ?", twin.key, tenantID)
            try Self.log(tenantID, ["twin_id": .string(twin.id)], by: principal.actorID, on: connection)
            return try Self.find(tenantID, on: connection)
        }
    }

    /// What is changed of a desk; what is `nil` stays.
    package struct Change: Sendable {
        package var name: String?
        package var domain: String?
        package var isActive: Bool?
        /// Replaces all of them.
        package var settings: JSONObject?
        package var widget: WidgetSettings?
        package var renewsWidgetKey = false
        /// Ids.
        package var twin: String?
        package var defaultAgent: String?
        package init() {}
    }

    /// Changes a desk in one transaction: `edit` sees it as it is and answers what becomes of it. Throws `TwinError`:
    /// `notPermitted` where somebody else than the operator opens or closes it, or what is wrong with a value; and what `edit`
    /// throws.
    package func change(_ tenantID: String, by principal: Principal, _ edit: (Desk) throws -> Change) throws -> Desk {
        try database.write { connection in
            try Self.prepare(tenantID, on: connection)
            let desk = try Self.find(tenantID, on: connection)
            let change = try edit(desk)
            if let isActive = change.isActive, isActive != desk.isActive {
                guard principal.isOperator else {
                    throw TwinError(.notPermitted, "only the operator of the server opens and closes tenants")
                }
                try connection.run("UPDATE desks SET is_active = ? WHERE tenant_id = ?", isActive, tenantID)
            }
            if let name = change.name {
                try Tenant.rename(tenantID, TwinStore.checkedName(name), on: connection)
            }
            if let domain = change.domain {
                try Self.checkFree(domain, for: tenantID, on: connection)
                try connection.run("UPDATE desks SET domain = ? WHERE tenant_id = ?", domain, tenantID)
            }
            if let settings = change.settings {
                try Self.check(settings)
                try connection.run("UPDATE desks SET settings = ? WHERE tenant_id = ?", JSON.object(settings), tenantID)
            }
            if let widget = change.widget {
                try connection.run("UPDATE desks SET widget = ? WHERE tenant_id = ?", JSON.object(widget.stored), tenantID)
            }
            if change.renewsWidgetKey {
                try connection.run("UPDATE desks SET widget_key = ? WHERE tenant_id = ?", Self.makeWidgetKey(), tenantID)
            }
            if let twin = change.twin {
                guard let found = try TwinStore.find(twin, tenantID: tenantID, on: connection) else {
                    throw TwinError(.notFound, "there is no such twin")
                }
                try connection.run("UPDATE desks SET twin_key = ? WHERE tenant_id = ?", found.key, tenantID)
            }
            if let agent = change.defaultAgent {
                let found = try Agents.find(agent, visibleTo: tenantID, on: connection)
                try connection.run("UPDATE desks SET default_agent_key = ? WHERE tenant_id = ?", found.key, tenantID)
            }
            try connection.run("UPDATE desks SET updated_at = ? WHERE tenant_id = ?", Clock.now, tenantID)
            try Self.log(tenantID, [:], by: principal.actorID, on: connection)
            return try Self.find(tenantID, on: connection)
        }
    }

    private static func log(
        _ tenantID: String, _ metadata: JSONObject, by actor: String?, on connection: Connection
    ) throws {
        try AuditLog.append(.deskChanged, tenantID: tenantID, actor: actor, metadata, on: connection)
    }

    private static func checkFree(_ domain: String?, for tenantID: String, on connection: Connection) throws {
        guard let domain else { return }
        let holder = try connection.first("SELECT tenant_id FROM desks WHERE domain = ?", domain) { $0.text(0) }
        guard holder == nil || holder == tenantID else {
            throw TwinError(.conflict, "there is already a tenant with the domain \(domain)")
        }
    }

    private static func check(_ settings: JSONObject) throws {
        guard JSON.object(settings).text.utf8.count <= maximumSettingsBytes else {
            throw TwinError(.invalid, "the settings have more than \(maximumSettingsBytes) bytes")
        }
    }
}
