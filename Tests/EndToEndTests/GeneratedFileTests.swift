import TestSupport
import Testing

/// Completions and manual pages are made from the command table and checked in.
@Suite struct GeneratedFileTests {
    @Test func `the checked-in completions and manual pages are those that the command table makes`() throws {
        try TwinBinary.withFolder { folder in
            let generated = try TwinBinary.run("__generate", folder)
            #expect(generated.code == 0)
            for kind in ["completions", "man"] {
                let difference = try ChildProcess.run(
                    ["diff", "-r", "-u", "\(TwinBinary.repository)/\(kind)", "\(folder)/\(kind)"])
                #expect(
                    difference.code == 0,
                    "run '.build/debug/twin __generate .' in the repository:\n\(difference.output.prefix(2000))")
            }
        }
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func `twin completions prints the checked-in script`(shell: String) throws {
        let script = try ChildProcess.run(["cat", "\(TwinBinary.repository)/completions/twin.\(shell)"]).output
        #expect(try TwinBinary.run("completions", shell).output == script)
    }

    @Test func `an unknown shell is refused`() throws {
        let result = try TwinBinary.run("completions", "bahs")
        #expect(result.code == 2)
        #expect(result.errors.contains("did you mean 'bash'?"))
    }

    private static let pages = (try? ChildProcess.run(["ls", "\(TwinBinary.repository)/man"]).lines) ?? []

    @Test func `there is a page for the program and for each command`() throws {
        #expect(Self.pages.contains("twin.1"))
        for command in ["ingest", "sources", "chat", "help"] { #expect(Self.pages.contains("twin-\(command).1")) }
    }

    @Test(arguments: pages)
    func `a manual page has no fault that mandoc finds`(page: String) throws {
        // Below "warning" is only the remark that a page which is not installed yet is referred to.
        let lint = try ChildProcess.run(["mandoc", "-Tlint", "-W", "style", "\(TwinBinary.repository)/man/\(page)"])
        let faults = lint.lines.filter { !$0.contains("referenced manual not found") }
        #expect(faults.isEmpty)
    }

    @Test(arguments: pages)
    func `a manual page renders in man without a warning`(page: String) throws {
        let result = try ChildProcess.run(
            ["man", "--warnings=w", "-l", "\(TwinBinary.repository)/man/\(page)"],
            environment: TwinBinary.environment(["MANWIDTH": "80", "PAGER": "cat", "HOME": "/tmp"]))
        #expect(result.code == 0)
        #expect(result.errors.isEmpty)
        #expect(result.output.contains("EXIT STATUS"))
    }
}
