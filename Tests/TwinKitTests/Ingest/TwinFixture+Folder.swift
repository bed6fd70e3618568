import FoundationEssentials
import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// A folder of files that is read into the twin again and again, while files are written, moved and removed.
extension TwinFixture {
    /// A group beside the default one.
    var board: AccessGroup {
        get throws {
            try workspace.groups.list(of: twin).first { $0.name == "Board" } ?? workspace.groups.create("Board", of: twin)
        }
    }

    func path(_ name: String) -> String { folder.path + "/" + name }

    func write(_ name: String, _ text: String) throws { try folder.write(name, text) }

    func move(_ name: String, to other: String) throws {
        let target = path(other)
        try FileManager.default.createDirectory(atPath: FilePath.folder(of: target), withIntermediateDirectories: true)
        try? FileManager.default.removeItem(atPath: target)
        try FileManager.default.moveItem(atPath: path(name), toPath: target)
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: path(name)) }

    /// A text that only the file with this number holds.
    static func text(_ number: Int) -> String {
        "Hive number \(number) stands in the orchard and is weighed each October by its keeper.\n"
    }

    @discardableResult
    func ingest(
        _ roots: String..., prune: Bool = true, force: Bool = false, isDryRun: Bool = false, include: [String] = [],
        jobs: Int = 0
    ) throws -> IngestSummary {
        var request = IngestRequest(inputs: roots.map { .path(path($0)) }, actor: AuditLog.localActor)
        request.prune = prune
        request.forcesPrune = force
        request.isDryRun = isDryRun
        request.include = include
        request.jobs = jobs
        return try workspace.ingestion().run(request, into: twin)
    }

    /// The ids of the sources by their paths below the folder.
    func sources() throws -> [String: String] {
        try Dictionary(
            workspace.sources.list(twin: twin).map { (String($0.locator.dropFirst(folder.path.utf8.count + 1)), $0.id) },
            uniquingKeysWith: { first, _ in first })
    }

    func source(_ name: String) throws -> Source { try workspace.sources.find(path(name), twin: twin) }

    /// Lets only the board read a source.
    func restrict(_ name: String) throws {
        let source = try source(name)
        let standard = try #require(try workspace.groups.list(of: twin).first { $0.isDefault })
        try workspace.permissions.revoke(.source, [source.id], from: standard)
        try workspace.permissions.grant(.source, [source.id], to: try board)
    }

    /// The paths that callers without a group of their own may read.
    func readableByAll() throws -> Set<String> {
        let standard = try #require(try workspace.groups.list(of: twin).first { $0.isDefault })
        return Set(
            try workspace.sources.list(twin: twin, grantedTo: standard.key).map {
                String($0.locator.dropFirst(folder.path.utf8.count + 1))
            })
    }

    func found(_ words: String) throws -> Int { try workspace.search.passages(for: words, twin: twin).count }
}
