import TwinDatabase
import TwinSupport

/// Finds the sources that the files name: those the database has, and those that `sources.jsonl` lists and that are to come.
struct SourceReferences {
    enum Found {
        case stored(StoredSources.Row)
        case coming
    }

    let stored: StoredSources
    /// Locators by the name in the files.
    private let listed: [String: String]
    private let ids: Set<String>
    private let directory: TwinDirectory

    init(_ manifest: TwinManifest, _ directory: TwinDirectory, stored: StoredSources) {
        self.stored = stored
        self.directory = directory
        listed = Dictionary(
            (manifest.sources ?? []).map { ($0.locator, Self.locator(of: $0, in: directory)) },
            uniquingKeysWith: { first, _ in first })
        ids = Set(stored.rows.map(\.id))
    }

    /// What the database knows a source by.
    static func locator(of entry: TwinManifest.SourceEntry, in directory: TwinDirectory) -> String {
        entry.kind == .file ? directory.resolve(entry.locator).path : entry.locator
    }

    /// Throws `TwinError` for a name that neither knows.
    func find(_ name: String, at place: ManifestPlace) throws -> Found {
        if let locator = listed[name] { return stored.row(at: locator).map(Found.stored) ?? .coming }
        guard let row = stored.row(at: name) ?? stored.row(at: directory.resolve(name).path) else {
            throw place.error("there is no source '\(name.shortened(to: 120))'; name it as sources.jsonl does")
        }
        return .stored(row)
    }

    func isStored(id: String) -> Bool { ids.contains(id) }

    /// Whether sources are listed that the database does not have.
    var someAreComing: Bool { listed.values.contains { stored.row(at: $0) == nil } }
}
