import TwinKit
import TwinReaders
import TwinSupport

enum IngestCommand {
    static let command = Command(
        "ingest", summary: "Read files, folders and web pages into a twin",
        discussion: """
            Run it again whenever the files have changed: what is unchanged is skipped by its content, what has changed is \
            replaced, and a file that failed is left alone until it changes. Each source goes in whole or not at all, so \
            it may be stopped at any moment.

            'twin help formats' lists what is read. Some formats need a program beside twin; 'twin doctor' says which are \
            installed. Other files of a folder are skipped, and the report says how many for each reason.

            In a folder .gitignore and .twinignore are honoured, and folders of dependencies (node_modules), build output, minified \
            scripts and lock files are left out and reported; --no-ignore reads them too.

            A pattern for --include and --exclude is matched with the path below the given folder: '*' stays within a name, \
            '**' crosses folders, and a pattern without '/' is matched with the name alone.

            A file that was moved or renamed stays the source that it was, with its id and grants: it is known by its bytes. A \
            file that is empty now does not answer with what it held before.

            --prune removes the sources whose file is gone. Where a given path is missing, or holds no file at all, a disk may \
            just not be mounted: its sources stay and the run fails, unless --force says that they are to go.

            A file, a folder, an address or standard input that cannot be read is named with the reason, the run goes on with the \
            others, and the exit code is 9, also when nothing else was to be read. The other codes are about the command itself: the \
            twin is not found, the database is locked or may not be written. A file that crashes its reader, or takes more time or \
            memory than allowed, is such a failure too.

            A line of --jsonl tells about one file as soon as it is done: added, updated, moved, unchanged, removed, skipped or \
            failed; the last line is the summary.
            """,
        examples: [
            Example("twin ingest ~/papers --twin ada", "a folder and everything below it"),
            Example("twin ingest ~/papers --prune --dry-run", "what a second run would add, update and remove"),
            Example("twin ingest ~/wiki --include '*.md' --exclude 'drafts/**'", "only Markdown, without the drafts"),
            Example("twin ingest https://example.com/article.html", "a web page"),
            Example("twin ingest https://example.com/article.html --queue", "later, by 'twin serve' or 'twin jobs run'"),
            Example("cat notes.md | twin ingest - --format markdown --title 'Monday notes'", "standard input"),
            Example("twin ingest ~/papers --jsonl | jq -r 'select(.status==\"failed\").path'", "the files that failed"),
        ],
        arguments: [
            Argument(
                "PATH|URL|-", .many, help: "Files, folders, http(s) addresses, or - for standard input",
                completion: .files)
        ],
        options: [
            .twin,
            .flag("recursive", short: "r", negatable: true, default: "on", help: "Descend into subfolders"),
            .string("include", "GLOB", repeats: true, help: "Read only files that match"),
            .string("exclude", "GLOB", repeats: true, help: "Skip files and folders that match"),
            .flag("prune", help: "Remove the sources below the given paths whose file is gone"),
            .flag("force", help: "With --prune: remove them also where a given path is missing or holds no file"),
            .flag("dry-run", short: "n", help: "Show what would be done, in the shape of the result, and do nothing"),
            .flag("retry-failed", help: "Retry the files that failed before"),
            .int("jobs", short: "j", in: 1...256, default: "number of processors", help: "Read this many files at once"),
            .flag("fail-fast", help: "Stop at the first file that fails"),
            .string("encoding", "NAME", help: "The character set of text files, for example shift_jis, when they do not say it"),
            .choice("format", "FORMAT", short: "f", of: formats, help: "Read every input as this format, whatever its name"),
            .string("title", "TEXT", help: "The title of the source; for a single input"),
            .keyValue("metadata", short: "m", help: "A property kept with each source of this run"),
            .path("from-file", "LIST", help: "Read further paths and addresses from a file, one per line; - is standard input"),
            .flag("queue", help: "Let 'twin serve' or 'twin jobs run' fetch the addresses later; prints the jobs"),
            .flag("allow-private", help: "Fetch from private and loopback addresses too"),
            .flag(
                "graph", negatable: true, default: "the twin's setting graph.extraction",
                help: "Read names, relations and preferences out of the documents now"),
            .flag("follow", help: "Follow symbolic links to folders; each folder is read once"),
            .flag(
                "ignore", negatable: true, default: "on",
                help: "Honour .gitignore and .twinignore, and leave out folders of dependencies and what programs made"),
            .flag("verbose", short: "v", help: "A line for each file that was read"),
        ],
        exits: [.notConfigured, .notFound, .notPermitted, .limitReached, .busy, .partlyDone, .interrupted],
        alsoCalled: ["add", "import", "learn", "load", "index"], run: run)

    /// The names that `--format` takes.
    static let formats = DocumentFormat.allCases.map(\.rawValue)

    private static func run(_ call: Invocation) throws -> ExitCode {
        let configuration = try call.configuration()
        var request = IngestRequest(
            inputs: try inputs(call, maximumFileBytes: configuration.maximumFileBytes), actor: AuditLog.localActor)
        guard !request.inputs.isEmpty else {
            throw call.usage("there is nothing to read; name a file, a folder or a URL, or - for standard input")
        }
        if call.flag("force"), !call.flag("prune") {
            throw call.usage("--force is for --prune; --retry-failed reads files again")
        }
        if call.has("title"), request.inputs.count > 1 { throw call.usage("--title is for a single input") }
        request.include = call.strings("include")
        request.exclude = call.strings("exclude")
        request.isRecursive = call.flag("recursive", default: true)
        request.followsLinks = call.flag("follow")
        request.honoursIgnoreFiles = call.flag("ignore", default: true)
        if let name = call.string("encoding") {
            guard TextDecoding.isKnown(name) else {
                throw call.usage("'\(name.prefix(40))' is not a character set that this machine can read; 'iconv -l' lists them")
            }
            request.encoding = name
        }
        request.format = call.string("format").flatMap { DocumentFormat(rawValue: $0) }
        request.title = call.string("title")
        for (key, value) in call.pairs("metadata") { request.metadata[key] = .string(value) }
        request.prune = call.flag("prune")
        request.forcesPrune = call.flag("force")
        request.isDryRun = call.isDryRun
        request.failFast = call.flag("fail-fast")
        request.retryFailed = call.flag("retry-failed")
        request.jobs = try call.int("jobs") ?? configuration.integer("ingest.jobs")
        request.maximumFileBytes = try configuration.maximumFileBytes

        if call.flag("queue") {
            let addresses = try addresses(of: request, call)
            let (workspace, twin) = try open(request, reading: ReaderPool(), call)
            return try queue(addresses, into: twin, in: workspace, call)
        }
        Interrupt.catchSignals()
        let report = IngestReport(output: call.output, isVerbose: call.flag("verbose") || call.isDryRun)
        guard request.namesOnlyPaths, IngestSupervisor.isPossible else {
            let (workspace, twin) = try open(request, reading: ReaderPool(), call)
            let summary = try workspace.ingestion(allowPrivate: call.flag("allow-private"))
                .run(request, into: twin, observer: report.observer())
            try report.finish(summary)
            try finish(summary, of: twin, in: workspace, call)
            return exitCode(summary)
        }
        let supervisor = try IngestSupervisor(
            request, readSeconds: configuration.integer("ingest.read_seconds"), observer: report.observer(),
            stopSignal: Interrupt.workerSignal)
        let summary = try supervisor.run(finished: report.finish) { link in
            work(for: link, call)
            call.openWorkspaces.close()
            try? call.output.finish()
            Interrupt.endProcess(.done)
        }
        return exitCode(summary)
    }

    /// What a worker does, see `IngestSupervisor`; the process that it works for tells of it.
    private static func work(for link: IngestLink, _ call: Invocation) {
        Interrupt.becomeWorker()
        call.output.keepErrorsToItself()
        do {
            let (workspace, twin) = try open(link.request, reading: link.reading, call)
            Interrupt.catchSignals()
            let observer = link.observer { Interrupt.isRequested }
            let summary = try workspace.ingestion().run(link.request, into: twin, observer: observer)
            link.finish(summary)
            try finish(summary, of: twin, in: workspace, call)
        } catch {
            link.fail(error)
        }
    }

    private static func open(
        _ request: IngestRequest, reading: any DocumentReading, _ call: Invocation
    ) throws -> (Workspace, Twin) {
        var workspace = try call.workspace(create: true, database: .bulk, reading: reading)
        // A plan for a database without a twin needs one to plan with, and must not make it there.
        if request.isDryRun, try workspace.twins.list(includeArchived: true).isEmpty {
            workspace = try Workspace(scratch: workspace.configuration, reading: reading)
        }
        return (workspace, try twin(call, in: workspace))
    }

    /// What is made of the documents that are in.
    private static func finish(
        _ summary: IngestSummary, of twin: Twin, in workspace: Workspace, _ call: Invocation
    ) throws {
        guard !summary.isDryRun, !summary.isInterrupted else { return }
        try embed(twin, in: workspace, call.output)
        if call.flag("graph", default: GraphLearning.moment(of: twin) == .ingest) {
            try GraphCommand.learn(twin, in: workspace, call.output, retriesModel: true)
        }
    }

    /// What `--queue` is to fetch later.
    private static func addresses(of request: IngestRequest, _ call: Invocation) throws -> [String] {
        for option in ["dry-run", "prune", "format", "encoding", "title", "metadata", "include", "exclude"] where call.has(option)
        {
            throw call.usage("--\(option) cannot be used with --queue")
        }
        return try request.inputs.map { input in
            guard case .url(let url) = input else { throw call.usage("--queue takes addresses only; files are read at once") }
            return url
        }
    }

    private static func queue(
        _ urls: [String], into twin: Twin, in workspace: Workspace, _ call: Invocation
    ) throws -> ExitCode {
        let jobs = try urls.map {
            try workspace.queueIngestion(
                of: $0, into: twin, clearance: .everything, allowPrivate: call.flag("allow-private"), createdBy: "local"
            ).job
        }
        try call.output.list(jobs) {
            for job in jobs { try call.output.line(JobsCommand.line(job)) }
        }
        return .done
    }

    /// Gives vectors to what was added, where a model for it is configured. Without them everything is found by its words,
    /// so a failure is only told.
    static func embed(_ twin: Twin, in workspace: Workspace, _ output: Output) throws {
        defer { output.setStatus(nil) }
        do {
            let count = try workspace.embed(
                twin, isCancelled: { Interrupt.isRequested },
                progress: { output.setStatus("embedding: \($0.done) of \($0.total) chunks") })
            if count > 0 { output.note("embedded \(Format.count(count, "chunk"))") }
        } catch let error as TwinError {
            output.warning("the documents are searched by words alone: \(error.message); 'twin rebuild --embeddings' tries again")
        }
    }

    /// What the operands and `--from-file` name, in their order.
    private static func inputs(_ call: Invocation, maximumFileBytes: Int) throws -> [IngestRequest.Input] {
        var names = call.operands("PATH|URL|-")
        if let list = call.string("from-file") {
            if list == "-", names.contains("-") { throw call.usage("standard input cannot be both the list and a document") }
            names += try StandardInput.lines(of: list)
        }
        return try names.map { name in
            if name == "-" { return try standardInput(name: call.string("title"), maximumFileBytes) }
            let lower = name.prefix(8).lowercased()
            return lower.hasPrefix("http://") || lower.hasPrefix("https://") ? .url(name) : .path(name)
        }
    }

    /// What comes through a pipe is known by its title, or else by its content: two texts are two sources.
    private static func standardInput(name: String?, _ maximumBytes: Int) throws -> IngestRequest.Input {
        do {
            let bytes = try StandardInput.bytes(limit: maximumBytes, setting: "ingest.max_file_mib")
            return .bytes(bytes, name: try name ?? "standard input \(Hex.encode(SHA256.hash(bytes).prefix(8)))")
        } catch let error as TwinError where error.kind != .interrupted {
            return .missing(name: name ?? "standard input", error)
        }
    }

    /// The twin that is named, or the only one; in an empty database one named "default" is made, so that a first
    /// ingestion needs no preparation.
    static func twin(_ call: Invocation, in workspace: Workspace) throws -> Twin {
        if let name = call.string("twin") ?? workspace.configuration.text("twin") { return try workspace.twins.resolve(name) }
        if try workspace.twins.list(includeArchived: true).isEmpty {
            call.output.note("\(call.isDryRun ? "would make" : "made") the twin 'default', the first of this database")
            return try workspace.twins.create(name: "default", by: AuditLog.localActor)
        }
        return try workspace.twins.resolve(nil)
    }

    private static func exitCode(_ summary: IngestSummary) -> ExitCode {
        if summary.isInterrupted, Interrupt.isRequested { return .interrupted }
        return summary.count(.failed) == 0 ? .done : .partlyDone
    }

    /// One file in a line for people.
    static func line(_ item: IngestItem) -> StyledText {
        let style: StyledText.Style =
            switch item.outcome {
            case .added, .updated, .moved: .green
            case .failed: .red
            case .removed, .skipped: .yellow
            case .unchanged: .dim
            }
        let reason = item.reason.map { ": \($0)" } ?? item.movedFrom.map { " (was \($0))" } ?? ""
        return "\(item.outcome.rawValue, style) \(item.locator)\(reason)"
    }
}
