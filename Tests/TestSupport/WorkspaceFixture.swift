import TwinDatabase
import TwinKit
import TwinSupport

/// A workspace of its own in a temporary folder: an empty database and a configuration in which nothing of the person who runs
/// the tests has a say. The others of the family begin with it: `TwinFixture` has a twin with documents, `TenantFixture` has people.
package struct WorkspaceFixture: Sendable {
    package let folder: TemporaryFolder
    package let workspace: Workspace
    private let configuration: Configuration

    /// `variables` are of the environment that settings are read from. With a `folder` it is the workspace of that folder, which is
    /// there already where another fixture has begun it.
    package init(_ variables: [String: String] = [:], in folder: TemporaryFolder? = nil) throws {
        let folder = try folder ?? TemporaryFolder()
        self.folder = folder
        configuration = try Configuration(
            environment: ["HOME": folder.path, "TWIN_CONFIG": folder.file("config.json")].merging(variables) { $1 })
        workspace = try Workspace(path: folder.file("twin.db"), configuration: configuration, create: true)
    }

    package var database: Database { workspace.database }

    /// The same database opened once more, as another process has it.
    package func openedAgain() throws -> Workspace { try Workspace(path: database.path, configuration: configuration) }
}
