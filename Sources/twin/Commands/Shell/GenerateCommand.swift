import TwinKit

#if canImport(Glibc)
    import Glibc
    import TwinSupport
#endif

/// Writes the files that are made from the command table, for whoever changes it.
enum GenerateCommand {
    static let command = Command(
        "__generate", summary: "Write completions/ and man/ into a folder",
        arguments: [Argument("DIR", help: "The folder that holds completions/ and man/", completion: .directories)],
        isHidden: true,
        run: { call in
            let directory = try call.required("DIR")
            for folder in ["completions", "man"] { mkdir("\(directory)/\(folder)", 0o755) }
            for file in files(for: CommandTable.root) {
                try write(file.text, to: "\(directory)/\(file.path)")
                try call.output.line(file.path)
            }
            return .done
        })

    /// Every generated file with its path in the repository.
    static func files(for root: Command) -> [(path: String, text: String)] {
        Shell.allCases.map { ("completions/twin.\($0.rawValue)", $0.script(for: root)) }
            + ManualPage.all(for: root).map { ("man/\($0.fileName)", $0.text) }
    }

    private static func write(_ text: String, to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        guard descriptor >= 0 else {
            throw TwinError(.failed, "\(path) cannot be written: \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        let code = Terminal.write(Array(text.utf8), to: descriptor)
        guard code == 0 else { throw TwinError(.failed, "\(path) cannot be written: \(String(cString: strerror(code)))") }
    }
}
