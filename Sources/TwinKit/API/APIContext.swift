/// What the handlers of every contract work with.
struct APIContext: Sendable {
    let workspace: Workspace
    /// Tells a line to whoever runs the server.
    let log: @Sendable (String, Request) -> Void

    var authorizer: Authorizer { workspace.authorizer }

    /// The caller's tenant, for what belongs to no twin.
    func tenant(_ request: Request, _ action: Authorizer.Action) throws -> String {
        try authorizer.tenant(action, as: request.principal)
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
        owning parameter: String, in table: Authorizer.OwnedTable, _ request: Request, _ action: Authorizer.Action
    ) throws -> Twin {
        try authorizer.twin(owning: request.parameters.require(parameter), in: table, action, as: request.principal)
    }
}

/// Routes that belong together.
protocol RouteCollection: Sendable {
    func add(to group: inout RouteGroup) throws
}

extension Response {
    static func list(_ items: some Sequence<some JSONRepresentable>) -> Response { .json(.array(items.map(\.json))) }

    /// What the studio contract says of a change that answers nothing else.
    static func success(_ message: String) -> Response { .json(["status": "success", "message": .string(message)]) }
}
