import TwinDatabase
import TwinKit
import TwinReaders
import TwinSearch
import TwinSupport

/// What nearly every command begins with: the configuration, the database, the twin.
extension Invocation {
    func configuration() throws -> Configuration { try Configuration() }

    /// The database file: `--db`, else what the configuration says.
    func databasePath(_ configuration: Configuration) -> String { string("db") ?? configuration.databasePath }

    /// Whether only the plan is asked for, of a command that has one.
    var isDryRun: Bool { command.options.contains { $0.name == "dry-run" } && flag("dry-run") }

    /// Opens the database, which is closed when the command ends. With `create` a missing one is made. With `--dry-run` nothing
    /// is written to it, and an empty one stands in for one that would be made.
    func workspace(
        create: Bool = false, database settings: Database.Configuration = Database.Configuration(),
        reading: any DocumentReading = ReaderPool()
    ) throws -> Workspace {
        let configuration = try configuration()
        let path = databasePath(configuration)
        let workspace =
            try isDryRun
            ? Workspace(
                planning: path, configuration: configuration, orEmpty: create, database: settings, reading: reading)
            : Workspace(path: path, configuration: configuration, create: create, database: settings, reading: reading)
        openWorkspaces.add(workspace)
        return workspace
    }

    /// The twin that `--twin` or the configuration names, else the only one.
    func twin(in workspace: Workspace) throws -> Twin {
        try workspace.twins.resolve(string("twin") ?? workspace.configuration.text("twin"))
    }

    /// Whom the command speaks for: the operator, perhaps as a member of the group that `--as-group` names, or the holder of
    /// the key that `--as-key` names.
    func principal(in workspace: Workspace) throws -> (principal: Principal, group: String?) {
        if has("as-group"), has("as-key") { throw usage("--as-group and --as-key cannot be used together") }
        guard let word = string("as-key") else { return (.localOperator, string("as-group")) }
        return (.apiKey(try key(word, in: workspace)), nil)
    }

    /// What that principal may read of a twin.
    func clearance(of twin: Twin, in workspace: Workspace) throws -> Clearance {
        let (principal, group) = try principal(in: workspace)
        try workspace.authorizer.check(twin, .read, as: principal)
        return try workspace.authorizer.chatClearance(of: twin, as: principal, group: group)
    }

    /// An API key by its id, or by itself in a file or an environment variable.
    func key(_ word: String, in workspace: Workspace) throws -> KeyStore.Key {
        guard let text = try SecretInput.reference(word) else { return try workspace.keys.resolve(word) }
        guard let key = try workspace.keys.verify(text) else {
            throw TwinError(.unauthenticated, "the API key is not valid; 'twin keys list' shows those that are")
        }
        return key
    }
}
