import TwinDatabase
import TwinSupport

/// Links under which anybody may ask a twin. A link opens the twin while sharing is on, its token is the current one and it
/// has not expired.
package struct ShareLinks: Sendable {
    let database: Database
    let links: PageLinks

    package init(database: Database, links: PageLinks) {
        self.database = database
        self.links = links
    }

    // MARK: The owner's side

    /// The link as it stands. Throws `TwinError` (`gone`) for an archived twin, as all of these do.
    package func get(_ twin: Twin) throws -> ShareLink { try database.read { try link(of: twin, on: $0) } }

    /// Makes a new token; the old link is dead at once. Sharing stays on or off as it was.
    package func rotate(_ twin: Twin, by actor: String?) throws -> ShareLink {
        try change(twin, "token", to: Hex.encode(Crypto.random(count: 20)), .shareLinkRotated, [:], actor)
    }

    /// Switches sharing on or off; the token stays.
    package func setEnabled(_ twin: Twin, _ isEnabled: Bool, by actor: String?) throws -> ShareLink {
        try change(twin, "is_enabled", to: isEnabled, .sharingToggled, ["is_enabled": .bool(isEnabled)], actor)
    }

    /// Lets the link end at an instant, or never.
    package func setExpiry(_ twin: Twin, _ time: Timestamp?, by actor: String?) throws -> ShareLink {
        try change(twin, "expires_at", to: time, .sharingToggled, ["expires_at": .optional(time?.description)], actor)
    }

    /// `column` comes from this file only.
    private func change(
        _ twin: Twin, _ column: String, to value: any DatabaseConvertible, _ action: AuditLog.Action, _ metadata: JSONObject,
        _ actor: String?
    ) throws -> ShareLink {
        try database.write { connection in
            // Before the change: an archived twin is not shared any more.
            _ = try link(of: twin, on: connection)
            try connection.run(
                """
                INSERT INTO share_links (twin_key, \(column), updated_at) VALUES (?1, ?2, ?3)
                ON CONFLICT (twin_key) DO UPDATE SET \(column) = excluded.\(column), updated_at = excluded.updated_at
                """, twin.key, value, Clock.now)
            try AuditLog.append(action, of: twin, actor: actor, metadata, on: connection)
            return try link(of: twin, on: connection)
        }
    }

    /// Switches sharing of a twin on or off in the caller's transaction; its token and its end stay.
    static func setEnabled(_ isEnabled: Bool, of twinKey: Int64, on connection: Connection) throws {
        try connection.run(
            """
            INSERT INTO share_links (twin_key, is_enabled, updated_at) VALUES (?, ?, ?)
            ON CONFLICT DO UPDATE SET is_enabled = excluded.is_enabled, updated_at = excluded.updated_at
            """, twinKey, isEnabled, Clock.now)
    }

    /// Ends a twin's link for good, in the caller's transaction.
    static func remove(of twinKey: Int64, on connection: Connection) throws {
        try connection.run("DELETE FROM share_links WHERE twin_key = ?", twinKey)
    }

    private func link(of twin: Twin, on connection: Connection) throws -> ShareLink {
        guard try TwinStore.load(twin.key, on: connection).archivedAt == nil else {
            throw TwinError(.gone, "the twin is archived and cannot be shared")
        }
        return try connection.first("SELECT token, is_enabled, expires_at FROM share_links WHERE twin_key = ?", twin.key) { row in
            let token = row.optionalText(0)
            return ShareLink(
                twinID: twin.id, token: token, isEnabled: row.bool(1), expiresAt: try row.timestamp(2),
                url: token.map { links.share(twinID: twin.id, token: $0) })
        } ?? ShareLink(twinID: twin.id, token: nil, isEnabled: false, expiresAt: nil, url: nil)
    }

    // MARK: The visitor's side

    /// Why a link does not open a twin: for the log, never for whoever followed it.
    package struct Failure: Error, Sendable, Equatable {
        /// The words of the audit log.
        package enum Reason: String, Sendable, CaseIterable {
            case twinNotFound = "twin_not_found"
            case twinArchived = "twin_deleted"
            case sharingDisabled = "sharing_disabled"
            case tokenMismatch = "token_mismatch"
            case expired
        }
        package let reason: Reason
        /// None when there is no such twin.
        package let twin: Twin?
        /// The first characters of what was presented.
        package let tokenPrefix: String

        /// What the visitor is told: that the twin is archived, as every chat of it is, or else the same whatever the reason.
        package var error: TwinError {
            reason == .twinArchived
                ? TwinError(.gone, "the twin is archived and answers nobody") : TwinError(.notFound, "this link is not valid")
        }
    }

    /// The twin that a link opens, or why it opens none.
    package func check(twinID: String, token: Secret, now: Timestamp = Clock.now) throws -> Result<Twin, Failure> {
        try database.read { try Self.check(twinID: twinID, token: token, now: now, on: $0) }
    }

    static func check(
        twinID: String, token: Secret, now: Timestamp = Clock.now, on connection: Connection
    ) throws -> Result<Twin, Failure> {
        let token = token.reveal()
        let prefix = String(
            String.UnicodeScalarView(token.unicodeScalars.filter { $0.isASCII && $0.value > 0x20 && $0.value < 0x7F }.prefix(8)))
        func failure(_ reason: Failure.Reason, _ twin: Twin?) -> Result<Twin, Failure> {
            .failure(Failure(reason: reason, twin: twin, tokenPrefix: prefix))
        }
        // By id only: a slug can be guessed.
        guard Identifier.isValid(twinID), let twin = try TwinStore.find(twinID, on: connection), twin.id == twinID else {
            return failure(.twinNotFound, nil)
        }
        guard twin.archivedAt == nil else { return failure(.twinArchived, twin) }
        let stored = try connection.first(
            "SELECT token, is_enabled, expires_at FROM share_links WHERE twin_key = ?", twin.key
        ) { (token: $0.optionalText(0), isEnabled: $0.bool(1), expiresAt: try $0.timestamp(2)) }
        guard let stored, stored.isEnabled else { return failure(.sharingDisabled, twin) }
        guard let current = stored.token, try Crypto.equal(Array(current.utf8), Array(token.utf8)) else {
            return failure(.tokenMismatch, twin)
        }
        if let end = stored.expiresAt, end <= now { return failure(.expired, twin) }
        return .success(twin)
    }

    /// The twin that a link opens. `report` hears why it opens none; the caller hears only that. Throws `TwinError`
    /// (`notFound`).
    package func validate(
        twinID: String, token: Secret, now: Timestamp = Clock.now, report: (Failure) throws -> Void = { _ in }
    ) throws -> Twin {
        switch try check(twinID: twinID, token: token, now: now) {
        case .success(let twin): return twin
        case .failure(let failure):
            try report(failure)
            throw try refusal(failure)
        }
    }

    /// Writes down why a link opened nothing, and answers what whoever followed it is told.
    func refusal(_ failure: Failure) throws -> TwinError {
        try log(failure)
        return failure.error
    }

    /// Anybody can present tokens, so a twin's log takes a bounded number of them.
    private static let loggedFailuresAnHour = 60

    private func log(_ failure: Failure) throws {
        guard let twin = failure.twin else { return }
        do {
            try database.write { connection in
                _ = try RateLimit.count(
                    [RateLimit("share-audit:\(twin.key)", Self.loggedFailuresAnHour, per: .hour)], on: connection)
                try AuditLog.append(
                    failure.reason == .expired ? .shareTokenExpired : .shareTokenInvalid, of: twin, actor: nil,
                    ["reason": .string(failure.reason.rawValue)], on: connection)
            }
        } catch is RateLimit.Exceeded {
            // There are enough rows to see that somebody is trying.
        }
    }
}
