import FoundationEssentials
import TestSupport
import Testing
import TwinKit
import TwinSupport

@Suite struct ExitCodeTests {
    @Test func `an unknown command is exit code 2 with one line on standard error and nothing on standard output`() throws {
        let result = try TwinBinary.run("serch", "words")
        #expect(result.code == 2)
        #expect(result.output.isEmpty)
        #expect(result.errors == "twin: there is no command 'twin serch'; did you mean 'twin search'? See 'twin -h'.\n")
    }

    @Test(arguments: ["--json", "--jsonl"])
    func `with JSON output an error is a JSON object on standard error`(option: String) throws {
        let result = try TwinBinary.run("search", "--limit", "0", option, "x")
        #expect(result.code == 2)
        #expect(result.output.isEmpty)
        let error = try JSONParser.parse(result.errors)["error"]
        #expect(error?["code"] == "usage")
        #expect(error?["exit_code"] == 2)
        #expect(error?["message"]?.stringValue?.contains("from 1 to 1000") == true)
    }

    @Test func `after two dashes --json is an operand, so the error is for people`() throws {
        let result = try TwinBinary.run("version", "--", "--json")
        #expect(result.code == 2)
        #expect(result.errors.hasPrefix("twin: "))
    }

    @Test func `a reader that goes away ends the command quietly with 141`() throws {
        let piped = "(sleep 0.5; exec '\(TwinBinary.path)' completions zsh) | true; echo ${PIPESTATUS[0]}"
        let result = try ChildProcess.run(["bash", "-c", piped], environment: TwinBinary.environment())
        #expect(result.output == "141\n")
        #expect(result.errors.isEmpty)
    }

    @Test func `a full disk is an error with the reason`() throws {
        let command = "'\(TwinBinary.path)' version > /dev/full"
        let result = try ChildProcess.run(["bash", "-c", command], environment: TwinBinary.environment())
        #expect(result.code == 1)
        #expect(result.errors == "twin: standard output cannot be written: No space left on device\n")
    }

    @Test(arguments: [
        ["bad.json"], ["photo.png"], ["empty.txt"], ["nowhere"], ["good.md", "nowhere"], ["good.md", "bad.json"],
        ["forbidden.md"],
        ["large.txt"], ["http://127.0.0.1:1/nobody"], ["https://nowhere.invalid/"], ["http://["], ["nowhere", "--prune"], ["-"],
        ["bad.json", "--fail-fast"],
    ]) func `an input that fails is 9, whatever is wrong with it and however many there are`(inputs: [String]) throws {
        let scene = try Scene()
        try scene.write("good.md", "# Honey\n\nThe lime trees were in flower on the third of July.\n")
        try scene.write("bad.json", "{\"honey\": ")
        try scene.write("photo.png", Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 1]))
        try scene.write("empty.txt", "")
        _ = try scene.shell("truncate -s 40M large.txt; ln -s forbidden.md forbidden.md")
        let result = try scene.run(Scene.binary, ["ingest"] + inputs + ["--json"], input: inputs == ["-"] ? "" : "x")
        #expect(result.code == 9, "\(result)")
        let failed = try result.json()["files"]?.arrayValue?.filter { $0["status"] == "failed" }
        #expect(failed?.count == 1)
        #expect(failed?.first?["reason"]?.stringValue?.isEmpty == false)
        #expect(try result.json()["summary"]?["added"] == (inputs.contains("good.md") ? 1 : 0))
    }

    @Test func `a row of answers that cannot be taken is named, and the others are taken`() throws {
        let scene = try Scene()
        try scene.twin("twins", "create", "one")
        try scene.write(
            "answers.csv",
            "Question;Answer;Citations\nWho?;\"I; and you.\";\n;Nobody asked.;\nWhat?\nWhere?;There.;no-such-source\nWhen?;Now.;\n"
        )
        try scene.write("answers.jsonl", "{\"question\": \"Why?\", \"answer\": \"So.\"}\nnonsense\n{\"question\": \"How?\"}\n")
        for arguments in [["--dry-run"], []] {
            let table = try scene.run(Scene.binary, ["qna", "import", "answers.csv", "--json"] + arguments)
            #expect(table.code == 9, "\(table)")
            let report = try table.json()
            #expect(report["added"] == 2)
            #expect(report["failed"]?.arrayValue?.compactMap { $0["place"]?.stringValue } == ["row 3", "row 5", "row 4"])
        }
        let lines = try scene.twin("qna", "import", "answers.jsonl")
        #expect(lines.code == 9)
        #expect(lines.output.contains("1 are added") && lines.output.contains("2 failed"), "\(lines)")
        #expect(lines.errors.contains("line 2: it is not an object") && lines.errors.contains("line 3: "), "\(lines)")
        #expect(try scene.twin("qna", "list", "--json").json().arrayValue?.count == 3)
        #expect(try scene.twin("chat", "Who?", "--json").json()["answer"] == "I; and you.")
        // What is no such file at all stops the work.
        for (name, text) in [("a.csv", "Name,City\nIvy,Oslo\n"), ("b.csv", "question,answer\n\"Who?,I.\n"), ("c.jsonl", "")] {
            try scene.write(name, text)
            let refused = try scene.twin("qna", "import", name)
            #expect(refused.code == 1, "\(refused)")
            #expect(refused.errors.hasPrefix("twin: \(name) holds no answers: "), "\(refused)")
        }
        #expect(try scene.twin("qna", "import", "nowhere.csv").code == 5)
    }

    @Test func `a file name that is not UTF-8 is shown with its bytes`() throws {
        let scene = try Scene()
        let result = try scene.shell("twin ingest $'caf\\xe9.txt'")
        #expect(result.code == 9)
        #expect(result.errors.contains("caf\\xE9.txt: there is no such file or folder"), "\(result.errors)")
    }
}
