/// Who is asking, once the credentials have been checked. What that allows, the `Authorizer` says.
package enum Principal: Sendable, Equatable {
    /// The person at the command line.
    case localOperator
    case user(User)
    case apiKey(KeyStore.Key)
    /// Somebody who came through a widget or a share link, to one twin.
    case visitor(Session)
    /// A front end of the operator's with accounts of its own, which speaks for its users and may nothing else.
    case frontEnd
    case nobody

    /// Whom the audit log names.
    package var actorID: String? {
        switch self {
        case .localOperator: AuditLog.localActor
        case .user(let user): user.id
        case .apiKey(let key): key.id
        case .visitor(let session): session.id
        case .frontEnd: AuditLog.frontEndActor
        case .nobody: nil
        }
    }

    /// Whether they may act for any user of the file.
    var speaksForUsers: Bool { isOperator || self == .frontEnd }

    /// Under whom a conversation is kept; none for whoever cannot have one.
    var conversationHolder: ConversationHolder? {
        switch self {
        case .localOperator: ConversationHolder()
        case .user(let user): ConversationHolder(userID: user.id)
        case .apiKey(let key): ConversationHolder(keyID: key.id)
        case .visitor(let session): ConversationHolder(sessionID: session.id)
        case .frontEnd, .nobody: nil
        }
    }

    /// Whether this is somebody who looks after everything of a tenant.
    func isOwner(of tenantID: String) -> Bool {
        switch self {
        case .localOperator: true
        case .user(let user): user.role == .owner && user.tenantID == tenantID
        case .apiKey, .visitor, .frontEnd, .nobody: false
        }
    }

    /// The person at the command line, or a user whom they made an operator of the server.
    package var isOperator: Bool {
        switch self {
        case .localOperator: true
        case .user(let user): user.isOperator
        case .apiKey, .visitor, .frontEnd, .nobody: false
        }
    }

    /// Whose things they can name; none for the operator, who names those of the whole file. What has no tenant yet names
    /// nothing.
    var tenantID: String? {
        switch self {
        case .localOperator: nil
        case .user(let user): user.tenantID ?? ""
        case .apiKey(let key): key.tenantID
        case .visitor(let session): session.tenantID
        case .frontEnd, .nobody: ""
        }
    }

    /// Nil for whoever is no user: an API key is not the user who made it.
    package var userID: String? { if case .user(let user) = self { user.id } else { nil } }
}
