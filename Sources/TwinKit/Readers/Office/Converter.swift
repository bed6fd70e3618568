import TwinSupport

/// A program that turns a document into something that is read here, with limits on its time and its output.
struct Converter {
    var tool: String
    var limits: ReaderLimits

    /// Runs it. Throws what the source's log should say when it does not come to its end.
    func run(_ path: String, _ arguments: [String], seconds: Int? = nil) throws(ReadFailure) -> Subprocess.Output {
        do {
            return try Subprocess(
                path, arguments, seconds: seconds ?? limits.converterSeconds, outputBytes: limits.converterOutputBytes
            ).run()
        } catch {
            switch error {
            case .notStarted(let reason): throw .toolFailed("\(tool) could not be started (\(reason))")
            case .timedOut(let seconds): throw .toolFailed("\(tool) did not finish within \(seconds) seconds and was stopped")
            case .outputTooLarge(let bytes):
                throw .tooLarge("\(tool) wrote more than \(ReaderLimits.size(bytes)) and was stopped")
            case .cancelled: throw .toolFailed("\(tool) was stopped")
            }
        }
    }

    /// A path that no program takes for an option.
    static func safe(_ path: String) -> String { path.hasPrefix("/") ? path : "./\(path)" }
}
