import TwinKit

#if canImport(Glibc)
    import Glibc
    import TwinSupport
#endif

enum BackupCommand {
    static let command = Command(
        "backup", summary: "Copy the database to a file while it is in use",
        discussion: """
            The copy is complete and consistent, even while another process writes. It appears under its name only when it \
            is whole, and only you can read it. An existing file is replaced only with --force. With - the copy goes to standard \
            output, and the report about it is left out.

            Pictures and weights of personas and what clients keep at /v1/files are files beside the database (or in a bucket) and \
            not in the copy: copy their folder after the database, and 'twin doctor' says whether all are there.
            """,
        examples: [
            Example("twin backup twin-$(date +%F).db", "a copy named after today"),
            Example("twin backup /mnt/backup/twin.db --force --quiet", "for cron"),
            Example("twin backup - | gzip > twin.db.gz", "through a pipe"),
        ],
        arguments: [Argument("FILE", help: "Where the copy goes; - for standard output", completion: .files)],
        options: [.flag("force", short: "f", help: "Replace FILE if it is there")],
        exits: [.notConfigured, .notPermitted, .busy, .interrupted], alsoCalled: ["export", "dump", "save"],
        run: run)

    private static func run(_ call: Invocation) throws -> ExitCode {
        let file = try call.required("FILE")
        if file == "-" { return try send(call) }
        let size = try copy(to: file, call)
        let beside = try call.workspace().filesBeside(looking: false)
        try call.output.show(
            ["path": .string(file), "bytes": .number(size), "files_beside": .number(beside.count)] as JSON
        ) {
            try call.output.line("\(file, .bold) holds a copy of \(Format.bytes(Int64(size)))")
        }
        tellOfFiles(beside, call)
        return .done
    }

    /// Whoever restores the copy misses them.
    private static func tellOfFiles(_ beside: Workspace.FilesBeside, _ call: Invocation) {
        guard beside.count > 0 else { return }
        call.output.note("not in it: \(Format.count(beside.count, "stored file")); copy \(beside.folder) as well")
    }

    /// Copies the database to a file that goes with this call, and that file to standard output: a copy that fails half-way
    /// sends nothing.
    private static func send(_ call: Invocation) throws -> ExitCode {
        guard !call.output.isTerminal else {
            throw call.usage("a backup cannot go to a terminal; send it to a file or a pipe, as in 'twin backup - > FILE'")
        }
        let folder = try ScratchFolder()
        let size = try copy(to: folder.path + "/copy.db", call)
        try FileContents.forEachPiece(of: folder.path + "/copy.db") { try call.output.bytes($0) }
        try call.output.flush()
        call.output.note("sent a copy of \(Format.bytes(Int64(size)))")
        tellOfFiles(try call.workspace().filesBeside(looking: false), call)
        return .done
    }

    private static func copy(to file: String, _ call: Invocation) throws -> Int {
        let workspace = try call.workspace()
        Interrupt.catchSignals()
        defer { call.output.setStatus(nil) }
        return try workspace.backup(to: file, replacing: call.flag("force")) { done, total in
            if Interrupt.isRequested { throw TwinError(.interrupted, "interrupted; no backup was written") }
            call.output.setStatus("copied \(total == 0 ? 100 : done * 100 / total) %")
        }
    }
}
