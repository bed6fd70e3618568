/// The shells that completions are made for.
enum Shell: String, Sendable, CaseIterable {
    case bash, zsh, fish

    func script(for root: Command) -> String {
        switch self {
        case .bash: BashCompletion.script(for: root)
        case .zsh: ZshCompletion.script(for: root)
        case .fish: FishCompletion.script(for: root)
        }
    }
}
