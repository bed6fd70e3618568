import Synchronization
import TwinDatabase
import TwinSupport

/// Brings in the sources that a twin's files list and the database does not have as listed. A file is read when its bytes have
/// changed; an address is fetched once, and 'twin sources' reads it again.
struct SourceConvergence {
    let directory: TwinDirectory
    let ingestion: Ingestion
    let maximumFileBytes: Int

    /// A source that has to be read.
    struct Work {
        var entry: TwinManifest.SourceEntry
        var locator: String
        var action: TwinChange.Action
        /// Read again though its bytes are the same, because its title or metadata are to be others.
        var force = false
        var content: [UInt8]?
        var fields: [String] = []
    }

    struct Plan {
        var work: [Work] = []
        var unchanged = 0
        var failures: [ApplyReport.Failure] = []

        var changes: [TwinChange] {
            work.map { TwinChange(action: $0.action, kind: .source, name: $0.entry.locator, fields: $0.fields) }
        }
    }

    /// Compares the list with the database. Throws `TwinError` for what must not be read; failures of single files are in the plan.
    func plan(_ entries: [TwinManifest.SourceEntry], _ stored: StoredSources) throws -> Plan {
        var plan = Plan()
        var lines: [String: Int] = [:]
        for entry in entries {
            let place = ManifestPlace(file: TwinDirectory.File.sources.rawValue, line: entry.line)
            let locator = SourceReferences.locator(of: entry, in: directory)
            if let line = lines.updateValue(entry.line, forKey: locator) {
                throw place.error("this source is already in line \(line)")
            }
            let row = stored.row(at: locator)
            if let row, (row.kind == .file) != (entry.kind == .file) || (row.kind == .stream) != (entry.kind == .stream) {
                throw place.error("the twin has '\(locator.shortened(to: 120))' as a source of the kind \(row.kind.rawValue)")
            }
            var work = Work(entry: entry, locator: locator, action: row?.textHash == nil ? .create : .update)
            if let row, row.textHash != nil {
                // One that has moved is still known by its name of before.
                if entry.kind == .file, row.name != FilePath.name(locator) { work.fields.append("name") }
                if let title = entry.title, title != row.title { work.fields.append("title") }
                if entry.metadata.members.contains(where: { row.metadata[$0.key]?.canonical != $0.value }) {
                    work.fields.append("metadata")
                }
                work.force = !work.fields.isEmpty
            }
            do {
                if try isNeeded(&work, row, place) { plan.work.append(work) } else { plan.unchanged += 1 }
            } catch let error as Unreadable {
                plan.failures.append(ApplyReport.Failure(name: entry.locator, reason: error.reason))
            }
        }
        return plan
    }

    private struct Unreadable: Error { var reason: String }

    private func isNeeded(_ work: inout Work, _ row: StoredSources.Row?, _ place: ManifestPlace) throws -> Bool {
        let isThere = row?.textHash != nil
        switch work.entry.kind {
        case .file:
            guard directory.allowsOutside || directory.resolve(work.entry.locator).isInside else {
                // What the twin has already is left as it is, without a look at the file.
                if isThere, !work.force { return false }
                throw place.error(
                    "'\(work.entry.locator.shortened(to: 120))' is outside of the folder; --allow-outside permits that",
                    .notPermitted)
            }
            guard let identity = FileContents.identity(at: work.locator) else {
                throw Unreadable(reason: "there is no such file")
            }
            if isThere, row?.fileIdentity == identity { return work.force }
            guard isThere else { return true }
            let contents = try read(work.locator)
            if try SHA256.hash(contents) != row?.contentHash { work.fields.append("content") }
            return !work.fields.isEmpty
        case .stream:
            guard let name = work.entry.content else {
                if isThere, !work.force { return false }
                throw Unreadable(reason: "it came through a pipe and has no \"content\"; 'twin export --content' writes it")
            }
            let file = directory.resolve(name)
            guard file.isInside else { throw place.error("\"content\" must be inside of the folder", .notPermitted) }
            let contents = try read(file.path)
            let hash = try SHA256.hash(contents)
            if isThere, hash != row?.contentHash, hash != row?.textHash { work.fields.append("content") }
            work.content = contents
            return !isThere || !work.fields.isEmpty
        case .url, .youtube, .podcast, .x:
            return !isThere || work.force
        }
    }

    private func read(_ path: String) throws -> [UInt8] {
        do {
            return try FileContents.read(path, maximumBytes: maximumFileBytes).bytes
        } catch let error as TwinError {
            throw Unreadable(reason: error.message)
        }
    }

    /// Reads the sources of a plan. Plain files go together, everything that needs words of its own alone. `finished` is told
    /// of each; it answers the failures.
    func run(
        _ plan: Plan, into twin: Twin, grantsToDefaultGroup: Bool, by actor: String?,
        isCancelled: @escaping @Sendable () -> Bool
    ) throws -> [ApplyReport.Failure] {
        let (plain, special) = (
            plan.work.filter { $0.entry.kind == .file && !$0.force }, plan.work.filter { $0.entry.kind != .file || $0.force }
        )
        var request = IngestRequest(inputs: plain.map { .path($0.locator) }, actor: actor)
        request.retryFailed = true
        request.maximumFileBytes = maximumFileBytes
        request.grantsToDefaultGroup = grantsToDefaultGroup
        let names = Dictionary(plan.work.map { ($0.locator, $0.entry.locator) }, uniquingKeysWith: { first, _ in first })
        let failed = Mutex<[ApplyReport.Failure]>([])
        var observer = Ingestion.Observer()
        observer.isCancelled = isCancelled
        observer.finished = { item in
            guard item.outcome == .failed || item.outcome == .skipped else { return }
            failed.withLock {
                $0.append(
                    ApplyReport.Failure(name: names[item.locator] ?? item.locator, reason: item.reason ?? "it cannot be read"))
            }
        }
        let tell = observer.finished
        if !plain.isEmpty { _ = try ingestion.run(request, into: twin, observer: observer) }
        for work in special where !isCancelled() {
            var request = request
            request.force = work.force
            request.title = work.entry.title
            request.metadata = work.entry.metadata
            switch work.entry.kind {
            case .file: request.inputs = [.path(work.locator)]
            case .stream:
                request.inputs = [.bytes(work.content ?? [], name: work.locator)]
                request.format = .text
            case .url, .youtube, .podcast, .x: request.inputs = [.url(work.locator)]
            }
            let reached = Mutex<[String]>([])
            var watcher = observer
            watcher.finished = { item in
                try tell(item)
                if item.outcome != .failed { reached.withLock { $0.append(item.locator) } }
            }
            _ = try ingestion.run(request, into: twin, observer: watcher)
            let locators = reached.withLock { $0 }
            if let first = locators.first, !locators.contains(work.locator) {
                let reason =
                    "it leads to '\(first.shortened(to: 200))'"
                    + (locators.count > 1 ? " and \(locators.count - 1) others" : "") + "; name that in sources.jsonl instead"
                failed.withLock { $0.append(ApplyReport.Failure(name: work.entry.locator, reason: reason)) }
            }
        }
        return failed.withLock { $0 }
    }
}
