import TwinHTTP
import TwinKit
import TwinSupport

enum ExportCommand {
    static let command = Command(
        "export", summary: "Write a twin as text files that diff well",
        discussion: """
            DIR then holds what 'twin apply' takes: twin.json (name, description, settings), groups.json (access groups with their \
            settings, limits, overrides, members and what they may read), qna.jsonl (a verified answer a line), memory.jsonl (the \
            owner's memory), graph.jsonl (nodes of the owner's own, merges, which of two facts holds, what was approved and rejected) and \
            sources.jsonl (where the documents come from). Everything is named by what people know it by, nothing \
            carries a time or an id of the database, and the order is fixed: the same twin gives the same bytes, so DIR can be kept \
            under version control and reviewed. Files that would not change are left alone.

            Documents inside of DIR are named from there, others by their whole path; with --content copies of them are written \
            below sources/ and named so, and 'twin apply' makes the same twin of DIR on another machine.

            Keys, share links, conversations and the history of edits are not exported; 'twin backup' copies all.
            """,
        examples: [
            Example("twin export seed --twin ada", "write the files"),
            Example("twin export seed --content && git diff seed", "the documents too; what has changed"),
        ],
        arguments: [Argument("DIR", help: "The folder; it is made when there is none", completion: .directories)],
        options: [
            .twin,
            .flag("content", help: "Also write the documents, below sources/, so that DIR is whole on another machine"),
            .flag("force", help: "Write even where DIR holds another twin"),
        ],
        exits: [.notConfigured, .notFound, .notPermitted], run: run)

    private static func run(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let twin = try call.twin(in: workspace)
        let directory = TwinDirectory(try call.required("DIR"))
        if let slug = directory.slug, slug != twin.slug, !call.flag("force") {
            throw TwinError(
                .conflict, "\(directory.path) holds the twin '\(slug)'; choose another folder, or write over it with --force")
        }
        let written = try workspace.export.write(
            twin, to: directory, texts: call.flag("content") ? { try workspace.sources.text(of: $0) } : nil,
            by: AuditLog.localActor)
        let report: JSON = [
            "twin": .string(twin.slug), "twin_id": .string(twin.id), "directory": .string(directory.path),
            "files": .array(written.map(\.json)),
        ]
        try call.output.show(report) {
            var table = Table(.text("FILE"), .number("ENTRIES"), .text("STATE"))
            for file in written { table.add(StyledText(file.file), "\(file.entries)", file.isChanged ? "written" : "unchanged") }
            try call.output.table(table)
        }
        return .done
    }
}
