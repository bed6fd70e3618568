import TwinHTTP
import TwinSupport

/// How letters leave: by which server, under whose name, and which kinds of them.
package struct MailSettings: Sendable {
    package var server: MailServer
    package var password: Secret?
    /// The path of a file of certificates (PEM) that the server's is checked with; none for the system's.
    package var authorities: String?
    package var sender: Mailbox
    package var kinds: Set<Letter.Kind>
    /// Seconds that questions and handovers are collected before a letter tells of them.
    package var patience: Double
    /// The hour of the day in UTC, 0 to 23, from which the digest of the day before is sent.
    package var digestHour: Int

    package init(
        server: MailServer, password: Secret? = nil, authorities: String? = nil, sender: Mailbox,
        kinds: Set<Letter.Kind> = Set(Letter.Kind.allCases), patience: Double = 900, digestHour: Int = 6
    ) {
        self.server = server
        self.password = password
        self.authorities = authorities
        self.sender = sender
        self.kinds = kinds
        self.patience = patience
        self.digestHour = digestHour
    }
}
