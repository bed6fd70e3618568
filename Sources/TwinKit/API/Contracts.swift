import TwinSupport

/// The contracts that this program can serve.
package enum Contracts {
    /// Every contract, in the order in which one goes before another where both claim a path.
    package static let all: [any Contract] = [StudioContract(), BrainContract(), OpenAIContract(), MCPContract()]

    /// What is served where nothing is said. A contract that opens registration, spending or paths that catch all is not
    /// among these: an upgrade opens nothing new to the public.
    package static let byDefault: [any Contract] = [StudioContract(), OpenAIContract(), MCPContract()]

    package static var names: [String] { all.map(\.name) }

    /// The contracts of these names, each once and in the order of `all`. Throws a `TwinError` (`invalid`) for a name that no
    /// contract has, and for no name at all.
    package static func named(_ wanted: [String]) throws -> [any Contract] {
        guard !wanted.isEmpty else { throw TwinError(.invalid, "name one contract at least: \(choices)") }
        if let unknown = wanted.first(where: { !names.contains($0) }) {
            throw TwinError(.invalid, "there is no contract '\(unknown)'; choose from \(choices)")
        }
        return all.filter { wanted.contains($0.name) }
    }

    private static var choices: String { names.joined(separator: ", ") }
}
