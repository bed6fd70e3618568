import TwinSupport

/// The contracts that this program can serve.
package enum Contracts {
    /// Every contract, in the order of `ContractName`.
    package static let all: [any Contract] = ContractName.allCases.map(contract)

    /// What is served where nothing is said.
    package static let byDefault: [any Contract] = ContractName.allCases.filter(\.isByDefault).map(contract)

    package static var names: [String] { ContractName.all }

    /// The contract of a name: a new name does not compile without one.
    private static func contract(_ name: ContractName) -> any Contract {
        switch name {
        case .studio: StudioContract()
        case .brain: BrainContract()
        case .openai: OpenAIContract()
        case .mcp: MCPContract()
        case .support: SupportContract()
        case .persona: PersonaContract()
        case .journal: JournalContract()
        case .console: ConsoleContract()
        }
    }

    /// The contracts of these names, each once and in the order of `all`. Throws a `TwinError` (`invalid`) for a name that no
    /// contract has, and for no name at all.
    package static func named(_ wanted: [String]) throws -> [any Contract] {
        guard !wanted.isEmpty else { throw TwinError(.invalid, "name at least one contract: \(choices)") }
        if let unknown = wanted.first(where: { !names.contains($0) }) {
            throw TwinError(.invalid, "there is no contract '\(unknown)'; choose from \(choices)")
        }
        return all.filter { wanted.contains($0.name) }
    }

    private static var choices: String { names.joined(separator: ", ") }
}

extension Configuration {
    /// The contracts that are served. Throws a `TwinError` (`invalid`) when what is set names one that there is not.
    package var contracts: [any Contract] {
        get throws {
            try Contracts.named(Self.list(of: checked("serve.contracts") ?? ""))
        }
    }
}
