import TwinDatabase
import TwinKit
import TwinSupport

/// Any error as the command line tells it: an exit code and one sentence. This is the only place that decides either.
struct Failure {
    let exitCode: ExitCode
    /// The `code` in an error's JSON.
    let code: String
    let message: String
    /// A second sentence for people, such as where to read more.
    let advice: String?

    init(_ error: any Error) {
        switch error {
        case let usage as UsageError:
            let command = (["twin"] + usage.commandPath).joined(separator: " ")
            self.init(.usage, code: "usage", usage.message, advice: "See '\(command) -h'.")
        case let twin as TwinError:
            self.init(ExitCode(twin.kind), code: twin.kind.rawValue, twin.message)
        case let database as DatabaseError:
            self.init(TwinError(database))
        case is CancellationError:
            self.init(TwinError(.interrupted, "interrupted"))
        case let output as OutputError:
            switch output {
            case .readerGone: self.init(.brokenPipe, code: "broken_pipe", "")
            case .failed(let reason): self.init(.failed, code: "failed", "standard output cannot be written: \(reason)")
            }
        default:
            self.init(.failed, code: "failed", "\(error)")
        }
    }

    private init(_ exitCode: ExitCode, code: String, _ message: String, advice: String? = nil) {
        self.exitCode = exitCode
        self.code = code
        self.message = message
        self.advice = advice
    }

    /// Tells it on standard error, unless there is nobody left to tell.
    func report(to output: Output) -> ExitCode {
        guard exitCode != .brokenPipe else { return exitCode }
        if output.mode == .text {
            let stop = message.hasSuffix("?") ? "" : "."
            output.error(advice.map { "\(message)\(stop) \($0)" } ?? message)
        } else {
            output.error(json: json)
        }
        return exitCode
    }

    var json: JSON {
        ["error": ["code": .string(code), "message": .string(message), "exit_code": .int(Int64(exitCode.rawValue))]]
    }
}
