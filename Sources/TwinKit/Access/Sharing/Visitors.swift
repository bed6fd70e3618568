import TwinDatabase
import TwinSupport

/// Lets in people without an account: whoever uses a widget, with the key that its page shows, or follows a share link. What
/// comes out is a session, and `Principal.visitor` is how its visitor asks.
package struct Visitors: Sendable {
    let database: Database
    let shareLinks: ShareLinks

    package init(database: Database, shareLinks: ShareLinks) {
        self.database = database
        self.shareLinks = shareLinks
    }

    /// What a visitor's browser says of itself.
    package struct Visit: Sendable {
        /// The session that it was in before; one that is not the visitor's is replaced without a word.
        package var sessionID: String?
        /// As the server saw it, behind a trusted proxy the client's own; nil where there is none.
        package var address: String?
        package var userAgent: String?

        package init(sessionID: String? = nil, address: String? = nil, userAgent: String? = nil) {
            self.sessionID = sessionID
            self.address = address
            self.userAgent = userAgent
        }
    }

    /// The session of somebody whose widget shows `key`, at the twin with this id or slug. Throws `TwinError` as the
    /// authorizer does when the key may not chat with the twin.
    package func enter(_ twin: String, with key: KeyStore.Key, _ visit: Visit) throws -> Session {
        let principal = Principal.apiKey(key)
        let authorizer = Authorizer(database: database)
        let origin = Sessions.Origin.key(key.id)
        let (found, group, known) = try database.read { connection in
            let found = try authorizer.answeringTwin(twin, as: principal, on: connection)
            let group = try authorizer.chatClearance(of: found, as: principal, on: connection).group
            return (found, group, try session(visit, origin, found, group, on: connection))
        }
        return try enter(found, group, origin, known, visit)
    }

    /// The session of somebody who follows a share link. Throws `TwinError` (`notFound`) when the link opens nothing.
    package func enter(_ twin: String, through token: Secret, _ visit: Visit) throws -> Session {
        let origin = Sessions.Origin.share(twin)
        let (opened, group, known) = try database.read { connection in
            let opened = try ShareLinks.check(twinID: twin, token: token, on: connection)
            guard case .success(let found) = opened else { return (opened, AccessGroup?.none, Session?.none) }
            let group = try GroupStore.group(forUser: nil, isVisitor: true, of: found, on: connection)
            return (opened, group, try session(visit, origin, found, group, on: connection))
        }
        switch opened {
        case .success(let found): return try enter(found, group, origin, known, visit)
        case .failure(let failure): throw try shareLinks.refusal(failure)
        }
    }

    /// The session of a visitor who has been here, whose widget shows `key`. Throws `TwinError` (`notFound`) for any other.
    package func find(_ id: String, at twin: String, with key: KeyStore.Key) throws -> Session {
        let principal = Principal.apiKey(key)
        let authorizer = Authorizer(database: database)
        return try database.read { connection in
            let found = try authorizer.answeringTwin(twin, as: principal, on: connection)
            let group = try authorizer.chatClearance(of: found, as: principal, on: connection).group
            return try Self.known(session(Visit(sessionID: id), .key(key.id), found, group, on: connection))
        }
    }

    /// The same for somebody who followed a share link.
    package func find(_ id: String, at twin: String, through token: Secret) throws -> Session {
        let (opened, known) = try database.read { connection in
            let opened = try ShareLinks.check(twinID: twin, token: token, on: connection)
            guard case .success(let found) = opened else { return (opened, Session?.none) }
            let group = try GroupStore.group(forUser: nil, isVisitor: true, of: found, on: connection)
            return (opened, try session(Visit(sessionID: id), .share(twin), found, group, on: connection))
        }
        if case .failure(let failure) = opened { throw try shareLinks.refusal(failure) }
        return try Self.known(known)
    }

    private static func known(_ session: Session?) throws -> Session {
        guard let session else { throw TwinError(.notFound, "this conversation has ended; ask again to begin a new one") }
        return session
    }

    private func session(
        _ visit: Visit, _ origin: Sessions.Origin, _ twin: Twin, _ group: AccessGroup?, on connection: Connection
    ) throws -> Session? {
        try visit.sessionID.flatMap { try Sessions.find($0, origin, twin, group, now: Clock.now, on: connection) }
    }

    private func enter(
        _ twin: Twin, _ group: AccessGroup?, _ origin: Sessions.Origin, _ known: Session?, _ visit: Visit
    ) throws -> Session {
        guard let group else { throw TwinError(.notPermitted, "the twin has no access group for visitors") }
        return try Sessions(database: database).goOn(
            with: known, origin: origin, twin: twin, group: group, ipAddress: visit.address, userAgent: visit.userAgent
        ).session
    }
}

extension RateLimit {
    /// Questions of a widget's session an hour.
    private static let widgetHourly = 30
    /// Questions through a twin's widgets a minute, from one address.
    private static let widgetMinutely = 60
    /// Questions through a twin's share link a minute, from one address.
    private static let sharedMinutely = 10

    /// What the door limits that a question came through, beside the limits of the asker's group.
    static func ofDoor(_ principal: Principal, twin: Twin, address: String?) -> [RateLimit] {
        guard case .visitor(let session) = principal else { return [] }
        switch Sessions.Origin(session.origin) {
        case .key?:
            // Whoever begins a session anew for each question comes from somewhere.
            return [RateLimit("widget:\(session.id)", widgetHourly, per: .hour)]
                + (address.map { [RateLimit("widget:\(twin.key):\($0)", widgetMinutely, per: .minute)] } ?? [])
        case .share?: return [RateLimit("public:\(twin.key):\(address ?? "")", sharedMinutely, per: .minute)]
        // The user's quota holds.
        case .journal?: return []
        // The desk limits its tenant's chats as a whole.
        case .desk?: return []
        case nil: return [RateLimit("session:\(session.id)", widgetHourly, per: .hour)]
        }
    }
}
