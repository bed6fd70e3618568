import TwinKit

#if canImport(Glibc)
    import Glibc
    import TwinSupport
#endif

/// Asks before something that cannot be undone.
enum Confirmation {
    /// True after a yes. Without a terminal nobody can be asked, so it is an error that names `--yes`.
    static func ask(_ question: String, _ call: Invocation) throws -> Bool {
        guard isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else {
            throw call.usage("this cannot be undone; add --yes to do it without confirmation")
        }
        _ = Terminal.write(Array("\(SafeText.clean(question)) [y/N] ".utf8), to: STDERR_FILENO)
        let answer = readLine() ?? ""
        if answer.lowercased() == "y" || answer.lowercased() == "yes" { return true }
        call.output.note("cancelled; nothing was changed")
        return false
    }
}
