import TwinKit
import TwinReaders
import TwinSupport

enum QnaCommand {
    static let command = Command(
        "qna", summary: "Keep the owner's own answers to questions",
        discussion: """
            A verified answer is given word for word when its question is asked, whatever courtesies, slips of the pen or small words \
            it comes with. Questions that are only alike, or differ in a name, a number or a "not", are offered as "did you mean".
            """,
        examples: [
            Example("twin qna add \"What do you charge?\" \"900 kronor an hour.\"", "answer a question once and for all"),
            Example("twin qna export > answers.jsonl", "keep a copy"),
        ],
        alsoCalled: ["verified", "answers", "faq"], subcommands: [add, list, show, edit, rm, importing, export])

    private static let answer = Argument("ANSWER", help: "Id of the verified answer")
    private static let visibilities = VerifiedAnswer.Visibility.allCases.map(\.rawValue)

    static let add = Command(
        "add", summary: "Answer a question once and for all",
        examples: [
            Example("twin qna add \"What do you charge?\" \"900 kronor an hour.\"", "a question and its answer"),
            Example("twin qna add \"What do you charge?\" - < answer.txt", "the answer from standard input"),
        ],
        arguments: [Argument("QUESTION", help: "The question"), Argument("TEXT|-", help: "The answer")],
        options: [
            .twin,
            .string(
                "source", "ID", repeats: true, completion: .dynamic(.sources),
                help: "A source that supports the answer, by id, path or name"),
            .choice("visibility", "V", of: visibilities, default: "private", help: "A label in lists; groups decide who gets it"),
        ],
        exits: [.notConfigured, .notFound, .limitReached], alsoCalled: ["create", "new"], run: addAnswer)

    static let list = Command(
        "list", summary: "List the verified answers, newest first",
        examples: [Example("twin qna list --json | jq length", "how many there are")],
        options: [
            .twin, .choice("visibility", "V", of: visibilities, help: "Only those with this label"),
            .flag("all", help: "Include removed ones"),
        ],
        exits: [.notConfigured, .notFound], alsoCalled: ["ls"], run: listAnswers)

    static let show = Command(
        "show", summary: "Show a verified answer with its history",
        examples: [Example("twin qna show ID --json", "with all edits, newest first")],
        arguments: [answer], exits: [.notConfigured, .notFound], alsoCalled: ["get", "view"], run: showAnswer)

    static let edit = Command(
        "edit", summary: "Change a verified answer; the previous one stays in its history",
        examples: [Example("twin qna edit ID \"950 kronor an hour.\" --reason \"new prices\"", "a new answer")],
        arguments: [answer, Argument("TEXT|-", help: "The new answer")],
        options: [.string("reason", "WHY", default: "edited", help: "Why it changes")],
        exits: [.notConfigured, .notFound, .limitReached], alsoCalled: ["update", "set"], run: editAnswer)

    static let rm = Command(
        "rm", summary: "Remove verified answers from use",
        examples: [Example("twin qna rm ID", "remove one")],
        arguments: [Argument("ANSWER", .oneOrMore, help: "Ids of verified answers")],
        exits: [.notConfigured, .notFound], alsoCalled: ["delete", "remove"], run: removeAnswers)

    static let importing = Command(
        "import", summary: "Read verified answers from CSV or JSON Lines",
        discussion: """
            CSV needs a first line that names the columns 'question' and 'answer'; each line of JSON Lines is an object with these two. \
            Semicolons or tabs may stand for the commas. Importing the same file again changes nothing; a changed answer becomes an \
            edit. An entry that cannot be taken is named and left out, and the exit code is then 9; --dry-run shows it beforehand.
            """,
        examples: [
            Example("twin qna import answers.csv", "a table"), Example("twin qna import - < answers.jsonl", "from a pipe"),
        ],
        arguments: [Argument("FILE|-", help: "The file", completion: .files)],
        options: [
            .twin, .choice("format", "F", of: ["csv", "jsonl"], default: "by name and content", help: "How the file is written"),
            .dryRun,
        ],
        exits: [.notConfigured, .notFound, .partlyDone], alsoCalled: ["load"], run: importAnswers)

    static let export = Command(
        "export", summary: "Write the verified answers as JSON Lines or CSV",
        discussion: """
            In CSV a cell that a spreadsheet would take for a formula, because it begins with =, +, -, @ or a tab, has an apostrophe \
            before it; 'twin qna import' takes it away again.
            """,
        examples: [Example("twin qna export --format csv > answers.csv", "a table")],
        options: [.twin, .choice("format", "F", of: ["csv", "jsonl"], default: "jsonl", help: "How it is written")],
        exits: [.notConfigured, .notFound], alsoCalled: ["dump"], run: exportAnswers)

    private static func text(_ call: Invocation) throws -> String {
        let text = try call.required("TEXT|-")
        return text == "-" ? try StandardInput.text(limit: VerifiedAnswers.maximumAnswerBytes + 1) : text
    }

    private static func addAnswer(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let twin = try call.twin(in: workspace)
        let entry = VerifiedAnswers.Entry(
            question: try call.required("QUESTION"), answer: try text(call),
            citations: try call.strings("source").map { try workspace.sources.find($0, twin: twin).id },
            visibility: call.string("visibility").flatMap(VerifiedAnswer.Visibility.init) ?? .private)
        try show(try workspace.verifiedAnswers.add(entry, to: twin, clearance: .everything, by: nil), on: call.output)
        try warnOfGaps(twin, in: workspace, call.output)
        return .done
    }

    private static func listAnswers(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let answers = try workspace.verifiedAnswers.list(
            of: call.twin(in: workspace), visibility: call.string("visibility").flatMap(VerifiedAnswer.Visibility.init),
            includeRemoved: call.flag("all"), clearance: .everything)
        try call.output.list(answers, empty: "there is no verified answer yet; 'twin qna add' makes one") {
            var table = Table(.text("ID"), .text("QUESTION", shrinks: true), .text("ANSWER", shrinks: true))
            for answer in answers {
                table.add(
                    StyledText(answer.id), "\(answer.question)\(answer.isActive ? "" : " (removed)", .dim)",
                    StyledText(answer.answer))
            }
            try call.output.table(table)
        }
        return .done
    }

    private static func showAnswer(_ call: Invocation) throws -> ExitCode {
        try show(try call.workspace().verifiedAnswers.find(try call.required("ANSWER")), on: call.output)
        return .done
    }

    private static func editAnswer(_ call: Invocation) throws -> ExitCode {
        let answer = try call.workspace().verifiedAnswers.edit(
            try call.required("ANSWER"), answer: try text(call), reason: call.string("reason") ?? "edited", by: nil)
        try show(answer, on: call.output)
        return .done
    }

    private static func removeAnswers(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let ids = call.operands("ANSWER")
        for id in ids { try workspace.verifiedAnswers.remove(id, by: nil) }
        try call.output.show(["status": "removed", "ids": .strings(ids)] as JSON) {
            try call.output.line("\(Format.count(ids.count, "verified answer")) removed")
        }
        return .done
    }

    private static func importAnswers(_ call: Invocation) throws -> ExitCode {
        let path = try call.required("FILE|-")
        let format =
            call.string("format").flatMap(AnswerFile.Format.init)
            ?? (path.lowercased().hasSuffix(".csv") ? .csv : path.lowercased().hasSuffix(".jsonl") ? .jsonl : nil)
        let file = try file(path, format: format)
        let workspace = try call.workspace()
        let twin = try call.twin(in: workspace)
        let report = try workspace.verifiedAnswers.import(file, into: twin, by: nil, isDryRun: call.isDryRun)
        try call.output.show(report) {
            let verb = call.isDryRun ? "would be" : "are"
            let failed = report.failures.isEmpty ? "" : ", \(report.failures.count) failed"
            try call.output.line(
                "\(report.added) \(verb) added, \(report.changed) changed, \(report.unchanged) unchanged\(failed)")
            for failure in report.failures { call.output.warning("\(failure.place): \(failure.reason)") }
        }
        if !call.isDryRun { try warnOfGaps(twin, in: workspace, call.output) }
        return report.failures.isEmpty ? .done : .partlyDone
    }

    /// The file is anybody's, so a child reads it as it does documents.
    private static func file(_ path: String, format: AnswerFile.Format?) throws -> AnswerFile {
        let bytes = try StandardInput.bytes(of: path, limit: 64 << 20)
        do {
            return try ReaderPool().answers(bytes, format: format)
        } catch .malformed(let reason) {
            throw TwinError(.failed, "\(path) holds no answers: \(reason)")
        } catch {
            throw TwinError(.failed, "\(path): \(error.message)")
        }
    }

    /// Says when the embedding model did not answer.
    private static func warnOfGaps(_ twin: Twin, in workspace: Workspace, _ output: Output) throws {
        let count = try workspace.verifiedAnswers.unembeddedCount(of: twin)
        guard count > 0 else { return }
        output.warning(
            "\(Format.count(count, "question")) of verified answers could not be embedded and will be matched by spelling alone; "
                + "'twin rebuild --embeddings' tries again")
    }

    private static func exportAnswers(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let answers = try workspace.verifiedAnswers.list(of: call.twin(in: workspace), clearance: .everything).reversed()
        let format = call.string("format").flatMap(AnswerFile.Format.init) ?? .jsonl
        try call.output.data(VerifiedAnswerFile.write(Array(answers), format: format))
        return .done
    }

    static func show(_ answer: VerifiedAnswer, on output: Output) throws {
        try output.show(answer) {
            var details = Details([
                "id": "\(answer.id, .bold)", "question": StyledText(answer.question), "answer": StyledText(answer.answer),
                "visibility": StyledText(answer.visibility.rawValue), "updated": StyledText(answer.updatedAt.description),
            ])
            if !answer.isActive { details.add("removed", "yes") }
            for source in answer.citations { details.add("source", StyledText(source)) }
            for patch in answer.patches {
                details.add("before \(patch.patchedAt)", StyledText("\(patch.previousAnswer) (\(patch.reason))"))
            }
            try output.details(details)
        }
    }
}
