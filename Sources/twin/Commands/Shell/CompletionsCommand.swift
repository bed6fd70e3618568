import TwinKit
import TwinSupport

enum CompletionsCommand {
    static let command = Command(
        "completions", summary: "Print a shell's completion script",
        discussion: """
            Load it in a shell's start-up file, or put it where the shell looks for completions; 'make install' does the \
            latter.
            """,
        examples: [
            Example("source <(twin completions bash)", "bash, in ~/.bashrc"),
            Example("twin completions zsh > ~/.zfunc/_twin", "zsh, with ~/.zfunc in fpath before compinit"),
            Example("twin completions fish > ~/.config/fish/completions/twin.fish", "fish"),
        ],
        arguments: [
            Argument("SHELL", help: "bash, zsh or fish", completion: .choices(Shell.allCases.map(\.rawValue)))
        ],
        alsoCalled: ["completion"], run: run)

    private static func run(_ call: Invocation) throws -> ExitCode {
        let name = try call.required("SHELL")
        guard let shell = Shell(rawValue: name) else {
            let names = Shell.allCases.map(\.rawValue)
            let advice = Suggestion.nearest(to: name, among: names).map { "; did you mean '\($0)'?" } ?? ""
            throw call.usage("SHELL is one of \(names.joined(separator: ", ")), not '\(name)'\(advice)")
        }
        let script = shell.script(for: CommandTable.root)
        try call.output.show(["shell": .string(name), "script": .string(script)] as JSON) {
            try call.output.data(script)
        }
        return .done
    }
}
