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

    @Test func `a word that is not UTF-8 is refused with its number`() throws {
        let command = "'\(TwinBinary.path)' ingest $'caf\\xe9.txt'"
        let result = try ChildProcess.run(["bash", "-c", command], environment: TwinBinary.environment())
        #expect(result.code == 2)
        #expect(result.errors.contains("word 2 of the command line is not valid UTF-8"))
    }
}
