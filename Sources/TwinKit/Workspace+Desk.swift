import TwinHTTP
import TwinSupport

/// What stands at support desks.
extension Workspace {
    package var desks: Desks { Desks(database: database) }
    package var contacts: Contacts { Contacts(database: database) }
    package var deskSessions: DeskSessions { DeskSessions(database: database) }
    package var handovers: Handovers { Handovers(database: database) }
    package var staff: Staff { Staff(database: database) }
    package var agents: Agents { Agents(database: database) }
    package var deskTools: DeskTools { DeskTools(database: database) }
    package var toolSecrets: ToolSecrets { ToolSecrets(database: database) }
    package var webhooks: Webhooks { Webhooks(database: database) }
    package var deskDocument: DeskDocument { DeskDocument(database: database) }

    /// What sends the outbox of webhooks.
    package var webhookSender: WebhookSender { WebhookSender(database: database, policy: configuration.toolPolicy) }

    /// Signing in at the issuer that is configured. Throws `TwinError` (`notConfigured`) where none is.
    package func openIDSignIn() throws -> OpenIDSignIn {
        OpenIDSignIn(
            database: database, settings: try configuration.openIDSettings(), callback: publicURL + "/api/auth/oidc/callback")
    }

    package var streamTickets: StreamTickets { StreamTickets(database: database) }
    package var deskEvents: DeskEvents { DeskEvents(database: database) }

    /// The one way to ask at a desk.
    package var deskChat: DeskChat {
        DeskChat(database: database, ask: ask, model: configuration.languageModel, policy: configuration.toolPolicy)
    }

    /// Takes a user out of the desk's tables, and gives to whoever waits what became free by it.
    var forgetAtDesk: Erasure.Forgetting {
        { user, connection in
            try Contacts.forget(user, on: connection)
            if let tenant = user.tenantID { try Handovers.drain(tenant, on: connection) }
        }
    }

    /// Removes what nobody at a desk needs any more.
    package func purgeDesks(now: Timestamp) throws {
        try database.write { try DeskEvents.purge(now: now, on: $0) }
    }

    /// What agents called during a session, oldest first, a thousand at the most.
    package func toolCalls(of session: DeskSession) throws -> [LoggedToolCall] {
        try LoggedToolCall.list(of: session, in: database)
    }
}
