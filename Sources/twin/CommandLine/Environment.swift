#if canImport(Glibc)
    import Glibc
    import TwinHTTP
#endif

/// The environment variables that `twin` reads, and what follows from them.
struct Environment: Sendable {
    /// A variable and what it does, for the help topic and the man page.
    struct Variable: Sendable {
        let name: String
        let help: String
    }

    static let variables: [Variable] = [
        Variable(name: "TWIN_DB", help: "The database file, unless --db names one."),
        Variable(name: "XDG_DATA_HOME", help: "The folder that holds twin/twin.db; without it ~/.local/share."),
        Variable(name: "XDG_CONFIG_HOME", help: "The folder that holds twin/config.json; without it ~/.config."),
        Variable(name: "NO_COLOR", help: "When set and not empty, nothing is coloured."),
        Variable(name: "CLICOLOR_FORCE", help: "When set and not 0, colour even when standard output is not a terminal."),
        Variable(name: "TERM", help: "'dumb' turns off colour, progress and line editing."),
        Variable(name: "COLUMNS", help: "The width of the terminal, where the terminal itself does not tell."),
    ]

    private let values: [String: String]?

    /// The variables of this process, read one at a time as they are asked for.
    static let process = Environment(values: nil)

    /// Exactly these variables, for tests.
    init(_ values: [String: String]) { self.init(values: values) }

    private init(values: [String: String]?) { self.values = values }

    /// The value of a variable; an empty one counts as not set.
    subscript(name: String) -> String? {
        let value = values.map { $0[name] } ?? getenv(name).map { String(cString: $0) }
        return value?.isEmpty == true ? nil : value
    }
}
