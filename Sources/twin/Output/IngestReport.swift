import Synchronization
import TwinHTTP
import TwinKit
import TwinSupport

/// Tells about an ingestion while it runs, in each of the ways of output.
final class IngestReport: Sendable {
    private let output: Output
    private let progress: Progress?
    private let state = Mutex(Progress.Snapshot())
    /// What changed or failed, kept for the JSON document; unchanged files are counted only.
    private let items = Mutex<[IngestItem]>([])

    /// Whether each file has a line.
    private let isVerbose: Bool

    init(output: Output, isVerbose: Bool = false) {
        self.output = output
        self.isVerbose = isVerbose
        progress = output.showsProgress && output.mode == .text ? Progress(on: output) : nil
    }

    func observer() -> Ingestion.Observer {
        var observer = Ingestion.Observer()
        observer.isCancelled = { Interrupt.isRequested }
        observer.finished = { try self.finished($0) }
        if progress != nil {
            observer.began = { locator in self.redraw { $0.current = FilePath.name(locator) } }
            // The totals appear when they are known.
            observer.counted = { files, bytes in
                self.redraw { snapshot in
                    snapshot.totalFiles = files
                    snapshot.totalBytes = Int64(bytes)
                }
            }
        }
        return observer
    }

    private func redraw(_ change: (inout Progress.Snapshot) -> Void) {
        guard let progress else { return }
        progress.update(
            state.withLock { snapshot in
                change(&snapshot)
                return snapshot
            })
    }

    private func finished(_ item: IngestItem) throws {
        redraw { snapshot in
            snapshot.files += 1
            snapshot.bytes += Int64(item.bytes ?? 0)
        }
        switch output.mode {
        case .jsonl: try output.record(item.json)
        case .json: if item.outcome != .unchanged { items.withLock { $0.append(item) } }
        case .text:
            switch item.outcome {
            case .failed: output.warning("\(item.locator): \(item.reason ?? "it failed")")
            case .unchanged: break
            case .skipped: if isVerbose { try output.line(IngestCommand.line(item)) }
            case .added, .updated, .moved, .removed:
                if isVerbose { try output.line(IngestCommand.line(item)) }
            }
        }
    }

    func finish(_ summary: IngestSummary) throws {
        progress?.finish()
        switch output.mode {
        case .jsonl: try output.record(summary.json)
        case .json:
            let files = items.withLock { $0 }.sorted { $0.locator < $1.locator }
            let reasons = summary.skippedReasons.map { reason, count, example -> JSON in
                ["reason": .string(reason), "count": .number(count), "example": .string(example)]
            }
            try output.document(["summary": summary.json, "files": .array(files.map(\.json)), "skipped": .array(reasons)])
        case .text:
            output.note(Self.words(summary))
            let reasons = summary.skippedReasons
            for (reason, count, example) in reasons.prefix(Self.shownReasons) {
                output.note("  \(count) skipped: \(reason) (\(count > 1 ? "such as " : "")\(FilePath.name(example)))")
            }
            if reasons.count > Self.shownReasons {
                output.note("  and for \(reasons.count - Self.shownReasons) more reasons; --verbose names each file")
            }
        }
    }

    private static let shownReasons = 10

    /// `12 added, 3 unchanged, 1 failed; 1.2 MiB in 40 chunks, 0.3 s`.
    private static func words(_ summary: IngestSummary) -> StyledText {
        let counts = IngestItem.Outcome.allCases.filter { summary.count($0) > 0 }
            .map { "\(summary.count($0)) \($0.rawValue)" }
        let done = counts.isEmpty ? "nothing to do" : counts.joined(separator: ", ")
        let prefix = summary.isDryRun ? "would be: " : summary.isInterrupted ? "stopped early: " : ""
        let size =
            summary.chunkCount > 0
            ? "; \(Format.bytes(Int64(summary.bytes))) in \(Format.count(summary.chunkCount, "chunk"))" : ""
        return "\(prefix)\(done)\(size), \(Format.duration(seconds: summary.seconds))"
    }
}
