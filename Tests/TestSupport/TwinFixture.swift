import TwinDatabase
import TwinKit
import TwinSupport

/// A workspace with a twin called Ada, and what documents it is given.
///
///     let fixture = try TwinFixture(documents: ["rye.md": "Sow rye in September.\n"])
///     try fixture.workspace.search.passages(for: "rye", twin: fixture.twin)
///
/// What a room needs beside that stands in an extension among the room's tests.
package struct TwinFixture: Sendable {
    private let base: WorkspaceFixture
    package let twin: Twin

    /// `variables` are of the environment that settings are read from; `settings` are the twin's.
    package init(
        _ variables: [String: String] = [:], settings: JSONObject = JSONObject(), documents: KeyValuePairs<String, String> = [:]
    ) throws {
        base = try WorkspaceFixture(variables)
        twin = try base.workspace.twins.create(name: "Ada", settings: TwinSettings(settings))
        for (name, text) in documents { try addDocument(name, text) }
    }

    package var folder: TemporaryFolder { base.folder }
    package var workspace: Workspace { base.workspace }
    package var database: Database { base.database }

    /// The same database opened once more, as another process has it.
    package func openedAgain() throws -> Workspace { try base.openedAgain() }

    /// Writes a file below the folder's `notes` and reads it into the twin, or into another one.
    @discardableResult
    package func addDocument(_ name: String, _ text: String, into other: Twin? = nil) throws -> IngestSummary {
        let twin = other ?? twin
        let path = try folder.write("notes/\(twin.slug)/\(name)", text)
        return try workspace.ingestion().run(IngestRequest(inputs: [.path(path)]), into: twin)
    }
}
