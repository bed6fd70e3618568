import TwinKit
import TwinReaders
import TwinSupport

#if canImport(Glibc)
    import Glibc
#endif

enum WatchCommand {
    static let command = Command(
        "watch", summary: "Keep a twin as folders are, until it is stopped",
        discussion: """
            What stands in the folders is read first, as 'twin ingest --prune' does; then each file that is written, moved or \
            removed is followed a moment later. Ctrl-C or SIGTERM ends it, after what is in hand. For a service, run it under \
            systemd with Restart=on-failure.
            """,
        examples: [
            Example("twin watch ~/notes", "follow a folder"),
            Example("twin watch ~/notes --jsonl | jq -r .path", "what changed, as it changes"),
        ],
        arguments: [Argument("DIR", .oneOrMore, help: "The folders", completion: .directories)],
        options: [
            .twin,
            .string("include", "GLOB", repeats: true, help: "Follow only files that match"),
            .string("exclude", "GLOB", repeats: true, help: "Leave out files and folders that match"),
            .flag(
                "ignore", negatable: true, default: "on",
                help: "Honour .gitignore and .twinignore, and leave out folders of dependencies and what programs made"),
        ],
        exits: [.notConfigured, .notFound, .notPermitted, .limitReached, .busy, .interrupted], alsoCalled: ["follow"], run: run)

    /// Milliseconds of quiet that end a burst of changes: programs write a file in several steps.
    private static let pause = 300
    /// Nanoseconds after which it is read all the same.
    private static let longestPause: UInt64 = 5_000_000_000
    /// Folders that were made between two looks are found by then at the latest.
    private static let longestWait = 30_000

    private static func run(_ call: Invocation) throws -> ExitCode {
        let folders = call.operands("DIR").map(FilePath.absolute)
        for folder in folders {
            guard case .folder = FileContents.kind(folder) else { throw TwinError(.notFound, "\(folder) is not a folder") }
        }
        var request = IngestRequest(inputs: folders.map { .path($0) }, actor: AuditLog.localActor)
        request.include = call.strings("include")
        request.exclude = call.strings("exclude")
        request.honoursIgnoreFiles = call.flag("ignore", default: true)
        request.prune = true
        let workspace = try call.workspace(create: true)
        let twin = try IngestCommand.twin(call, in: workspace)
        request.maximumFileBytes = try workspace.configuration.maximumFileBytes
        Interrupt.catchSignals()
        let watch = try FolderWatch()
        while !Interrupt.isRequested {
            // Watched before it is read, so that nothing falls between.
            for folder in folders { try watch.add(folder, leavesOutUnwanted: request.honoursIgnoreFiles) }
            try read(request, into: twin, in: workspace, call)
            var waited = 0
            while !Interrupt.isRequested, waited < longestWait {
                if try watch.wait(milliseconds: 1000) { break }
                waited += 1000
            }
            // Whoever writes a file just now is waited for, but not for ever.
            let deadline = Clock.monotonicNanoseconds + longestPause
            while !Interrupt.isRequested, Clock.monotonicNanoseconds < deadline, try watch.wait(milliseconds: pause) {}
        }
        return .done
    }

    /// One look at the folders; what has changed is told, and what has not costs a look at its identity.
    private static func read(
        _ request: IngestRequest, into twin: Twin, in workspace: Workspace, _ call: Invocation
    ) throws {
        let output = call.output
        var observer = Ingestion.Observer()
        observer.isCancelled = { Interrupt.isRequested }
        observer.finished = { item in
            switch item.outcome {
            case .unchanged, .skipped: return
            // A failure of before is not told again and again.
            case .failed where item.isRemembered: return
            case .failed: output.warning("\(item.locator): \(item.reason ?? "it failed")")
            case .added, .updated, .moved, .removed: break
            }
            if output.mode == .text { try output.line(IngestCommand.line(item)) } else { try output.record(item.json) }
            try output.flush()
        }
        let summary = try workspace.ingestion().run(request, into: twin, observer: observer)
        if summary.count(.added) + summary.count(.updated) > 0 { try IngestCommand.embed(twin, in: workspace, output) }
    }
}
