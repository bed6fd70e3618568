import TwinSupport

/// A word in the languages whose endings are not taken off, and what other words may be forms of it: they begin alike for most of
/// their length, apart from the articles and particles that some scripts write onto the front.
struct WordForms {
    private let stems: [[Unicode.Scalar]]
    private let script: Script

    private enum Script { case latin, arabic, hebrew, devanagari, hangul, other }

    /// Of a folded word.
    init(_ word: String) {
        script = Self.script(of: word)
        let whole = Array(word.unicodeScalars)
        var stems = [whole]
        for prefix in Self.prefixes[script] ?? [] where whole.starts(with: prefix.unicodeScalars) {
            let rest = Array(whole.dropFirst(prefix.unicodeScalars.count))
            if rest.count >= 3 { stems.append(rest) }
        }
        self.stems = stems
    }

    /// Whether a word is of a script that no rules of spelling are for.
    static func needsOwnForms(_ word: String) -> Bool { script(of: word) != .latin }

    /// What forms of the word begin with, each once.
    var beginnings: [String] {
        var result: [String] = []
        for stem in stems where stem.count >= shortest {
            for prefix in [""] + (writesPrefixes ? Self.prefixes[script] ?? [] : []) {
                var view = String.UnicodeScalarView()
                view.append(contentsOf: stem.prefix(shortest))
                let beginning = prefix + String(view)
                if !result.contains(beginning) { result.append(beginning) }
            }
        }
        return result
    }

    /// How alike a term is, 0 to 1; none when it is no form of the word.
    func likeness(to term: String) -> Double? {
        var others = [Array(term.unicodeScalars)]
        if writesPrefixes {
            for prefix in Self.prefixes[script] ?? [] where others[0].starts(with: prefix.unicodeScalars) {
                others.append(Array(others[0].dropFirst(prefix.unicodeScalars.count)))
            }
        }
        var best: Double?
        for stem in stems {
            for other in others {
                let common = zip(stem, other).prefix { $0 == $1 }.count
                let share = Double(common) / Double(max(stem.count, other.count, 1))
                if common >= shortest, share >= leastShare { best = max(best ?? 0, share) }
            }
        }
        return best
    }

    /// Characters that two forms have in common at the least.
    private var shortest: Int {
        switch script {
        case .hangul: 2
        case .arabic, .hebrew, .devanagari: 3
        case .latin, .other: 4
        }
    }

    private var leastShare: Double {
        switch script {
        case .devanagari: 0.4
        case .hangul, .hebrew: 0.5
        case .latin, .arabic, .other: 0.6
        }
    }

    private var writesPrefixes: Bool { script == .arabic || script == .hebrew }

    /// The German participle's; the articles, "and" and short prepositions of Arabic and Hebrew.
    private static let prefixes: [Script: [String]] = [
        .latin: ["ge"], .arabic: ["ال", "وال", "بال", "لل", "و", "ب", "ل"], .hebrew: ["ה", "ב", "ל", "מ", "ש", "ו", "כ"],
    ]

    private static func script(of word: String) -> Script {
        for scalar in word.unicodeScalars {
            switch scalar.value {
            case 0x41...0x24F, 0x1E00...0x1EFF: return .latin
            case 0x590...0x5FF: return .hebrew
            case 0x600...0x6FF, 0x750...0x77F: return .arabic
            case 0x900...0x97F: return .devanagari
            case 0x1100...0x11FF, 0xAC00...0xD7A3: return .hangul
            default: continue
            }
        }
        return word.utf8.allSatisfy { $0 < 0x80 } ? .latin : .other
    }
}
