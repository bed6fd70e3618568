/// A command line that does not fit the table: one sentence, and the command whose help explains it.
struct UsageError: Error, Sendable, Equatable {
    let message: String
    /// The words after `twin` that name the command, for "see 'twin ingest -h'". Empty for the program itself.
    let commandPath: [String]

    init(_ message: String, commandPath: [String] = []) {
        self.message = message
        self.commandPath = commandPath
    }
}
