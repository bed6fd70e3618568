import TwinHTTP
import TwinSupport

/// What the handlers of every contract work with.
package struct APIContext: Sendable {
    let workspace: Workspace
    let counters: ServerCounters
    /// Finds out who asks, by a token or an API key.
    let authentication: Authentication
    /// What comes in from clients, shared by all contracts.
    let uploads = Uploads()
    /// The names of the contracts that are served together.
    let contracts: [String]
    /// Which web pages may call the API.
    let pages: CrossOrigin
    /// Tells a line to whoever runs the server.
    let log: @Sendable (String, Request) -> Void

    func serves(_ contract: String) -> Bool { contracts.contains(contract) }

    var authorizer: Authorizer { workspace.authorizer }

    /// The caller's tenant, for what belongs to no twin.
    func tenant(_ request: Request, _ action: Authorizer.Action) throws -> String {
        var principal = request.principal
        if case .user(let user) = principal { principal = .user(try withWorkspace(user)) }
        return try authorizer.tenant(action, as: principal, making: request.method == .post)
    }

    /// A user with a workspace: one that has none yet gets it now.
    func withWorkspace(_ user: User) throws -> User {
        guard user.tenantID == nil else { return user }
        return try workspace.users.sync(user).user
    }

    /// Counts a request that does nothing else in the database. Throws `RateLimit.Exceeded`.
    func count(_ limits: [RateLimit]) throws {
        try workspace.database.write { _ = try RateLimit.count(limits, on: $0) }
    }

    /// The client's address as limits count it: see `IPAddress.subscriber`.
    func address(of request: Request) -> String {
        IPAddress(request.clientAddress)?.subscriber ?? request.clientAddress
    }

    /// Reads what a caller sent to the twin of the path. What is wrong with it is told only to who may do this to the twin.
    func reading<Value>(_ request: Request, for action: Authorizer.Action, _ read: () throws -> Value) throws -> Value {
        do {
            return try read()
        } catch {
            _ = try activeTwin(request, action)
            throw error
        }
    }

    /// The twin of the path, if the caller may do this to it.
    func twin(_ request: Request, _ action: Authorizer.Action) throws -> Twin {
        try authorizer.twin(request.parameters.require("twin_id"), action, as: request.principal)
    }

    /// The same for what archived twins do not do any more.
    func activeTwin(_ request: Request, _ action: Authorizer.Action) throws -> Twin {
        try authorizer.activeTwin(request.parameters.require("twin_id"), action, as: request.principal)
    }

    /// The twin that the thing in the path belongs to.
    func twin(
        owning parameter: String, in table: OwnedTable<OwnedByTwin>, _ request: Request, _ action: Authorizer.Action
    ) throws -> Twin {
        try authorizer.twin(owning: request.parameters.require(parameter), in: table, action, as: request.principal)
    }
}

extension Response {
    static func list(_ items: some Sequence<some JSONRepresentable>) -> Response { .json(.array(items.map(\.json))) }

    /// What the studio contract says of a change that answers nothing else.
    static func success(_ message: String) -> Response { .json(["status": "success", "message": .string(message)]) }
}
