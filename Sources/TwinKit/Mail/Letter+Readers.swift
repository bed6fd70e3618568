import TwinDatabase

/// Who gets the letters about a workspace. It is asked when one is queued, and again when it goes.
extension Letter.Kind {
    /// Whether the kind is told to this user about a workspace: by their role, and while the address is known to be theirs.
    func isFor(_ user: User, of tenantID: String) -> Bool {
        guard user.tenantID == tenantID, user.isReachable else { return false }
        return switch self {
        // They quote what anybody asked or said, and so are for those only who may read everything.
        case .unanswered, .digest: user.role == .owner
        case .handovers: user.role == .owner || user.role == .supporter
        case .invitations, .passwords: false
        }
    }

    /// Whether the twin's settings let it go.
    func isWanted(by twin: Twin) -> Bool {
        switch self {
        case .unanswered: twin.settings[TwinSettings.mailsUnanswered]
        case .digest: twin.settings[TwinSettings.mailsDigest]
        case .handovers, .invitations, .passwords: true
        }
    }

    func readers(of tenantID: String, on connection: Connection) throws -> [User] {
        try Users.list(of: tenantID, on: connection).filter { isFor($0, of: tenantID) }
    }
}

extension User {
    /// Whether letters may go to the address: nothing of a workspace is told to one that is only claimed.
    fileprivate var isReachable: Bool { !isDeleted && isProven && !email.isEmpty }
}
