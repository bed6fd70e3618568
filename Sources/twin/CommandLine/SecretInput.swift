import TwinKit

#if canImport(Glibc)
    import Glibc
    import TwinSupport
#endif

/// Passwords and tokens on their way in: from a file, a pipe or the keyboard, never from the command line, which other users
/// of the machine can read.
enum SecretInput {
    private static let limit = 64 << 10

    /// The one line in a file, or on standard input for `-`.
    static func line(of path: String) throws -> Secret {
        let text = path == "-" ? try StandardInput.text(limit: limit) : try StandardInput.file(path)
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        guard let first = lines.first, !first.isEmpty, lines.dropFirst().allSatisfy(\.isEmpty) else {
            throw TwinError(
                .invalid, "\(path == "-" ? "standard input" : path) must hold one line with the secret and nothing else")
        }
        return Secret(String(first))
    }

    /// A secret named on the command line without being there: `@FILE` or `env:NAME`; none for any other word.
    static func reference(_ word: String) throws -> Secret? {
        if word.hasPrefix("@") { return try SecretSource.file(String(word.dropFirst())).read() }
        if word.hasPrefix("env:") { return try SecretSource.environment(String(word.dropFirst(4))).read() }
        return nil
    }

    /// A new password: the line of `--password-file`, else typed twice.
    static func newPassword(_ call: Invocation) throws -> Secret {
        if let path = call.string("password-file") { return try line(of: path) }
        guard isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else {
            throw call.usage(
                "there is no terminal to ask for the password; give it with --password-file FILE, or - for standard input")
        }
        let first = try typed("Password: ")
        guard try typed("Once more: ").reveal() == first.reveal() else {
            throw TwinError(.invalid, "the two passwords differ; nothing was changed")
        }
        return first
    }

    /// A line from the keyboard that is not shown.
    private static func typed(_ prompt: String) throws -> Secret {
        Interrupt.catchSignals()
        guard let mode = Terminal.enterRawMode() else { throw TwinError(.failed, "the terminal cannot hide what is typed") }
        defer {
            Terminal.leaveRawMode(mode)
            _ = Terminal.write(Array("\n".utf8), to: STDERR_FILENO)
        }
        _ = Terminal.write(Array(prompt.utf8), to: STDERR_FILENO)
        var bytes: [UInt8] = []
        while true {
            guard case .byte(let byte) = Terminal.readByte(timeout: nil) else { throw TwinError(.interrupted, "interrupted") }
            switch byte {
            case 0x0A, 0x0D:
                guard let text = String(validating: bytes, as: UTF8.self) else {
                    throw TwinError(.invalid, "that is not UTF-8 text")
                }
                return Secret(text)
            case 0x03, 0x04: throw TwinError(.interrupted, "interrupted; nothing was changed")
            // Backspace takes a whole character, Ctrl-U the line.
            case 0x08, 0x7F: bytes = Array(String(decoding: bytes, as: UTF8.self).dropLast().utf8)
            case 0x15: bytes = []
            default: if byte >= 0x20, bytes.count < limit { bytes.append(byte) }
            }
        }
    }
}
