import TestSupport
import Testing

@testable import twin

#if canImport(Glibc)
    import Glibc
#endif

/// The line editor at a real terminal. The program at that terminal is this test runner itself, told to run `probe` only.
@Suite struct LineEditorTerminalTests {
    private static let isProbe = ChildProcess.environment()["TWIN_LINE_EDITOR_PROBE"] != nil

    @Test(.enabled(if: isProbe)) func probe() throws {
        let output = Output(mode: .text, environment: .process)
        var editor = LineEditor(output: output, environment: .process, history: ["an older question", "the last question"])
        while true {
            let input = try editor.read(prompt: "ask> ")
            try output.line("<" + String(describing: input) + ">")
            try output.flush()
            if case .line = input { continue }
            break
        }
    }

    private func start(columns: Int = 80, environment: [String: String?] = [:]) throws -> Pseudoterminal {
        var runner = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &runner, runner.count - 1)
        let path = String(decoding: runner.prefix(max(0, count)).map(UInt8.init(bitPattern:)), as: UTF8.self)
        var changes: [String: String?] = ["TWIN_LINE_EDITOR_PROBE": "1", "TERM": "xterm", "NO_COLOR": "1"]
        for (name, value) in environment { changes[name] = value }
        let terminal = try Pseudoterminal(
            [path, "--testing-library", "swift-testing", "--filter", "LineEditorTerminalTests"], columns: columns,
            environment: ChildProcess.environment(changes))
        try terminal.expect("ask> ")
        return terminal
    }

    @Test(.enabled(if: !isProbe)) func `a line is typed, edited and entered`() throws {
        let terminal = try start()
        terminal.send("hallo welt\u{1}\u{1B}[C\u{4}e\u{5}\u{17}日本\u{7F}!\r")
        try terminal.expect("<line(\"hello 日!\")>")
        try terminal.expect("ask> ")
        terminal.send("\u{4}")
        try terminal.expect("<end>")
    }

    @Test(.enabled(if: !isProbe)) func `arrows go through the history and back to what was being typed`() throws {
        let terminal = try start()
        terminal.send("dra\u{1B}[A\u{1B}[A\u{1B}[B\u{1B}[Bft\r")
        try terminal.expect("<line(\"draft\")>")
        try terminal.expect("ask> ")
        terminal.send("\u{1B}[A\u{1B}[A\r")
        try terminal.expect("<line(\"the last question\")>")
        try terminal.expect("ask> ")
        terminal.send("\u{12}old\r")
        try terminal.expect("<line(\"an older question\")>")
        try terminal.expect("ask> ")
        terminal.send("\u{4}")
        try terminal.expect("<end>")
    }

    @Test(.enabled(if: !isProbe)) func `a paste of several lines is one line of input`() throws {
        let terminal = try start()
        terminal.send("\u{1B}[200~one\rtwo\n\u{1B}[201~ three\r")
        try terminal.expect("<line(\"one\\ntwo three\")>")
    }

    @Test(.enabled(if: !isProbe)) func `Ctrl-C drops the line and leaves the terminal as it was`() throws {
        let terminal = try start()
        #expect(!terminal.isCanonical)
        terminal.send("something\u{3}")
        try terminal.expect("<interrupted>")
        #expect(terminal.isCanonical)
        #expect(terminal.screen.contains("\u{1B}[?2004l"))
    }

    @Test(.enabled(if: !isProbe)) func `a termination signal while a line is typed leaves the terminal as it was`() throws {
        let terminal = try start()
        terminal.send("some")
        try terminal.expect("some")
        terminal.signal(SIGTERM)
        try terminal.expect("<interrupted>")
        #expect(terminal.isCanonical)
    }

    @Test(.enabled(if: !isProbe)) func `a line longer than the terminal is wide wraps and can be edited`() throws {
        let terminal = try start(columns: 20)
        terminal.send(String(repeating: "0123456789", count: 4) + "\u{1}x\u{5}y\r")
        try terminal.expect("<line(\"x0123456789012345678901234567890123456789y\")>")
    }

    @Test(.enabled(if: !isProbe)) func `standard input that is no terminal is read line by line`() throws {
        let runner = try ChildProcess.run(["readlink", "/proc/\(getpid())/exe"]).output.split(separator: "\n").first.map(
            String.init)
        let result = try ChildProcess.run(
            [try #require(runner), "--testing-library", "swift-testing", "--filter", "LineEditorTerminalTests"],
            input: "first\r\nsecond\n\nlast", environment: ChildProcess.environment(["TWIN_LINE_EDITOR_PROBE": "1"]))
        let answers = result.lines.filter { $0.hasPrefix("<") }
        #expect(answers == ["<line(\"first\")>", "<line(\"second\")>", "<line(\"\")>", "<line(\"last\")>", "<end>"])
        #expect(!result.output.contains("ask>"))
    }
}
