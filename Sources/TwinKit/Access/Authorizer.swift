import TwinDatabase
import TwinSupport

/// May this principal do this to that? The one place that answers, for every door.
///
/// What belongs to another tenant is not found: nobody learns that it exists. What is the tenant's own, but not allowed, is
/// not permitted.
package struct Authorizer: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    /// What somebody wants to do to a twin or in a tenant. Which principal may is decided here and nowhere else.
    package enum Action: Sendable, Equatable {
        case read
        case chat
        /// Change what the twin knows: sources and verified answers.
        case write
        /// Work at the desk: look into what contacts ask, and talk with them. Never by a key.
        case attend
        /// Change the twin itself, what its owner holds true, and who may do what: groups, sharing, users, keys. Never by a key.
        case manage
    }

    // MARK: Tenant

    /// The tenant whose users, keys and log the principal may see or change. Looks only, unless `making` says that something is
    /// about to be put into it: then the person at the command line gets the file's first. Throws `TwinError`.
    package func tenant(_ action: Action, as principal: Principal, making: Bool = false) throws -> String {
        switch principal {
        case .localOperator:
            if making { return try database.write { try TwinStore.firstTenant(on: $0) } }
            guard let tenant = try database.read({ try TwinStore.existingTenant(on: $0) }) else {
                throw TwinError(.notFound, "there is no workspace yet; 'twin twins create NAME' makes the first")
            }
            return tenant
        case .user(let user):
            guard let tenant = user.tenantID else {
                throw TwinError(.notPermitted, "you have no workspace yet; call /auth/sync-user first")
            }
            try Self.check(user, action)
            return tenant
        case .apiKey, .visitor: throw Self.notForKeys
        case .frontEnd, .nobody: throw Self.unauthenticated
        }
    }

    // MARK: Twin and what belongs to one

    /// The twin with this id or slug, if the principal may do this to it. Throws `TwinError`: unauthenticated, not found, or
    /// not permitted.
    package func twin(_ name: String, _ action: Action, as principal: Principal) throws -> Twin {
        try database.read { try twin(name, action, as: principal, on: $0) }
    }

    func twin(_ name: String, _ action: Action, as principal: Principal, on connection: Connection) throws -> Twin {
        if principal == .nobody || principal == .frontEnd { throw Self.unauthenticated }
        guard let twin = try TwinStore.find(name, tenantID: principal.tenantID, on: connection) else { throw Self.noTwin }
        try check(twin, action, as: principal)
        return twin
    }

    /// The same for a twin that is at hand.
    package func check(_ twin: Twin, _ action: Action, as principal: Principal) throws {
        switch principal {
        case .localOperator: return
        case .user(let user):
            guard user.tenantID == twin.tenantID else { throw Self.noTwin }
            try Self.check(user, action)
        case .apiKey(let key):
            guard key.tenantID == twin.tenantID else { throw Self.noTwin }
            guard action != .manage, action != .attend else { throw Self.notForKeys }
            let scope: KeyStore.Scope = action == .chat ? .chat : action == .write ? .write : .read
            guard key.allows(scope, twin: twin) else {
                throw TwinError(.notPermitted, "this API key does not allow '\(scope.rawValue)' on this twin")
            }
        case .visitor(let session):
            guard session.twinKey == twin.key, action == .chat else { throw Self.noTwin }
        case .frontEnd, .nobody: throw Self.unauthenticated
        }
    }

    /// A twin that answers: archived ones are gone.
    package func activeTwin(_ name: String, _ action: Action, as principal: Principal) throws -> Twin {
        let twin = try twin(name, action, as: principal)
        guard twin.archivedAt == nil else { throw TwinError(.gone, "the twin is archived") }
        return twin
    }

    /// The twin that is asked, in the caller's transaction. Throws as `activeTwin` for `chat`.
    func answeringTwin(_ name: String, as principal: Principal, on connection: Connection) throws -> Twin {
        let twin = try twin(name, .chat, as: principal, on: connection)
        try Self.requireActive(twin)
        return twin
    }

    /// Throws `TwinError` (`gone`) for an archived twin.
    static func requireActive(_ twin: Twin) throws {
        guard twin.archivedAt == nil else {
            throw TwinError(.gone, "the twin '\(twin.slug)' is archived and answers nobody")
        }
    }

    /// The twins that the principal may read, newest first, without archived ones.
    package func twins(visibleTo principal: Principal) throws -> [Twin] {
        let store = TwinStore(database: database)
        switch principal {
        case .localOperator: return try store.list()
        case .user(let user): return try user.tenantID.map { try store.list(tenantID: $0) } ?? []
        case .apiKey(let key): return try store.list(tenantID: key.tenantID).filter { key.allows(.read, twin: $0) }
        case .visitor: throw Self.notForKeys
        case .frontEnd, .nobody: throw Self.unauthenticated
        }
    }

    /// The twins that the principal may ask, newest first, without archived ones. A key may ask without being allowed to read.
    package func twins(askableBy principal: Principal) throws -> [Twin] {
        guard case .apiKey(let key) = principal else { return try twins(visibleTo: principal) }
        return try TwinStore(database: database).list(tenantID: key.tenantID).filter { key.allows(.chat, twin: $0) }
    }

    /// Whether the principal may read the server's own counters: its operator, owners, and keys that may read. The counters name
    /// no tenant and no content.
    package func requireMonitoring(_ principal: Principal) throws {
        switch principal {
        case .localOperator: return
        case .user(let user):
            guard user.isOperator || user.role == .owner && user.tenantID != nil else { throw Self.notForViewers }
        case .apiKey(let key):
            guard key.holds(.read) else {
                throw TwinError(.notPermitted, "this API key does not allow 'read'")
            }
        case .visitor: throw Self.notForKeys
        case .frontEnd, .nobody: throw Self.unauthenticated
        }
    }

    /// Whose conversations of a twin the principal may list: one user's, or everybody's (none).
    package func conversationsScope(of twin: Twin, as principal: Principal) throws -> String? {
        if principal == .nobody || principal == .frontEnd { throw Self.unauthenticated }
        if principal.isOwner(of: twin.tenantID) { return nil }
        guard let user = principal.userID else { throw Self.notForKeys }
        return user
    }

    /// A conversation that the principal may look into: owners into all of the tenant's, viewers into their own.
    package func conversation(_ id: String, as principal: Principal) throws -> (Conversation, Twin) {
        let twin = try twin(owning: id, in: .conversations, .read, as: principal)
        let conversation = try ConversationStore(database: database).find(id, twin: twin)
        if principal.isOwner(of: twin.tenantID) { return (conversation, twin) }
        guard conversation.holder == principal.conversationHolder else { throw OwnedTable<OwnedByTwin>.conversations.notFound }
        guard principal.userID != nil else { throw Self.notForKeys }
        return (conversation, twin)
    }

    /// A conversation of a twin, which the principal may chat with, that the principal may go on with: owners with any of the
    /// twin's, everybody else with what they began themselves. What is not theirs is not found.
    func conversation(
        _ id: String, of twin: Twin, heldBy principal: Principal, on connection: Connection
    ) throws -> Conversation {
        if principal == .localOperator { return try ConversationStore.find(id, twin: twin, on: connection) }
        guard let conversation = try ConversationStore.first(id, on: connection), conversation.twinKey == twin.key,
            principal.isOwner(of: twin.tenantID) || conversation.holder == principal.conversationHolder
        else { throw OwnedTable<OwnedByTwin>.conversations.notFound }
        return conversation
    }

    /// The twin that something belongs to, found by the thing's id. `table` and its column `twin_key` come from this
    /// program, never from a caller.
    func twin(
        owning id: String, in table: OwnedTable<OwnedByTwin>, _ action: Action, as principal: Principal, on connection: Connection
    ) throws -> Twin {
        if principal == .nobody || principal == .frontEnd { throw Self.unauthenticated }
        let owner = try connection.first(
            "SELECT \(Twin.columns) FROM twins WHERE key = (SELECT twin_key FROM \(table.name) WHERE id = ?)", id,
            map: Twin.init)
        guard let owner else { throw table.notFound }
        do {
            try check(owner, action, as: principal)
        } catch let error as TwinError where error.kind == .notFound {
            // Not a word that would tell it from one that does not exist.
            throw table.notFound
        } catch let error as TwinError where error.kind == .notPermitted {
            // Nor from one that the principal does not even see.
            guard try isSeen(id, in: table, of: owner, by: principal, on: connection) else { throw table.notFound }
            throw error
        }
        return owner
    }

    /// Whether the principal, which may not do what it wants to do with a thing, may know at least that it is there.
    private func isSeen(
        _ id: String, in table: OwnedTable<OwnedByTwin>, of twin: Twin, by principal: Principal, on connection: Connection
    ) throws -> Bool {
        if table.name == OwnedTable<OwnedByTwin>.conversations.name {
            return try ConversationStore.first(id, on: connection)?.holder == principal.conversationHolder
        }
        guard let (kind, column) = table.content else { return true }
        let named = try connection.first("SELECT \(column) FROM \(table.name) WHERE id = ?", id) { $0.optionalText(0) } ?? nil
        guard let named else { return true }
        do {
            let clearance = try clearance(of: twin, as: principal, on: connection)
            return try !Visibility.readable(kind, [named], of: twin, for: clearance, on: connection).isEmpty
        } catch let error as TwinError where error.kind == .notPermitted {
            return false
        }
    }

    /// The twin that the row with this id belongs to, if the principal may do this to it. Throws `TwinError`: unauthenticated,
    /// not found (also for a row that the principal's groups do not let them see), or not permitted.
    package func twin(
        owning id: String, in table: OwnedTable<OwnedByTwin>, _ action: Action, as principal: Principal
    ) throws -> Twin {
        try database.read { try twin(owning: id, in: table, action, as: principal, on: $0) }
    }

    /// The tenant that something belongs to, found by the thing's id, for who may do this in that tenant.
    package func tenant(
        owning id: String, in table: OwnedTable<OwnedByTenant>, _ action: Action, as principal: Principal
    ) throws -> String {
        let own = principal == .localOperator ? nil : try tenant(action, as: principal)
        let owner = try database.read { connection in
            try connection.first("SELECT tenant_id FROM \(table.name) WHERE id = ?", id) { $0.text(0) }
        }
        guard let owner, own == nil || owner == own else { throw table.notFound }
        return owner
    }

    // MARK: Clearance

    /// What the principal may read of a twin when it looks around: lists, counts and names. Owners see everything, all others
    /// what their group was granted.
    package func clearance(of twin: Twin, as principal: Principal) throws -> Clearance {
        try database.read { try clearance(of: twin, as: principal, on: $0) }
    }

    func clearance(of twin: Twin, as principal: Principal, on connection: Connection) throws -> Clearance {
        try principal.isOwner(of: twin.tenantID) ? .everything : chatClearance(of: twin, as: principal, on: connection)
    }

    /// What an answer for the principal may use: a group that was asked for, else the conversation's, else the principal's
    /// own, else the default one. Only owners may ask for a group that is not theirs. Deny by default: without a group there
    /// is nothing to read.
    package func chatClearance(
        of twin: Twin, as principal: Principal, group requested: String? = nil, conversation: Conversation? = nil
    ) throws -> Clearance {
        try database.read {
            try chatClearance(of: twin, as: principal, group: requested, conversation: conversation, on: $0)
        }
    }

    func chatClearance(
        of twin: Twin, as principal: Principal, group requested: String? = nil, conversation: Conversation? = nil,
        on connection: Connection
    ) throws -> Clearance {
        switch principal {
        case .localOperator:
            return try requested.map { .group(try GroupStore.find($0, of: twin, on: connection)) } ?? .everything
        case .user(let user):
            let own = try GroupStore.group(forUser: user.id, isVisitor: false, of: twin, on: connection)
            if let requested {
                let group = try GroupStore.find(requested, of: twin, on: connection)
                guard user.role == .owner || group.key == own?.key else {
                    throw TwinError(.notPermitted, "you are not in this access group")
                }
                return .group(group)
            }
            if user.role == .owner, let group = try GroupStore.find(key: conversation?.groupKey, of: twin, on: connection) {
                return .group(group)
            }
            return try Self.orNothing(own)
        case .apiKey(let key): return .group(try Self.visitorGroup(of: twin, through: key, on: connection))
        case .visitor(let session): return try Self.clearance(ofVisitor: session, of: twin, on: connection)
        case .frontEnd, .nobody: throw Self.unauthenticated
        }
    }

    /// What a visitor may read. One whose group was deleted comes in anew, and gets what a new visitor gets.
    static func clearance(ofVisitor session: Session, of twin: Twin, on connection: Connection) throws -> Clearance {
        try orNothing(GroupStore.find(key: session.groupKey, of: twin, on: connection))
    }

    /// The group of whoever comes without a name: the key's where it has one, else the public, else the default one. A key whose
    /// group was deleted opens nothing: it must not see more than before. Throws `TwinError` (`notPermitted`).
    static func visitorGroup(
        of twin: Twin, through key: KeyStore.Key? = nil, on connection: Connection
    ) throws -> AccessGroup {
        let group: AccessGroup?
        if let id = key?.groupID {
            group = try connection.first(
                "SELECT \(AccessGroup.columns) FROM access_groups WHERE id = ? AND twin_key = ?", id, twin.key,
                map: AccessGroup.init)
        } else {
            group = try GroupStore.group(forUser: nil, isVisitor: true, of: twin, on: connection)
        }
        guard let group else {
            throw TwinError(
                .notPermitted,
                key?.groupID == nil ? "the twin has no access group for visitors" : "the access group of this API key is gone")
        }
        return group
    }

    /// How the owner sees a question: as asked by the owner only when an owner asks and does not ask as the public.
    package func chatMode(_ requested: ChatMode?, of twin: Twin, as principal: Principal) -> ChatMode {
        principal.isOwner(of: twin.tenantID) ? requested ?? .owner : .public
    }

    private static func orNothing(_ group: AccessGroup?) throws -> Clearance {
        guard let group else { throw TwinError(.notPermitted, "the twin has no access group for you") }
        return .group(group)
    }

    static func check(_ user: User, _ action: Action) throws {
        guard user.role == .owner || action == .read || action == .chat || action == .attend && user.role == .supporter else {
            throw action == .attend ? notForMembers : notForViewers
        }
    }

    // MARK: Desk

    /// The tenant at whose support desk the principal may do this: their own, and for operators of the server the one that they
    /// name. Another's is not found. Throws `TwinError`.
    package func desk(_ named: String?, _ action: Action, as principal: Principal) throws -> String {
        try database.read { try desk(named, action, as: principal, on: $0) }
    }

    func desk(_ named: String?, _ action: Action, as principal: Principal, on connection: Connection) throws -> String {
        func existing(_ id: String) throws -> String {
            guard try connection.first("SELECT 1 FROM tenants WHERE id = ?", id, map: { _ in true }) == true else {
                throw Self.noTenant
            }
            return id
        }
        switch principal {
        case .frontEnd, .nobody: throw Self.unauthenticated
        case .localOperator:
            if let named { return try existing(named) }
            guard let tenant = try TwinStore.existingTenant(on: connection) else {
                throw TwinError(.notFound, "there is no workspace yet; 'twin twins create NAME' makes the first")
            }
            return tenant
        case .user(let user):
            if user.isOperator, let named { return try existing(named) }
            guard let tenant = user.tenantID, named == nil || named == tenant else { throw Self.noTenant }
            let isOpen = try connection.first("SELECT is_active FROM desks WHERE tenant_id = ?", tenant) { $0.bool(0) } ?? true
            guard isOpen || user.isOperator else { throw Self.closedDesk }
            try Self.check(user, action)
            return tenant
        case .apiKey(let key):
            guard named == nil || named == key.tenantID else { throw Self.noTenant }
            throw Self.notForKeys
        case .visitor(let session):
            guard named == nil || named == session.tenantID else { throw Self.noTenant }
            throw Self.notForKeys
        }
    }

    static let noTenant = TwinError(.notFound, "there is no such tenant")
    static let closedDesk = TwinError(.notPermitted, "the tenant is not active; ask the operator of the server")
    private static let notForMembers = TwinError(.notPermitted, "only supporters and owners work at the desk")

    static let unauthenticated = TwinError(.unauthenticated, "sign in, or send an API key")
    private static let notForViewers = TwinError(.notPermitted, "a viewer may read and ask, but not change anything")
    private static let noTwin = TwinError(.notFound, "there is no such twin")
    static let notForKeys = TwinError(.notPermitted, "this needs a signed-in user; an API key is not enough")
}
