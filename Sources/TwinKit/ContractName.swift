/// The contracts that this program can serve, in the order in which one goes before another where both claim a path. What each is
/// stands in `API`; here are the words that the configuration takes.
package enum ContractName: String, Sendable, CaseIterable {
    case studio, brain, support, persona, journal, openai, mcp, console

    /// Whether it is served where nothing is said. A contract that opens registration, spending or paths that catch all is not:
    /// an upgrade opens nothing new to the public.
    package var isByDefault: Bool {
        switch self {
        case .studio, .brain, .openai, .mcp, .console: true
        case .support, .persona, .journal: false
        }
    }

    package static var byDefault: [String] { allCases.filter(\.isByDefault).map(\.rawValue) }
    package static var all: [String] { allCases.map(\.rawValue) }
}
