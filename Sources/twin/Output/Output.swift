import Synchronization
import TwinKit

#if canImport(Glibc)
    import Glibc
    import TwinHTTP
    import TwinSupport
#endif

/// Why standard output took no more.
enum OutputError: Error, Equatable {
    /// The reading end of the pipe is closed (EPIPE).
    case readerGone
    /// Any other failure of the write, in the words of the operating system.
    case failed(String)
}

/// Where a command's answer goes: data to standard output, words about it to standard error. Safe to use from any thread;
/// each call writes whole lines.
final class Output: Sendable {
    enum Mode: Sendable { case text, json, jsonl }

    let mode: Mode
    /// Notes and progress are left out.
    let isQuiet: Bool
    /// Whether standard output is a terminal, so that people look at it.
    let isTerminal: Bool
    /// Whether standard error is a terminal that can redraw a line.
    let showsProgress: Bool
    let colour: Bool
    private let errorColour: Bool
    private let columns: Int?
    /// Where words about it go.
    private let errors = Atomic<Int32>(STDERR_FILENO)

    private struct State {
        var pending: [UInt8] = []
        /// What stands in the status line on standard error, if anything does.
        var status: String?
    }
    private let state = Mutex(State())

    init(mode: Mode, quiet: Bool = false, noColor: Bool = false, environment: Environment) {
        self.mode = mode
        isQuiet = quiet
        isTerminal = isatty(STDOUT_FILENO) == 1
        let isDumb = environment["TERM"] == "dumb"
        let plain = noColor || environment["NO_COLOR"] != nil
        let forced = environment["CLICOLOR_FORCE"].map { $0 != "0" } ?? false
        colour = !plain && (forced || isTerminal && !isDumb)
        let errorIsTerminal = isatty(STDERR_FILENO) == 1
        errorColour = !plain && (forced || errorIsTerminal && !isDumb)
        showsProgress = errorIsTerminal && !isDumb && !quiet
        columns = environment["COLUMNS"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
    }

    /// The columns of the terminal; 80 when nothing tells.
    var width: Int { Terminal.width(of: STDOUT_FILENO) ?? columns ?? 80 }
    /// The columns of the terminal behind standard error.
    var errorWidth: Int { Terminal.width(of: errorDescriptor) ?? columns ?? 80 }

    private var errorDescriptor: Int32 { errors.load(ordering: .relaxed) }

    /// Keeps standard error for words of this value. What else is written there, such as the runtime's report of a crash that
    /// somebody else tells of, goes nowhere from now on.
    func keepErrorsToItself() {
        let own = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
        let nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC)
        if own >= 0, nowhere >= 0 {
            errors.store(own, ordering: .relaxed)
            dup2(nowhere, STDERR_FILENO)
        }
        if nowhere >= 0 { close(nowhere) }
    }

    // MARK: Data

    /// One JSON document: indented on a terminal, on one line elsewhere.
    func document(_ value: JSON) throws {
        try append(JSONWriter.bytes(value, pretty: isTerminal) + [0x0A])
    }

    /// One line of JSON Lines, sent at once.
    func record(_ value: JSON) throws {
        try append(JSONWriter.bytes(value) + [0x0A], isFlushed: true)
    }

    /// One result: JSON when asked for, else what `text` prints.
    func show(_ value: some JSONRepresentable, text: () throws -> Void) throws {
        switch mode {
        case .json: try document(value.json)
        case .jsonl: try record(value.json)
        case .text: try text()
        }
    }

    /// A list: a JSON array, a JSON line for each item, or what `text` prints. An empty list is said in a note, so that
    /// standard output stays empty.
    func list(
        _ items: [some JSONRepresentable], empty: StyledText = "nothing found", text: () throws -> Void
    ) throws {
        switch mode {
        case .json: try document(.array(items.map(\.json)))
        case .jsonl: for item in items { try record(item.json) }
        case .text: if items.isEmpty { note(empty) } else { try text() }
        }
    }

    /// A line for people.
    func line(_ text: StyledText = "") throws {
        try append(Array(text.rendered(colour: colour).utf8) + [0x0A])
    }

    /// A line of plain text for people.
    func line(_ text: String) throws { try line(StyledText(text)) }

    /// Text for people without a newline, sent at once: a piece of an answer that is still being made.
    func piece(_ text: StyledText) throws {
        try append(Array(text.rendered(colour: colour).utf8), isFlushed: true)
    }

    /// Bytes that are the data itself, such as a document's text. A terminal gets them with control characters made
    /// visible, everything else exactly as they are.
    func data(_ text: String) throws {
        try append(Array((isTerminal ? SafeText.clean(text) : text).utf8))
    }

    /// Bytes that are a file, exactly as they are.
    func bytes(_ bytes: [UInt8]) throws { try append(bytes) }

    func table(_ table: Table) throws {
        try append(Array(table.rendered(colour: colour, width: isTerminal ? width : nil).utf8))
    }

    func details(_ details: Details) throws {
        try append(Array(details.rendered(colour: colour, width: isTerminal ? width : nil).utf8))
    }

    /// Sends what is still held back. Commands that go on for long call it after each complete part.
    func flush() throws {
        try state.withLock { try Self.send(&$0) }
    }

    /// The last call: sends the rest and takes the status line away.
    func finish() throws {
        setStatus(nil)
        try flush()
    }

    // MARK: Words about it

    /// A remark for people on standard error; left out with `--quiet`.
    func note(_ text: StyledText) {
        if !isQuiet { tell(text) }
    }

    /// Something that went wrong and did not stop the work.
    func warning(_ message: String) {
        tell("\("warning:", .yellow) \(message)")
    }

    /// The sentence that ends a failed command.
    func error(_ message: String) {
        tell("\("twin:", .red) \(message)")
    }

    /// A line of a log on standard error, whatever the mode. Control characters in it become spaces, so that no line is forged.
    func log(_ line: String) {
        tell(line: line.utf8.map { $0 < 0x20 || $0 == 0x7F ? 0x20 : $0 } + [0x0A])
    }

    func error(json: JSON) { tell(line: JSONWriter.bytes(json) + [0x0A]) }

    /// Replaces the line that is redrawn in place at the bottom of standard error; nil takes it away.
    func setStatus(_ line: String?) {
        guard showsProgress else { return }
        state.withLock { state in
            guard line != state.status else { return }
            let text = line.map { "\r\u{1B}[K" + $0 } ?? "\r\u{1B}[K"
            Interrupt.statusLineIsShown = line != nil
            _ = Terminal.write(Array(text.utf8), to: errorDescriptor)
            state.status = line
        }
    }

    private func tell(_ text: StyledText) {
        tell(line: Array(text.rendered(colour: errorColour).utf8) + [0x0A])
    }

    private func tell(line: [UInt8]) {
        state.withLock { state in
            // What was printed before must be seen before; when that fails there is nobody to tell it to.
            try? Self.send(&state)
            let (before, after) = state.status.map { ("\r\u{1B}[K", $0) } ?? ("", "")
            _ = Terminal.write(Array(before.utf8) + line + Array(after.utf8), to: errorDescriptor)
        }
    }

    // MARK: Writing

    /// Held back up to this many bytes, so that a list of thousands of rows is a few writes.
    private static let bufferSize = 32 * 1024

    private func append(_ bytes: [UInt8], isFlushed: Bool = false) throws {
        try state.withLock { state in
            state.pending += bytes
            if isFlushed || isTerminal || state.pending.count >= Self.bufferSize { try send(around: &state) }
        }
    }

    /// Standard output and the status line may share a terminal.
    private func send(around state: inout State) throws {
        guard isTerminal, let status = state.status else { return try Self.send(&state) }
        _ = Terminal.write(Array("\r\u{1B}[K".utf8), to: errorDescriptor)
        try Self.send(&state)
        _ = Terminal.write(Array(status.utf8), to: errorDescriptor)
    }

    private static func send(_ state: inout State) throws {
        guard !state.pending.isEmpty else { return }
        let bytes = state.pending
        // Also after a failure: nothing is ever sent twice.
        state.pending = []
        let code = Terminal.write(bytes, to: STDOUT_FILENO)
        if code == EPIPE { throw OutputError.readerGone }
        if code != 0 { throw OutputError.failed(String(cString: strerror(code))) }
    }
}
