import TwinSupport

extension Principal {
    /// The user, for what only a person may do. Throws a `TwinError`: `unauthenticated` for nobody, `notPermitted` for the rest.
    package func person() throws -> User {
        switch self {
        case .user(let user): return user
        case .nobody: throw Authorizer.unauthenticated
        case .localOperator, .apiKey, .visitor, .frontEnd: throw TwinError(.notPermitted, "this needs a signed-in user")
        }
    }
}
