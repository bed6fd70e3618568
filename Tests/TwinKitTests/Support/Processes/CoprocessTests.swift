import Glibc
import Testing

@testable import TwinSupport

@Suite struct CoprocessTests {
    private func receive(_ process: Coprocess, seconds: Int = 120, maximumBytes: Int = 1 << 24) throws(Coprocess.Failure)
        -> [UInt8]
    {
        try process.receive(seconds: seconds, maximumBytes: maximumBytes) { false }
    }

    /// `cat` gives back messages with their lengths as they came.
    @Test func `messages of any size come back in their order`() throws {
        let echo = try Coprocess("/bin/cat", [])
        let messages =
            [[], [1], [UInt8](repeating: 7, count: 5_000_000), Array(0..<200)] + (0..<50).map { [UInt8(clamping: $0)] }
        for message in messages { echo.send(message) }
        for message in messages { #expect(try receive(echo) == message) }
    }

    @Test func `an end, a silence and a message that is too long are told apart`() throws {
        #expect(throws: Coprocess.Failure.ended(status: 3)) { try receive(Coprocess("/bin/sh", ["-c", "exit 3"])) }
        #expect(throws: Coprocess.Failure.ended(status: 128 + SIGILL)) {
            try receive(Coprocess("/bin/sh", ["-c", "kill -ILL $$"]))
        }
        #expect(throws: Coprocess.Failure.timedOut) { try receive(Coprocess("/bin/sleep", ["60"]), seconds: 1) }
        #expect(throws: Coprocess.Failure.cancelled) {
            try Coprocess("/bin/sleep", ["60"]).receive(seconds: 60, maximumBytes: 1) { true }
        }
        let echo = try Coprocess("/bin/cat", [])
        echo.send([UInt8](repeating: 1, count: 100))
        #expect(throws: Coprocess.Failure.outputTooLarge) { try receive(echo, maximumBytes: 99) }
        #expect(throws: Coprocess.Failure.outputTooLarge) {
            try receive(Coprocess("/bin/sh", ["-c", #"printf '\377\377\377\377\377\377\377\377'; sleep 60"#]))
        }
        #expect(throws: Coprocess.Failure.notStarted("No such file or directory")) { _ = try Coprocess("/nonexistent", []) }
    }

    @Test func `what was answered before the end is still read`() throws {
        let process = try Coprocess("/bin/sh", ["-c", #"printf '\1\0\0\0\0\0\0\0a'; kill -SEGV $$"#])
        #expect(try receive(process) == [UInt8(ascii: "a")])
        #expect(throws: Coprocess.Failure.ended(status: 128 + SIGSEGV)) { try receive(process) }
    }

    @Test func `nobody is left behind`() throws {
        let file = "/tmp/twin-coprocess-\(getpid())"
        defer { unlink(file) }
        do {
            let process = try Coprocess("/bin/sh", ["-c", #"echo $$ > "$0"; printf '\0\0\0\0\0\0\0\0'; sleep 60"#, file])
            #expect(try receive(process) == [])
        }
        let output = try Subprocess("/bin/sh", ["-c", "kill -0 $(cat \(file)) || echo gone"], seconds: 120, outputBytes: 100)
            .run()
        #expect(output.bytes == Array("gone\n".utf8))
    }
}
