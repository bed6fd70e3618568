import TwinSupport

/// How often a client may knock at the doors that ask for no name. By address, because there is nothing else to know it by.
extension RateLimit {
    /// Looks at invitations by their tokens, of any kind: 60 a minute.
    package static func readingInvitations(from address: String) -> RateLimit {
        RateLimit("invitation:\(address)", 60, per: .minute)
    }

    /// Tries to accept one, each of which may cost a password hash: 20 a minute.
    package static func acceptingInvitations(from address: String) -> RateLimit {
        RateLimit("accept:\(address)", 20, per: .minute)
    }

    /// Exchanges of refresh tokens: 60 a minute.
    package static func refreshingTokens(from address: String) -> RateLimit {
        RateLimit("refresh:\(address)", 60, per: .minute)
    }

    /// Letters for a new password that one network asks for, whoever they go to: 20 an hour.
    package static func askingForPasswords(from address: String) -> RateLimit {
        RateLimit("password-letter:\(address)", 20, per: .hour)
    }

    /// Letters with invitations from one workspace, whoever they go to: 100 an hour.
    package static func mailingInvitations(from tenantID: String) -> RateLimit {
        RateLimit("invitation-letter:\(tenantID)", 100, per: .hour)
    }

    /// Letters for a new password that anybody can cause to one address, whether anybody has it or not: 4 an hour. The table of
    /// windows knows a hash of it only.
    package static func mailing(to email: String) throws -> RateLimit { try letters("letter-to", email) }

    /// Letters with invitations to one address, from all workspaces: 4 an hour. Strangers who ask for passwords use up none of them.
    package static func mailingInvitation(to email: String) throws -> RateLimit { try letters("invitation-to", email) }

    private static func letters(_ kind: String, _ email: String) throws -> RateLimit {
        RateLimit("\(kind):\(Hex.encode(try SHA256.hash(email.trimmed.lowercased()).prefix(16)))", 4, per: .hour)
    }

    /// New accounts: 20 an hour, by network, because one household or attacker has many addresses of IPv6.
    package static func registering(from network: String) -> RateLimit {
        RateLimit("register:\(network)", 20, per: .hour)
    }

    /// Entries that a user puts into the audit log.
    package static func reporting(_ actor: String) -> RateLimit { RateLimit("audit:\(actor)", 60, per: .minute) }

    /// Widgets' pages opened: 120 a minute.
    package static func openingWidgets(from address: String) -> RateLimit {
        RateLimit("widget-page:\(address)", 120, per: .minute)
    }

    /// Login links tried: 20 a minute.
    package static func redeemingLoginLinks(from address: String) -> RateLimit {
        RateLimit("login-link:\(address)", 20, per: .minute)
    }

    /// Questions through a tenant's widget a minute, from one address.
    package static func usingWidget(_ tenantID: String, from address: String) -> RateLimit {
        RateLimit("widget-page:\(tenantID):\(address)", 20, per: .minute)
    }

    /// Looks whether a share link works: 60 a minute.
    package static func checkingShareLinks(from address: String) -> RateLimit {
        RateLimit("share:\(address)", 60, per: .minute)
    }
}
