import TwinDatabase
import TwinHTTP
import TwinSupport

/// Who changed what and when: the one log of every contract. A row is written in the transaction of the change that it tells
/// of, so there is none without the other, and it outlives twin, user and tenant.
///
/// The rows of a tenant are a chain (`AuditChain`): what is changed or removed behind twin's back is found by `verify`.
package struct AuditLog: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    /// The families of actions, in the words of the studio contract.
    package enum Event: String, Sendable, CaseIterable {
        case configurationChange = "CONFIGURATION_CHANGE"
        case knowledgeUpdate = "KNOWLEDGE_UPDATE"
        case security = "SECURITY"
        case safetyViolation = "SAFETY_VIOLATION"
        case accountAction = "ACCOUNT_ACTION"
        case dataExport = "DATA_EXPORT"
        /// What a client or a script reports of itself; the action is its own word.
        case external = "EXTERNAL"
    }

    /// What was done. Each action belongs to one event.
    package enum Action: String, Sendable, CaseIterable {
        case twinCreated = "TWIN_CREATED"
        case twinUpdated = "TWIN_UPDATED"
        case twinArchived = "TWIN_ARCHIVED"
        case twinUnarchived = "TWIN_UNARCHIVED"
        case twinDeleted = "TWIN_DELETED"
        case sharingToggled = "SHARING_TOGGLED"
        case shareLinkRotated = "SHARE_LINK_ROTATED"
        case keyCreated = "TENANT_API_KEY_CREATED"
        case keyRevoked = "TENANT_API_KEY_REVOKED"
        case groupCreated = "GROUP_CREATED"
        case groupUpdated = "GROUP_UPDATED"
        case groupDeleted = "GROUP_DELETED"
        case memberAdded = "MEMBER_ADDED"
        case memberRemoved = "MEMBER_REMOVED"
        case permissionGranted = "PERMISSION_GRANTED"
        case permissionRevoked = "PERMISSION_REVOKED"

        case sourceExtracted = "SOURCE_EXTRACTED"
        case sourceIndexed = "SOURCE_INDEXED"
        case sourceMoved = "SOURCE_MOVED"
        case sourceDeleted = "SOURCE_DELETED"
        case sourceDescribed = "SOURCE_DESCRIBED"
        /// A client keeps a file with twin, which no twin knows yet.
        case fileUploaded = "FILE_UPLOADED"
        case fileDeleted = "FILE_DELETED"
        case answerCreated = "QNA_CREATED"
        case answerEdited = "QNA_EDITED"
        case answerDeleted = "QNA_DELETED"
        case memoryRetracted = "MEMORY_RETRACTED"
        case clarificationResolved = "CLARIFICATION_RESOLVED"
        case escalationAnswered = "ESCALATION_ANSWERED"
        case escalationDismissed = "ESCALATION_DISMISSED"
        case memoryApproved = "MEMORY_APPROVED"
        case memoryRejected = "MEMORY_REJECTED"
        case graphMerged = "GRAPH_MERGED"
        case graphSplit = "GRAPH_SPLIT"
        case jobRetried = "JOB_RETRIED"
        case jobCancelled = "JOB_CANCELLED"

        case shareTokenInvalid = "SHARE_TOKEN_INVALID"
        case shareTokenExpired = "SHARE_TOKEN_EXPIRED"
        case refreshTokenReused = "REFRESH_TOKEN_REUSED"

        case invitationSent = "INVITATION_SENT"
        case invitationAccepted = "INVITATION_ACCEPTED"
        case userUpdated = "USER_UPDATED"
        case userRemoved = "USER_REMOVED"
        case userRegistered = "USER_REGISTERED"
        case passwordReset = "PASSWORD_RESET"
        case quotaSet = "QUOTA_SET"
        /// Personal data was taken out of earlier rows; it says of which, and what they hold since.
        case detailsErased = "DETAILS_ERASED"
        /// Conversations that were older than they are kept, or of somebody who asked for it.
        case conversationsPurged = "CONVERSATIONS_PURGED"

        case twinExported = "TWIN_EXPORT"
        case tenantExported = "TENANT_EXPORTED"
        case tenantImported = "TENANT_IMPORTED"
        /// From here on it takes no change, until it has moved or the move is called off.
        case tenantMoveBegan = "TENANT_MOVE_BEGAN"
        case tenantMoveCancelled = "TENANT_MOVE_CANCELLED"
        /// It is not in this file any more, nor is its log; it says how many rows of that there were.
        case tenantMoved = "TENANT_MOVED"

        case signingKeyRotated = "SIGNING_KEY_ROTATED"
        case userCreated = "USER_CREATED"
        case deskChanged = "DESK_CHANGED"
        case deskPermissionsChanged = "DESK_PERMISSIONS_CHANGED"
        case agentCreated = "AGENT_CREATED"
        case agentUpdated = "AGENT_UPDATED"
        case agentDeleted = "AGENT_DELETED"
        case toolCreated = "TOOL_CREATED"
        case toolUpdated = "TOOL_UPDATED"
        case toolDeleted = "TOOL_DELETED"
        case handoverAssigned = "HANDOVER_ASSIGNED"
        case handoverResolved = "HANDOVER_RESOLVED"
        case contactsMerged = "CONTACTS_MERGED"
        case webhookCreated = "WEBHOOK_CREATED"
        case webhookUpdated = "WEBHOOK_UPDATED"
        case webhookDeleted = "WEBHOOK_DELETED"

        case personaCreated = "PERSONA_CREATED"
        case personaUpdated = "PERSONA_UPDATED"
        case personaRemoved = "PERSONA_REMOVED"
        case loraAdded = "LORA_ADDED"
        case loraRemoved = "LORA_REMOVED"
        case trainingStarted = "TRAINING_STARTED"
        case contentRefused = "CONTENT_REFUSED"

        package var event: Event {
            switch self {
            case .twinCreated, .twinUpdated, .twinArchived, .twinUnarchived, .twinDeleted, .sharingToggled, .shareLinkRotated,
                .keyCreated, .keyRevoked, .groupCreated, .groupUpdated, .groupDeleted, .memberAdded, .memberRemoved,
                .permissionGranted,
                .permissionRevoked, .deskChanged, .deskPermissionsChanged, .agentCreated, .agentUpdated, .agentDeleted,
                .toolCreated, .toolUpdated, .toolDeleted, .webhookCreated, .webhookUpdated, .webhookDeleted:
                .configurationChange
            case .sourceExtracted, .sourceIndexed, .sourceMoved, .sourceDeleted, .sourceDescribed, .fileUploaded, .fileDeleted,
                .answerCreated, .answerEdited,
                .answerDeleted,
                .memoryRetracted,
                .clarificationResolved, .escalationAnswered, .escalationDismissed, .jobRetried, .jobCancelled, .memoryApproved,
                .memoryRejected, .graphMerged, .graphSplit:
                .knowledgeUpdate
            case .personaCreated, .personaUpdated, .personaRemoved, .loraAdded, .loraRemoved, .trainingStarted:
                .configurationChange
            case .contentRefused: .safetyViolation
            case .shareTokenInvalid, .shareTokenExpired, .refreshTokenReused, .signingKeyRotated: .security
            case .invitationSent, .invitationAccepted, .userUpdated, .userRemoved, .userRegistered, .userCreated, .passwordReset,
                .quotaSet,
                .detailsErased, .conversationsPurged, .handoverAssigned, .handoverResolved, .contactsMerged:
                .accountAction
            case .twinExported, .tenantExported, .tenantImported, .tenantMoveBegan, .tenantMoveCancelled, .tenantMoved:
                .dataExport
            }
        }
    }

    /// The person at the command line, as an actor.
    package static let localActor = "local"
    /// The operator's front end, which speaks for its users.
    package static let frontEndActor = "front-end"

    /// The chain of what concerns the file as a whole, and stays when a tenant goes.
    static let fileChain = "file"

    // MARK: Writing

    /// Writes that `actor` did something, in the transaction of what was done. `metadata` holds ids, names and counts, never
    /// a secret and never a question. `user` is whom it is about, where that is a user.
    static func append(
        _ action: Action, tenantID: String, twinID: String? = nil, actor: String?, about user: String? = nil,
        _ metadata: JSONObject = [:], on connection: Connection
    ) throws {
        try AuditChain.append(
            AuditChain.Draft(
                tenantID: tenantID, twinID: twinID, actorID: actor, userID: user, event: action.event.rawValue,
                action: action.rawValue, metadata: metadata), on: connection)
    }

    /// Bytes of the details that somebody else's entry may bring.
    package static let maximumDetailsBytes = 16_384
    /// Characters of its action.
    package static let actionLengths = 1...200

    /// Writes what a client or a script reports: marked as such, so that it is never taken for something that twin did, and with
    /// whoever reports it as actor. `user` is whom it is about. Throws `TwinError` (`invalid`) for an action or details that are
    /// too long.
    package func add(
        _ action: String, tenantID: String, by actor: String?, about user: String?, details: JSONObject
    ) throws -> Entry {
        guard Self.actionLengths.contains(action.unicodeScalars.count), !action.trimmed.isEmpty,
            !action.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else { throw TwinError(.invalid, "an action has 1 to \(Self.actionLengths.upperBound) characters on one line") }
        guard JSON.object(details).text.utf8.count <= Self.maximumDetailsBytes else {
            throw TwinError(.limitReached, "the details are longer than \(Self.maximumDetailsBytes) bytes; shorten them")
        }
        return try database.write { connection in
            let id = try AuditChain.append(
                AuditChain.Draft(
                    tenantID: tenantID, twinID: nil, actorID: actor, userID: user, event: Event.external.rawValue, action: action,
                    metadata: details), on: connection)
            guard let entry = try Self.find(id, on: connection) else { throw TwinError(.failed, "the entry could not be stored") }
            return entry
        }
    }

    /// The same for something that is done to a twin or to what belongs to it.
    static func append(
        _ action: Action, of twin: Twin, actor: String?, _ metadata: JSONObject = [:], on connection: Connection
    ) throws {
        try append(action, tenantID: twin.tenantID, twinID: twin.id, actor: actor, metadata, on: connection)
    }

    /// Ids that one row names at the most: a bulk operation writes one row with a count.
    static let maximumNames = 100

    /// One row for something that was done to many things at once, and nothing for none. `name` is the member that names a
    /// single one, such as `source_id`; more of them are counted, and named as far as a row has room.
    static func append(
        _ action: Action, of twin: Twin, actor: String?, ids: [String], as name: String, _ metadata: JSONObject = [:],
        on connection: Connection
    ) throws {
        guard let first = ids.first else { return }
        let names: JSONObject =
            ids.count == 1
            ? [name: .string(first)] : ["count": .number(ids.count), name + "s": .strings(ids.prefix(maximumNames))]
        try append(action, of: twin, actor: actor, names.merging(metadata), on: connection)
    }

    // MARK: Reading

    /// One row of the log.
    package struct Entry: Sendable, Equatable {
        package let id: String
        /// Nil for what concerns the whole tenant.
        package let twinID: String?
        package let tenantID: String
        /// Who did it; a pseudonym once they have been erased.
        package let actorID: String?
        /// Whom it is about, where that is a user.
        package let userID: String?
        package let event: String
        package let action: String
        package let metadata: JSONObject
        package let createdAt: Timestamp

        static let columns = "id, twin_id, tenant_id, actor_id, user_id, event_type, action, metadata, created_at"

        init(_ row: Row) throws {
            try row.check(columns: 9)
            id = row.text(0)
            twinID = row.optionalText(1)
            tenantID = row.text(2)
            actorID = row.optionalText(3)
            userID = row.optionalText(4)
            event = row.text(5)
            action = row.text(6)
            metadata = try row.object(7)
            createdAt = try row.requiredTimestamp(8)
        }

        /// Whether another program wrote it, through the API, and its words are not twin's.
        package var isExternal: Bool { event == Event.external.rawValue }
    }

    /// How many entries one call may ask for.
    package static let limits = 1...1_000

    /// The newest entries first: of a tenant or, without one, of the file; of a twin; of one event; about a user, or by them where
    /// they are about nobody. `limit` is brought into `limits`.
    package func list(
        tenantID: String? = nil, twinID: String? = nil, event: Event? = nil, userID: String? = nil, limit: Int = 100,
        offset: Int = 0
    ) throws -> [Entry] {
        // One condition chooses the index to walk from its end; the others filter on the way.
        let place =
            userID != nil
            ? "coalesce(user_id, actor_id) = ?5" : twinID != nil ? "twin_id = ?2" : tenantID != nil ? "tenant_id = ?1" : "1"
        return try database.read { connection in
            try connection.rows(
                """
                SELECT \(Entry.columns) FROM audit_log
                WHERE \(place) AND (?1 IS NULL OR +tenant_id = ?1) AND (?2 IS NULL OR +twin_id = ?2) AND (?3 IS NULL OR event_type = ?3)
                    AND (?5 IS NULL OR coalesce(user_id, actor_id) = ?5)
                ORDER BY key DESC LIMIT ?4 OFFSET ?6
                """, tenantID, twinID, event?.rawValue, min(max(limit, Self.limits.lowerBound), Self.limits.upperBound), userID,
                max(0, offset), map: Entry.init)
        }
    }

    /// The entry with this id; none when there is none.
    package func find(_ id: String) throws -> Entry? { try database.read { try Self.find(id, on: $0) } }

    private static func find(_ id: String, on connection: Connection) throws -> Entry? {
        try connection.first("SELECT \(Entry.columns) FROM audit_log WHERE id = ?", id, map: Entry.init)
    }
}
