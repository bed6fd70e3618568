import Glibc
import TwinSupport

/// What this program runs between itself and a server that is to end with it, see `TetheredProcess`.
enum TetherCommand {
    static let command = Command(
        TetheredProcess.command, summary: "Run a program until standard input ends",
        arguments: [Argument("PROGRAM", .oneOrMore, help: "The program and its arguments")], isHidden: true,
        run: { call in
            // The status is the program's, whatever it is.
            exit(TetheredProcess.keep(call.operands("PROGRAM")))
        })
}
