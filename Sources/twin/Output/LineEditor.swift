import TwinKit

#if canImport(Glibc)
    import Glibc
    import TwinHTTP
    import TwinSupport
#endif

/// Reads lines from a person at a terminal, with editing, history and a search in it (Ctrl-R); reads plain lines when standard
/// input is anything else.
///
///     var editor = LineEditor(output: call.output, environment: call.environment)
///     while case .line(let question) = try editor.read(prompt: "\("you> ", .bold)") { … }
struct LineEditor {
    enum Input: Sendable, Equatable {
        case line(String)
        /// Ctrl-C; what was typed is dropped.
        case interrupted
        /// Ctrl-D on an empty line, or the end of standard input.
        case end
    }

    /// Whether lines come from a person who sees what is typed.
    let isInteractive: Bool
    private(set) var history: LineHistory
    private let output: Output
    private let screen: Int32
    private var plain = PlainLines()
    private var decoder = KeyDecoder()
    private var buffer = LineBuffer()
    private var shownRow = 0

    init(output: Output, environment: Environment, history: [String] = []) {
        self.output = output
        self.history = LineHistory(history)
        // The typing is shown where the person looks, also while answers go to a file.
        screen = output.isTerminal ? STDOUT_FILENO : STDERR_FILENO
        isInteractive = isatty(STDIN_FILENO) == 1 && isatty(screen) == 1 && environment["TERM"] != "dumb"
    }

    /// Reads one line. While it waits the terminal is in raw mode, which ends with this call whatever happens.
    mutating func read(prompt: StyledText) throws -> Input {
        try output.flush()
        guard isInteractive else { return try plain.next() }
        Interrupt.catchSignals()
        guard let saved = Terminal.enterRawMode() else { return try plain.next() }
        defer { Terminal.leaveRawMode(saved) }
        send("\u{1B}[?2004h")
        defer { send("\u{1B}[?2004l") }
        buffer.replace(with: "")
        shownRow = 0
        draw(prompt)
        while true {
            let key: Key
            switch nextKey() {
            case .key(let pressed): key = pressed
            case .interrupted: return leave(.interrupted, prompt)
            case .end: return leave(.end, prompt)
            }
            if key == .suspend {
                suspend(saved)
            } else if key == .search {
                if search() { return leave(enter(), prompt) }
            } else if let input = apply(key) {
                return leave(input, prompt)
            }
            draw(prompt)
        }
    }

    private enum Event {
        case key(Key)
        case interrupted, end
    }

    private mutating func nextKey() -> Event {
        while true {
            // After a lone ESC, what belongs to it follows at once or not at all.
            switch Terminal.readByte(timeout: decoder.isAmbiguous ? 50 : nil) {
            case .byte(let byte): if let key = decoder.feed(byte) { return .key(key) }
            case .timedOut: if let key = decoder.timeOut() { return .key(key) }
            case .interrupted: return .interrupted
            case .end: return .end
            }
        }
    }

    private mutating func apply(_ key: Key) -> Input? {
        switch key {
        case .text(let text): buffer.insert(text)
        case .paste(let text): buffer.insert(Self.tidied(text))
        case .tab: buffer.insert(" ")
        case .enter: return enter()
        case .interrupt: return .interrupted
        case .endOfInput: if buffer.characters.isEmpty { return .end } else { buffer.deleteForward() }
        case .left: buffer.moveLeft()
        case .right: buffer.moveRight()
        case .home: buffer.moveHome()
        case .end: buffer.moveEnd()
        case .wordLeft: buffer.moveWordLeft()
        case .wordRight: buffer.moveWordRight()
        case .backspace: buffer.deleteBackward()
        case .delete: buffer.deleteForward()
        case .cutToEnd: buffer.cutToEnd()
        case .cutToStart: buffer.cutToStart()
        case .cutWordBackward: buffer.cutWordBackward()
        case .cutWordForward: buffer.cutWordForward()
        case .putBack: buffer.paste()
        case .transpose: buffer.transpose()
        case .up: if let line = history.older(than: buffer.text) { buffer.replace(with: line) }
        case .down: if let line = history.newer() { buffer.replace(with: line) }
        case .clearScreen:
            send("\u{1B}[H\u{1B}[2J")
            shownRow = 0
        case .search, .suspend, .escape, .unknown: break
        }
        return nil
    }

    private mutating func enter() -> Input {
        history.add(buffer.text)
        return .line(buffer.text)
    }

    /// What a paste brings: one kind of line end, and none at its end.
    private static func tidied(_ text: String) -> String {
        var text = text.map { $0 == "\r\n" || $0 == "\r" ? "\n" : $0 == "\t" ? " " : String($0) }.joined()
        while text.hasSuffix("\n") { text.removeLast() }
        return text
    }

    /// Looks for an earlier line while a part of it is typed. Ends with Enter (true: the line is to be entered), with Ctrl-C or
    /// ESC (the line is as before), or with any other key, which leaves the line found for editing.
    private mutating func search() -> Bool {
        let original = buffer.text
        var wanted = ""
        var found: Int?
        while true {
            buffer.replace(with: found.map { history.lines[$0] } ?? original)
            draw("\("search", .dim) '\(wanted)': ")
            guard case .key(let key) = nextKey() else { return false }
            switch key {
            case .text(let text):
                wanted += text
                found = history.search(wanted)
            case .backspace:
                wanted = String(wanted.dropLast())
                found = history.search(wanted)
            case .search: found = history.search(wanted, before: found) ?? found
            case .enter: return true
            case .interrupt, .escape:
                buffer.replace(with: original)
                return false
            default:
                _ = apply(key)
                return false
            }
        }
    }

    // MARK: Drawing

    private func send(_ text: String) { _ = Terminal.write(Array(text.utf8), to: screen) }

    /// Draws prompt and line where they stood before.
    private mutating func draw(_ prompt: StyledText) {
        let size = Terminal.size(of: screen) ?? (columns: 80, rows: 24)
        let layout = LineLayout(promptWidth: DisplayWidth.of(prompt.plain), line: buffer, width: size.columns)
        // Of a line that is taller than the screen, the rows that end with the cursor's.
        let first = max(0, layout.cursorRow - size.rows + 1)
        let rows = layout.rows[first...].prefix(size.rows)
        var text = (shownRow > 0 ? "\u{1B}[\(shownRow)A" : "") + "\r\u{1B}[J"
        if first == 0 { text += prompt.rendered(colour: output.colour, singleLine: true) }
        text += rows.joined(separator: "\r\n")
        shownRow = layout.cursorRow - first
        let up = rows.count - 1 - shownRow
        if up > 0 { text += "\u{1B}[\(up)A" }
        text += "\r" + (layout.cursorColumn > 0 ? "\u{1B}[\(layout.cursorColumn)C" : "")
        send(text)
    }

    /// Leaves the line as it is on the screen, with the cursor below it.
    private mutating func leave(_ input: Input, _ prompt: StyledText) -> Input {
        buffer.moveEnd()
        draw(prompt)
        send((input == .interrupted ? "^C" : "") + "\r\n")
        return input
    }

    /// Ctrl-Z: gives the terminal back while the process is stopped.
    private mutating func suspend(_ saved: Terminal.Mode) {
        send("\u{1B}[?2004l\r\n")
        Terminal.leaveRawMode(saved)
        kill(0, SIGTSTP)
        _ = Terminal.enterRawMode()
        send("\u{1B}[?2004h")
        shownRow = 0
    }
}

/// Standard input as lines of text, for pipes and files.
struct PlainLines {
    /// A line beyond this many bytes is refused: nobody asks such a question.
    static let maximumLength = 1 << 20

    private var pending: [UInt8] = []
    private var position = 0

    /// The next line without its end; a last line need not have one. What is not UTF-8 becomes U+FFFD.
    mutating func next() throws -> LineEditor.Input {
        var line: [UInt8] = []
        while true {
            if position >= pending.count {
                pending = Terminal.readAvailable()
                position = 0
                if pending.isEmpty {
                    if Interrupt.isRequested { return .interrupted }
                    return line.isEmpty ? .end : .line(String(decoding: line, as: UTF8.self))
                }
            }
            let rest = pending[position...]
            let end = rest.firstIndex(of: 0x0A)
            line += rest[..<(end ?? rest.endIndex)]
            position = end.map { $0 + 1 } ?? pending.count
            guard line.count <= Self.maximumLength else {
                throw TwinError(.limitReached, "a line of standard input is longer than 1 MiB; send it in shorter lines")
            }
            if end != nil {
                if line.last == 0x0D { line.removeLast() }
                return .line(String(decoding: line, as: UTF8.self))
            }
        }
    }
}
