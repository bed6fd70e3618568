import TwinDatabase
import TwinReaders
import TwinSupport

/// A twin in a database of its own in a temporary folder, made of the documents that an evaluation brings; both are gone
/// when the value goes.
final class EvaluationCorpus: Sendable {
    let database: Database
    let twin: Twin
    private let folder: ScratchFolder
    private let index = TwinIndex()

    /// Makes an empty twin in a database that `migrator` brings up. Throws `TwinError` or `DatabaseError`.
    init(_ migrator: Migrator, settings: TwinSettings = TwinSettings()) throws {
        folder = try ScratchFolder()
        database = try Database(path: folder.path + "/evaluation.db", create: true)
        try migrator.migrate(database)
        twin = try TwinStore(database: database).create(name: "Evaluation", settings: settings, by: nil)
    }

    /// Ingests documents as files would be: read, cut, indexed. Those without any text are left out, because there is
    /// nothing to find in them. Throws `TwinError` when one cannot be read or the run was cancelled.
    func add(
        _ documents: [EvaluationDocument], isCancelled: @escaping @Sendable () -> Bool,
        progress: @escaping @Sendable (_ locator: String) -> Void = { _ in }
    ) throws {
        let documents = documents.filter { !$0.text.trimmed.isEmpty || !$0.title.trimmed.isEmpty }
        let shelf = DocumentShelf(documents: Dictionary(documents.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first }))
        var observer = Ingestion.Observer()
        observer.isCancelled = isCancelled
        observer.finished = { progress($0.locator) }
        let request = IngestRequest(inputs: documents.map { .url($0.id) }, actor: nil)
        let summary = try Ingestion(database: database, index: index, remote: shelf).run(request, into: twin, observer: observer)
        if summary.isInterrupted { throw TwinError(.interrupted, "interrupted; nothing is kept of an evaluation") }
        if summary.count(.failed) > 0 {
            throw TwinError(
                .failed,
                "\(summary.count(.failed)) documents cannot be ingested; the first: \(summary.firstReason ?? "no reason")")
        }
    }

    /// Removes the documents with these identifiers.
    func remove(_ identifiers: Set<String>) throws {
        let catalog = SourceCatalog(database: database, index: index)
        try catalog.remove(try catalog.list(twin: twin).filter { identifiers.contains($0.locator) }, by: nil)
    }

    /// Which document each source is.
    func keys() throws -> SourceKeys {
        var keys = SourceKeys()
        for source in try SourceCatalog(database: database, index: index).list(twin: twin) {
            keys.add(source: source.id, key: source.locator)
        }
        return keys
    }
}

/// The documents of an evaluation, where ingestion fetches them from.
private struct DocumentShelf: RemoteSources {
    let documents: [String: EvaluationDocument]

    func fetch(
        _ url: String, previous: (etag: String?, lastModified: String?), isCancelled: @escaping @Sendable () -> Bool
    ) throws -> [RemoteSource] {
        guard let document = documents[url] else { throw TwinError(.notFound, "there is no document \(url)") }
        let text = document.text.trimmed.isEmpty ? document.title : document.text
        do {
            var read = try DocumentReaders.read(DocumentInput(name: url, bytes: Array(text.utf8), format: .text))
            if !document.title.isEmpty { read.title = document.title }
            return [RemoteSource(kind: .stream, locator: url, name: url, content: .document(read, format: "text"))]
        } catch {
            throw TwinError(error)
        }
    }
}
