import TwinDatabase
import TwinHTTP
import TwinSupport

/// Writes letters and hands them to the mail server, a job a letter: what fails for now is tried again, so that none is lost
/// while the server is away, and a letter that was handed over is not sent again.
///
///     let outcome = try workspace.mailer().deliver(letter, job: job) { context.isCancelled }
package struct Mailer: Sendable {
    let database: Database
    let settings: MailSettings
    let invitations: Invitations
    let resets: PasswordResets
    /// Where the console is, without a slash at its end.
    let publicURL: String

    /// Writes the letter as things stand now, and sends it. Answers for the job's metadata whether it went; one that has nothing
    /// to say any more does not. Throws `TwinError`: `upstream` for what may pass, `failed` for a letter that nobody takes; and
    /// `Standstill` while the server takes none.
    func deliver(_ letter: Letter, _ job: Job, isCancelled: @escaping () -> Bool) throws -> JSONObject {
        let kind = JSON.string(letter.kind.rawValue)
        guard settings.kinds.contains(letter.kind) else { return ["letter": kind, "sent": false, "reason": "switched off"] }
        guard let (to, written) = try write(letter, job) else { return ["letter": kind, "sent": false, "reason": "out of date"] }
        // Sent again because nobody knows whether it arrived, a letter has the same id, by which mailboxes show it once. With
        // another token it is another letter: the one before is worth nothing, and must not be the one that is kept.
        let id = letter.carriesToken ? Identifier.make() : job.id
        do {
            try send(written, to: to, id: id, isCancelled: isCancelled)
        } catch {
            switch error {
            case .forNow(let reason): throw TwinError(.upstream, reason)
            // What the operator has to set right costs no letter either.
            case .away(let reason), .setup(let reason): throw Standstill(reason: TwinError(.upstream, reason))
            case .forGood(let reason): throw TwinError(.failed, reason)
            }
        }
        return ["letter": kind, "sent": true]
    }

    /// Sends a letter that says that letters arrive. Throws `TwinError`: `failed` for a letter that nobody takes, `upstream` for
    /// whatever else keeps it.
    package func test(to address: String) throws {
        let text = LetterText(subject: "Letters from twin arrive", text: "This letter was sent by 'twin mail test'.\n")
        let to = Mailbox(address: try EmailAddress.checked(address))
        do {
            try send(text, to: to, id: Identifier.make(), isCancelled: { false })
        } catch {
            if case .forGood = error { throw TwinError(.failed, error.reason) }
            throw TwinError(.upstream, error.reason)
        }
    }

    private func send(
        _ letter: LetterText, to: Mailbox, id: String, isCancelled: @escaping () -> Bool
    ) throws(MailFailure) {
        let domain = settings.sender.address.split(separator: "@").last.map(String.init) ?? "localhost"
        let message = MailMessage(
            from: settings.sender, to: to, subject: letter.subject, text: letter.text, date: Clock.now, id: "\(id)@\(domain)")
        try MailTransfer(to: settings.server, password: settings.password, authorities: settings.authorities)
            .send(message.bytes, from: settings.sender.address, to: to.address, isCancelled: isCancelled)
    }

    // MARK: Writing

    private func write(_ letter: Letter, _ job: Job) throws -> (Mailbox, LetterText)? {
        switch letter {
        case .invitation(let id):
            guard let (invitation, token) = try invitations.makeMailedToken(of: id) else { return nil }
            let workspace = try database.read { try Tenant.name(of: invitation.tenantID, on: $0) }
            let text = LetterText.invitation(
                to: workspace, url: invitations.url(token: token), expires: invitation.expiresAt)
            return (Mailbox(address: invitation.email), text.signed("You get this because somebody there typed your address."))
        case .passwordReset(let userID):
            guard let userID, let (user, token) = try resets.make(for: userID) else { return nil }
            return (Mailbox(address: user.email, name: user.fullName), .passwordReset(url: resets.url(token: token)))
        case .unanswered(let userID, let after, let upTo):
            guard let twin = try twin(of: job, for: letter.kind), let user = try reader(userID, of: letter.kind, in: job) else {
                return nil
            }
            let questions = try database.read { connection in
                try connection.rows(
                    """
                    SELECT question FROM escalations WHERE twin_key = ? AND status = 'open' AND key > ? AND key <= ? ORDER BY key
                    """, twin.key, after, upTo
                ) { $0.text(0) }
            }
            guard !questions.isEmpty else { return nil }
            let text = LetterText.unanswered(questions, of: questions.count, twin: twin.name, url: "\(publicURL)/console")
            return (Mailbox(address: user.email, name: user.fullName), text.signed(Self.switchedOff(by: "mail.unanswered")))
        case .digest(let userID, let date):
            guard let twin = try twin(of: job, for: letter.kind), let user = try reader(userID, of: letter.kind, in: job) else {
                return nil
            }
            let digest = try LearningDigest.make(of: twin, date: date, for: .everything, in: database)
            guard let counts = digest.counts else { return nil }
            let text = LetterText.digest(
                digest.highlights, counts: counts, twin: twin.name, date: date, url: "\(publicURL)/console")
            return (Mailbox(address: user.email, name: user.fullName), text.signed(Self.switchedOff(by: "mail.digest")))
        case .handover(let userID, let after, let upTo):
            guard let user = try reader(userID, of: letter.kind, in: job) else { return nil }
            let reasons = try database.read { connection in
                try connection.rows(
                    """
                    SELECT reason FROM desk_handovers
                    WHERE tenant_id = ? AND status = 'pending' AND key > ? AND key <= ? ORDER BY key
                    """, job.tenantID, after, upTo
                ) { $0.text(0) }
            }
            guard !reasons.isEmpty else { return nil }
            let text = LetterText.handover(
                waiting: reasons.count, reasons: reasons.filter { !$0.isEmpty }, url: "\(publicURL)/console")
            return (
                Mailbox(address: user.email, name: user.fullName),
                text.signed("You get this because you look after the support desk.")
            )
        }
    }

    private static func switchedOff(by setting: String) -> String {
        "You get this because you own the twin. Its setting \(setting) switches these letters off."
    }

    /// The twin of a letter, while it is in use and wants such letters: what was queued may have waited for two days.
    private func twin(of job: Job, for kind: Letter.Kind) throws -> Twin? {
        guard let key = job.twinKey else { return nil }
        let twin = try database.read { try TwinStore.load(key, on: $0) }
        return twin.archivedAt == nil && kind.isWanted(by: twin) ? twin : nil
    }

    /// Whoever a letter about a workspace is for, while they are who may read it.
    private func reader(_ id: String, of kind: Letter.Kind, in job: Job) throws -> User? {
        guard let user = try database.read({ try Users.find(id, on: $0) }), kind.isFor(user, of: job.tenantID) else { return nil }
        return user
    }
}

extension LearningDigest {
    /// What was learned, counted; none for a day without anything.
    var counts: String? {
        let parts = [(newEntities, "name", "names"), (newFacts, "fact", "facts"), (newRelationships, "relation", "relations")]
            .filter { $0.0 > 0 }.map { "\($0.0) \($0.0 == 1 ? $0.1 : $0.2)" }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }
}
