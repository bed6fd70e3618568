import TwinKit

/// What nearly every command begins with: the configuration, the database, the twin.
extension Invocation {
    func configuration() throws -> Configuration { try Configuration() }

    /// The database file: `--db`, else what the configuration says.
    func databasePath(_ configuration: Configuration) -> String { string("db") ?? configuration.databasePath }

    /// Opens the database. With `create` a missing one is made.
    func workspace(
        create: Bool = false, database settings: Database.Configuration = Database.Configuration()
    ) throws -> Workspace {
        let configuration = try configuration()
        return try Workspace(
            path: databasePath(configuration), configuration: configuration, create: create, database: settings)
    }

    /// The twin that `--twin` or the configuration names, else the only one.
    func twin(in workspace: Workspace) throws -> Twin {
        try workspace.twins.resolve(string("twin") ?? workspace.configuration.text("twin"))
    }

    /// Whom the command asks for: the operator, or the caller that `--as-group` or `--as-key` names.
    func clearance(of twin: Twin, in workspace: Workspace) throws -> Clearance {
        if has("as-group"), has("as-key") { throw usage("--as-group and --as-key exclude each other") }
        if let group = string("as-group") { return .group(try workspace.groups.find(group, of: twin)) }
        if let id = string("as-key") {
            let scope = path.first == "chat" ? KeyStore.Scope.chat : .read
            guard try workspace.keys.find(id).allows(scope, twin: twin) else {
                throw TwinError(.notPermitted, "this key does not allow '\(scope.rawValue)' on the twin '\(twin.slug)'")
            }
            guard let group = try workspace.groups.group(forUser: nil, isVisitor: true, of: twin) else {
                throw TwinError(.notPermitted, "the twin has no group for callers with a key")
            }
            return .group(group)
        }
        return .everything
    }
}
