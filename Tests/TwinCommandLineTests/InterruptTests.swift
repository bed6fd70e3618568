import TestSupport
import Testing

@testable import twin

#if canImport(Glibc)
    import Glibc
#endif

/// Progress and Ctrl-C at a real terminal, where the program is this test runner itself, told to run `probe` only.
@Suite struct InterruptTests {
    private static let isProbe = ChildProcess.environment()["TWIN_INTERRUPT_PROBE"] != nil

    @Test(.enabled(if: isProbe)) func probe() throws {
        let output = Output(mode: .text, environment: .process)
        let progress = Progress(on: output)
        Interrupt.catchSignals()
        var files = 0
        let isStubborn = Environment.process["TWIN_INTERRUPT_PROBE"] == "stubborn"
        while isStubborn || !Interrupt.isRequested {
            files += 1
            progress.update(.init(files: files, bytes: 4096, current: "notes.md"))
            if files == 100 { output.warning("one file is odd") }
            usleep(10_000)
        }
        progress.finish()
        try output.line("stopped cleanly")
        try output.finish()
        Interrupt.endProcess(.interrupted)
    }

    private func start(_ kind: String) throws -> Pseudoterminal {
        try Pseudoterminal(
            ["/proc/self/exe", "--testing-library", "swift-testing", "--filter", "InterruptTests"],
            environment: ChildProcess.environment([
                "TWIN_INTERRUPT_PROBE": kind, "TERM": "xterm", "NO_COLOR": "1",
            ]))
    }

    @Test(.enabled(if: !isProbe)) func `the first Ctrl-C lets the work stop cleanly and the process ends as interrupted`() throws
    {
        let terminal = try start("obedient")
        try terminal.expect("files  4.0 KiB")
        terminal.send("\u{3}")
        // The line is taken away before anything else is printed.
        let rest = try terminal.expect("stopped cleanly")
        #expect(rest.hasSuffix("\r\u{1B}[Kstopped cleanly"))
        #expect(try terminal.end() == 130)
    }

    @Test(.enabled(if: !isProbe)) func `the second Ctrl-C ends a process that does not listen, and takes the line away`() throws {
        let terminal = try start("stubborn")
        try terminal.expect("files  4.0 KiB")
        terminal.send("\u{3}")
        // The terminal shows the key; what is drawn after it is drawn after the signal. Two at once would be one signal.
        try terminal.expect("^C")
        try terminal.expect("notes.md")
        terminal.send("\u{3}")
        #expect(try terminal.end() == 130)
        #expect(terminal.screen.hasSuffix("\r\u{1B}[K"))
    }

    @Test(.enabled(if: !isProbe)) func `a warning stands on its own line above the progress`() throws {
        let terminal = try start("obedient")
        let seen = try terminal.expect("one file is odd\r\n")
        #expect(seen.hasSuffix("\r\u{1B}[Kwarning: one file is odd\r\n"))
        try terminal.expect("files  4.0 KiB")
    }
}
