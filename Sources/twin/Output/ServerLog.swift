import TwinHTTP
import TwinKit
import TwinSupport

/// The lines that `twin serve` writes about its requests, on standard error.
struct ServerLog: Sendable {
    private enum Form { case text, json, none }

    private let form: Form
    private let output: Output

    /// `form` is text, json or none.
    init(_ form: String, output: Output) {
        self.form = form == "json" ? .json : form == "none" ? .none : .text
        self.output = output
    }

    /// None where nothing is logged, so that nothing is prepared for it either.
    var access: (@Sendable (AccessLogEntry) -> Void)? {
        guard form != .none else { return nil }
        return { [self] entry in
            let milliseconds = (entry.seconds * 100_000).rounded() / 100
            switch form {
            case .json:
                write([
                    "time": .string(Clock.now.description), "level": "info", "method": .string(entry.method.rawValue),
                    "path": .string(entry.path), "route": .optional(entry.route), "status": .number(entry.status.code),
                    "bytes": .optional(entry.bytes), "ms": .double(milliseconds), "remote": .string(entry.remoteAddress),
                    "correlation_id": .string(entry.correlationID),
                ])
            case .text, .none:
                output.log(
                    "\(Clock.now) \(entry.status.code) \(entry.method.rawValue) \(entry.path) \(JSON.double(milliseconds).text) ms "
                        + entry.correlationID)
            }
        }
    }

    /// What went wrong inside. It is logged whatever the form.
    func error(_ message: String, _ correlationID: String) {
        if form == .json {
            write([
                "time": .string(Clock.now.description), "level": "error", "message": .string(message),
                "correlation_id": .string(correlationID),
            ])
        } else {
            output.log("\(Clock.now) error: \(message) \(correlationID)")
        }
    }

    private func write(_ line: JSONObject) { output.log(JSON.object(line).text) }
}
