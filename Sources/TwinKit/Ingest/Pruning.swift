import TwinDatabase
import TwinSupport

/// Removes the sources whose file is gone below the paths of a request.
///
/// A path that is missing, that is a file where it was a folder, or that holds no file where sources came from, says nothing
/// about its files: a disk may just not be mounted. The same holds for a folder below it that could not be read or is on
/// another file system than its files were. Their sources stay, and the run tells of it as of a failure, unless the request
/// forces them out.
struct Pruning {
    let run: IngestRun
    let database: Database
    let index: any SourceIndex
    /// When the run began: sources from then on say nothing about what was there before.
    let began: Timestamp

    /// Sources that are looked at in one transaction, so that a twin of any size is pruned in little memory.
    private static let pageSize = 1_000

    private var forces: Bool { run.request.forcesPrune }

    func prune() throws {
        var seen: Set<String> = []
        for case .path(let path) in run.request.inputs {
            let root = FilePath.absolute(path)
            guard seen.insert(root).inserted else { continue }
            if let refusal = try refusal(root) { try run.finish(.failed(root, refusal)) } else { try prune(below: root) }
        }
    }

    /// Removes the sources whose place a file that moved has taken: no file holds what they held.
    func removeOverwritten() throws {
        let sources = run.moves?.overwritten ?? []
        try remove(sources.map { Found(key: $0.key, id: $0.id, locator: $0.locator, identity: $0.fileIdentity) })
    }

    // MARK: Whole roots

    private func refusal(_ root: String) throws -> TwinError? {
        let (own, below) = try count(root)
        let sources = own + below == 1 ? "the source from it stays" : "the \(own + below) sources from it stay"
        let advice = "; --force removes \(own + below == 1 ? "it" : "them")"
        switch FileContents.kind(root) {
        case .missing(let error):
            guard own + below > 0 else { return error }
            return forces && error.kind == .notFound
                ? nil : TwinError(error.kind, "\(error.message), so \(sources)\(error.kind == .notFound ? advice : "")")
        case .file where below > 0 && !forces:
            return TwinError(.conflict, "it was a folder and is a file now, so \(sources)\(advice)")
        case .folder where own > 0 && !forces:
            return TwinError(.conflict, "it was a file and is a folder now, so \(sources)\(advice)")
        case .folder where below > 0 && !run.foundFiles(below: root) && !forces:
            return TwinError(.conflict, "no file was found in it, so \(sources) (is its disk mounted?)\(advice)")
        default: return nil
        }
    }

    /// The sources of the path itself and of what is below it, as they were before the run.
    private func count(_ root: String) throws -> (own: Int, below: Int) {
        try database.read { connection in
            try connection.first(
                """
                SELECT count(*) FILTER (WHERE locator = ?2), count(*) FILTER (WHERE locator <> ?2) FROM sources
                WHERE twin_key = ?1 AND kind = 'file' AND created_at < ?5
                    AND (locator = ?2 OR (locator >= ?3 AND locator < ?4))
                """, run.twin.key, root, Self.first(below: root), Self.end(below: root), began
            ) { ($0.int(0), $0.int(1)) } ?? (0, 0)
        }
    }

    // MARK: Single sources

    private struct Found {
        var key: Int64
        var id: String
        var locator: String
        var identity: String?
    }

    private func prune(below root: String) throws {
        // Folders that seem to be on a disk that is not mounted, with the sources that stay because of it.
        var absent: [String: Int] = [:]
        var isAbsent: [String: Bool] = [:]
        var last = ""
        while true {
            let page = try page(below: root, after: last)
            guard let end = page.last else { break }
            last = end.locator
            var gone: [Found] = []
            for source in page where isGone(source) {
                if !forces, let folder = Self.nearestFolder(to: source.locator, below: root) {
                    if isAbsent[folder] == nil { isAbsent[folder] = try isUnmounted(folder, source) }
                    if isAbsent[folder] == true {
                        absent[folder, default: 0] += 1
                        continue
                    }
                }
                gone.append(source)
            }
            try remove(gone)
        }
        for (folder, count) in absent.sorted(by: { $0.key < $1.key }) {
            try run.finish(
                .failed(
                    folder,
                    TwinError(
                        .conflict,
                        "it is on another file system than its files were (is its disk mounted?), so \(count) of its sources stay; --force removes them"
                    )))
        }
    }

    private func page(below root: String, after last: String) throws -> [Found] {
        try database.read { connection in
            try connection.rows(
                """
                SELECT key, id, locator, file_identity FROM sources
                WHERE twin_key = ?1 AND kind = 'file' AND locator > ?2 AND (locator = ?3 OR (locator >= ?4 AND locator < ?5))
                ORDER BY locator LIMIT ?6
                """, run.twin.key, last, root, Self.first(below: root), Self.end(below: root), Self.pageSize
            ) { Found(key: $0.int64(0), id: $0.text(1), locator: $0.text(2), identity: $0.optionalText(3)) }
        }
    }

    private func remove(_ sources: [Found]) throws {
        guard !sources.isEmpty else { return }
        if !run.request.isDryRun {
            try database.write { connection in
                try SourceWriter(twin: run.twin, index: index, actor: run.request.actor)
                    .remove(sources.map { ($0.key, $0.id) }, on: connection)
            }
        }
        for source in sources {
            var item = IngestItem(source.locator, .removed)
            item.sourceID = source.id
            try run.finish(item)
        }
    }

    private func isGone(_ source: Found) -> Bool {
        switch FileContents.kind(source.locator) {
        case .file: return false
        case .missing(let error) where error.kind != .notFound: return false
        // In a dry run a source that moves is still where it was.
        case .missing, .folder: return run.moves?.isClaimed(source.key) != true && !run.couldNotReach(source.locator)
        }
    }

    // MARK: File systems

    /// The folder nearest to a file that is gone, at or below `root`.
    private static func nearestFolder(to locator: String, below root: String) -> String? {
        var folder = FilePath.folder(of: locator)
        while folder.utf8.count >= root.utf8.count {
            if case .folder = FileContents.kind(folder) { return folder }
            if folder == "/" { return nil }
            folder = FilePath.folder(of: folder)
        }
        return nil
    }

    /// Whether `folder` is on another device than the file of `source` was, and holds none of the files that were there
    /// before: the mark of a mount point whose disk is missing.
    private func isUnmounted(_ folder: String, _ source: Found) throws -> Bool {
        guard let device = FileContents.device(inIdentity: source.identity), let now = FileContents.device(at: folder),
            device != now
        else { return false }
        var last = ""
        while true {
            let page = try database.read { connection in
                try connection.rows(
                    """
                    SELECT locator FROM sources
                    WHERE twin_key = ?1 AND kind = 'file' AND locator > ?2 AND locator >= ?3 AND locator < ?4 AND created_at < ?5
                    ORDER BY locator LIMIT ?6
                    """, run.twin.key, last, Self.first(below: folder), Self.end(below: folder), began, Self.pageSize
                ) { $0.text(0) }
            }
            guard let end = page.last else { return true }
            last = end
            if page.contains(where: { FileContents.exists($0) }) { return false }
        }
    }

    /// The bounds of the paths below a folder, as text.
    private static func first(below root: String) -> String { root == "/" ? "/" : root + "/" }
    private static func end(below root: String) -> String { root == "/" ? "0" : root + "0" }
}
