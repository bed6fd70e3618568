import TwinDatabase
import TwinSupport

/// Tickets that open a stream, for clients that cannot send a field with it: a browser's `EventSource`. Each is good once and for
/// half a minute, so that one which stands in a log or a history opens nothing.
package struct StreamTickets: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    /// Seconds.
    package static let lifetime = 30.0

    /// Whose stream it will be.
    package enum Holder: Sendable, Equatable {
        case user(id: String, generation: Int)
        case pass(Tokens.Pass)

        var text: String {
            switch self {
            case .user(let id, let generation): JSON.object(["user": .string(id), "generation": .number(generation)]).text
            case .pass(let pass):
                JSON.object([
                    "contact": .string(pass.contactID), "tenant": .string(pass.tenantID), "session": .optional(pass.sessionID),
                    "until": .optional(pass.expiresAt?.description),
                ]).text
            }
        }

        init?(_ text: String) {
            guard let json = try? JSONParser.parse(text) else { return nil }
            if let id = json["user"]?.stringValue, let generation = json["generation"]?.intValue {
                self = .user(id: id, generation: generation)
            } else if let contact = json["contact"]?.stringValue, let tenant = json["tenant"]?.stringValue {
                let session = json["session"]?.stringValue
                self = .pass(
                    Tokens.Pass(
                        session == nil ? .contact : .widget, contactID: contact, tenantID: tenant, sessionID: session,
                        expiresAt: json["until"]?.stringValue.flatMap { Timestamp($0) }))
            } else {
                return nil
            }
        }
    }

    /// A ticket that opens one stream within `lifetime`. The file keeps its hash alone.
    package func issue(to holder: Holder, at tenantID: String, now: Timestamp = Clock.now) throws -> Secret {
        let text = Base64.url.encode(Crypto.random(count: 32))
        let hash = try SHA256.hash(text)
        try database.write { connection in
            try connection.run(
                "INSERT INTO desk_tickets (hash, tenant_id, holder, expires_at) VALUES (?, ?, ?, ?)", hash, tenantID, holder.text,
                now.adding(seconds: Self.lifetime))
        }
        return Secret(text)
    }

    /// Whose ticket it was: it is none any more. Throws `TwinError` (`unauthenticated`).
    package func redeem(_ ticket: Secret, now: Timestamp = Clock.now) throws -> Holder {
        let hash = try SHA256.hash(ticket.reveal())
        let found = try database.write { connection in
            let found = try connection.first(
                "SELECT holder FROM desk_tickets WHERE hash = ? AND expires_at > ?", hash, now, map: { $0.text(0) })
            try connection.run("DELETE FROM desk_tickets WHERE hash = ?", hash)
            return found
        }
        guard let holder = found.flatMap(Holder.init) else {
            throw TwinError(.unauthenticated, "the ticket is no longer valid; ask for another")
        }
        return holder
    }

    /// The holder's user as they stand now. Throws `TwinError` once all of their tokens have ended.
    package func user(_ id: String, generation: Int) throws -> User {
        guard let user = try Users(database: database).find(id), !user.isDeleted, user.tokenGeneration == generation else {
            throw JSONWebToken.refused
        }
        return user
    }

    /// A ticket of a user's ends with the user's tokens.
    package static func holder(of user: User) -> Holder { .user(id: user.id, generation: user.tokenGeneration) }
}
