import TestSupport

@testable import TwinDatabase
@testable import TwinKit
@testable import TwinSupport

/// What brings twins into the workspace from folders, and back.
extension WorkspaceFixture {
    /// No address leads anywhere.
    private struct NoNetwork: RemoteSources {
        func fetch(
            _ url: String, previous: (etag: String?, lastModified: String?), isCancelled: @escaping @Sendable () -> Bool
        ) throws -> [RemoteSource] { throw TwinError(.upstream, "there is no network") }
    }

    func apply(_ directory: TwinDirectory, prune: Bool = false, isDryRun: Bool = false) throws -> ApplyReport {
        let index = TwinIndex()
        let apply = TwinApply(
            database: database, index: index, ingestion: Ingestion(database: database, index: index, remote: NoNetwork()),
            maximumFileBytes: 1 << 20)
        var options = TwinApply.Options()
        options.prune = prune
        options.isDryRun = isDryRun
        return try apply.run(directory.read(), in: directory, options)
    }

    func export(_ slug: String, to directory: TwinDirectory) throws {
        let twin = try TwinStore(database: database).resolve(slug)
        _ = try directory.write(try TwinExport(database: database).manifest(of: twin, for: directory))
    }

    /// All files of a folder, one after the other.
    static func text(_ directory: TwinDirectory) throws -> String {
        try TwinDirectory.File.allCases.map { file in
            "== \(file.rawValue)\n"
                + String(decoding: try FileContents.read(directory.file(file), maximumBytes: 1 << 26).bytes, as: UTF8.self)
        }.joined()
    }
}
