/// Who is asking, once the credentials have been checked. What that allows, the `Authorizer` says.
package enum Principal: Sendable, Equatable {
    /// The person at the command line.
    case localOperator
    case user(User)
    case apiKey(KeyStore.Key)
    /// Somebody who came through a widget or a share link, to one twin.
    case visitor(Session)
    case nobody

    /// Whom the audit log names.
    package var actorID: String? {
        switch self {
        case .localOperator: AuditLog.localActor
        case .user(let user): user.id
        case .apiKey(let key): key.id
        case .visitor(let session): session.id
        case .nobody: nil
        }
    }

    package var userID: String? { if case .user(let user) = self { user.id } else { nil } }
}
