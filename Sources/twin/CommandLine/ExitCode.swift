import TwinKit
import TwinSupport

/// What the process ends with: the contract that scripts build on.
enum ExitCode: Int32, Sendable, CaseIterable {
    case done = 0
    case failed = 1
    case usage = 2
    case notConfigured = 3
    case notPermitted = 4
    case notFound = 5
    case limitReached = 6
    case busy = 7
    case upstream = 8
    case partlyDone = 9
    case notAnswerable = 10
    case changesPlanned = 11
    case interrupted = 130
    /// What a shell reports of a program that SIGPIPE ended: whoever read standard output has gone.
    case brokenPipe = 141

    /// The name in an error's JSON.
    var name: String {
        switch self {
        case .done: "done"
        case .failed: "failed"
        case .usage: "usage"
        case .notConfigured: "not_configured"
        case .notPermitted: "not_permitted"
        case .notFound: "not_found"
        case .limitReached: "limit_reached"
        case .busy: "busy"
        case .upstream: "upstream"
        case .partlyDone: "partly_done"
        case .notAnswerable: "not_answerable"
        case .changesPlanned: "changes_planned"
        case .interrupted: "interrupted"
        case .brokenPipe: "broken_pipe"
        }
    }

    var meaning: String {
        switch self {
        case .done: "Done."
        case .failed: "The work failed; the message says why."
        case .usage: "The command line is wrong: an unknown option, a value out of range, an operand missing."
        case .notConfigured: "There is no database yet, or a setting that the command needs is missing."
        case .notPermitted: "You are not permitted to do it, or the file system forbids it."
        case .notFound: "No such twin, source, conversation or file."
        case .limitReached: "A limit on size, count or rate was reached."
        case .busy: "The database is in use by somebody else, or the work took too long; try again."
        case .upstream: "A service that was called (a web site, a model) failed."
        case .partlyDone:
            "The work was finished, but something could not be read: a file, an address, a row; even when it was the only one."
        case .notAnswerable: "The documents do not answer the question (only with --exit-on-refusal)."
        case .changesPlanned: "There are changes to make (only with --detailed-exitcode)."
        case .interrupted: "Interrupted by Ctrl-C; what was finished is kept."
        case .brokenPipe: "The reader of standard output went away, as in 'twin sources list | head -1'."
        }
    }

    init(_ kind: TwinError.Kind) {
        switch kind {
        case .failed, .conflict, .storageFull: self = .failed
        case .invalid: self = .usage
        case .notConfigured: self = .notConfigured
        case .unauthenticated, .notPermitted: self = .notPermitted
        case .notFound, .gone: self = .notFound
        case .limitReached: self = .limitReached
        case .busy: self = .busy
        case .upstream: self = .upstream
        case .interrupted: self = .interrupted
        }
    }
}
