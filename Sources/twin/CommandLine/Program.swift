import TwinKit

#if canImport(Glibc)
    import Glibc
    import TwinHTTP
    import TwinSupport
#endif

/// One run of `twin`: parse, call one command, and turn what it throws into an exit code and a sentence.
enum Program {
    /// The version of this build, as `twin version` prints it.
    static let version = TwinVersion.current
    /// The day of the release, as the manual pages show it.
    static let date = "November 21, 2026"

    /// Runs the words after the program's name and returns what to exit with.
    static func run(_ words: [String], root: Command, environment: Environment) -> ExitCode {
        let result: Parser.Result
        do {
            result = try Parser.parse(words, root: root)
        } catch {
            // Errors must be JSON when JSON is asked for, even an error that keeps the words from being understood.
            let options = words.prefix { $0 != "--" }
            let mode: Output.Mode = options.contains("--jsonl") ? .jsonl : options.contains("--json") ? .json : .text
            return Failure(error).report(
                to: Output(mode: mode, noColor: options.contains("--no-color"), environment: environment))
        }
        let given = { (name: String) in result.values[name] != nil }
        let output = Output(
            mode: given("jsonl") ? .jsonl : given("json") ? .json : .text, quiet: given("quiet"),
            noColor: given("no-color"), environment: environment)
        do {
            let code = try run(result, root: root, environment: environment, output: output)
            try output.finish()
            return code
        } catch {
            // What was printed before the failure stays printed.
            try? output.finish()
            return Failure(error).report(to: output)
        }
    }

    private static func run(
        _ result: Parser.Result, root: Command, environment: Environment, output: Output
    ) throws -> ExitCode {
        switch result.request {
        case .shortHelp, .longHelp:
            try HelpCommand.show(
                result.command, path: result.path, isLong: result.request == .longHelp, root: root, on: output)
            return .done
        case .version:
            try VersionCommand.show(on: output)
            return .done
        case .run:
            let call = Invocation(
                command: result.command, path: result.path, values: result.values, operands: result.operands,
                environment: environment, output: output)
            defer { call.openWorkspaces.close() }
            return try result.command.run?(call) ?? .usage
        }
    }

    /// The words of this process's command line. Bytes that are not UTF-8, as names of files have, are escaped.
    static func words() -> [String] {
        var words: [String] = []
        for index in 1..<max(1, Int(CommandLine.argc)) {
            guard let pointer = CommandLine.unsafeArgv[index] else { break }
            // A file's name may hold other bytes; they are written as they are shown.
            words.append(FilePath.text(pointer))
        }
        return words
    }
}
