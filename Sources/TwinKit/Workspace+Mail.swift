import TwinDatabase
import TwinHTTP
import TwinSupport

/// What is told by mail.
extension Workspace {
    package var passwordResets: PasswordResets { PasswordResets(database: database, links: links) }

    /// What sends letters. Throws `TwinError` (`notConfigured`) where no mail server is set.
    package func mailer() throws -> Mailer {
        guard let settings = try configuration.mail else {
            throw TwinError(.notConfigured, "no mail server is set; see 'twin help mail'")
        }
        return Mailer(
            database: database, settings: settings, invitations: invitations, resets: passwordResets, publicURL: publicURL)
    }

    /// What looks for things to tell; none where no mail server is set.
    package func mailRounds() throws -> MailRounds? {
        try configuration.mail.map { MailRounds(database: database, settings: $0) }
    }

    /// Whether letters of this kind are sent. Throws `TwinError` as `Configuration.mail` does.
    package func sends(_ kind: Letter.Kind) throws -> Bool { try configuration.mail?.kinds.contains(kind) ?? false }

    /// Invites somebody as `Invitations.invite` does, and where there is a mail server queues a letter with a link. Throws as it does,
    /// and `RateLimit.Exceeded` where anybody but the operator has sent too many; then nobody is invited.
    package func invite(
        email: String, role: User.Role, tenantID: String? = nil, by principal: Principal
    ) throws -> (invitation: Invitation, token: Secret, isMailed: Bool) {
        let isMailed = try sends(.invitations)
        let made = try invitations.invite(email: email, role: role, tenantID: tenantID, by: principal) { invitation, connection in
            guard isMailed else { return }
            if !principal.isOperator {
                try RateLimit.count(
                    [.mailingInvitations(from: invitation.tenantID), .mailingInvitation(to: invitation.email)], on: connection)
            }
            try JobQueue.enqueue(
                .mail(.invitation(id: invitation.id)), tenantID: invitation.tenantID, createdBy: principal.actorID,
                on: connection)
        }
        return (made.invitation, made.token, isMailed)
    }

    /// Queues a letter by which the user with this address chooses a new password. Nobody learns whether there is one: the same is
    /// done for any address. `network` is where it is asked from. Throws `RateLimit.Exceeded`.
    package func requestPasswordReset(email: String, from network: String) throws {
        let user = try passwordResets.user(email: email)
        try database.write { connection in
            _ = try RateLimit.count(
                [.askingForPasswords(from: network), .mailing(to: email)], on: connection)
            try JobQueue.enqueue(
                .mail(.passwordReset(userID: user?.id)),
                tenantID: try user?.tenantID ?? TwinStore.firstTenant(on: connection), createdBy: nil, on: connection)
        }
    }
}
