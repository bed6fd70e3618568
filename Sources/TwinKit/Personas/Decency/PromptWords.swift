import TwinSupport

/// A text as a sequence of plain words, for rules that must not be got around by spelling: lower case, without marks, with the
/// letters of other scripts that look Latin, numbers parted from letters (`16yo`), words that are spelled letter by letter
/// joined (`n u d e`).
struct PromptWords {
    /// The words in order. A word that was written with digits for letters stands as it is meant (`nud3`).
    let words: [String]
    /// Words that were spelled out letter by letter, joined; other words may cling to them.
    let spelled: [String]

    init(_ text: String) {
        var words: [String] = []
        var spelled: [String] = []
        var run = ""
        func endRun() {
            if run.count >= 3 { spelled.append(run) }
            run = ""
        }
        for token in Self.tokens(text) {
            if token.count == 1, token.allSatisfy(\.isLetter) { run += token } else { endRun() }
            words += Self.parts(token)
        }
        endRun()
        self.words = words
        self.spelled = spelled
    }

    /// Runs of letters and digits, folded.
    private static func tokens(_ text: String) -> [String] {
        var folded = String.UnicodeScalarView()
        for scalar in text.lowercased().unicodeScalars.prefix(20_000) {
            // Characters without a width part no words: they would be put into them.
            if scalar.properties.isDefaultIgnorableCodePoint { continue }
            folded.append(lookalikes[scalar] ?? scalar)
        }
        let plain = String(folded).latinLettersWithoutMarks
        var tokens: [String] = []
        var token = ""
        for scalar in plain.unicodeScalars {
            if scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "@" || scalar == "$" {
                token.unicodeScalars.append(scalar)
            } else if !token.isEmpty {
                tokens.append(token)
                token = ""
            }
        }
        if !token.isEmpty { tokens.append(token) }
        return tokens
    }

    /// A token as words: digits for letters are read as letters where they stand inside of a word, and else parted from it.
    private static func parts(_ token: String) -> [String] {
        let scalars = Array(token.unicodeScalars)
        let letters = scalars.filter(\.properties.isAlphabetic).count
        guard letters < scalars.count else { return [squeezed(token)] }
        guard letters > 0 else { return [token.filter { $0 != "@" && $0 != "$" }].filter { !$0.isEmpty } }
        var parts: [String] = []
        var part = ""
        var isNumber = false
        for scalar in scalars {
            let isDigit = scalar.properties.numericType != nil
            if !part.isEmpty, isDigit != isNumber {
                parts.append(part)
                part = ""
            }
            isNumber = isDigit
            part.unicodeScalars.append(scalar)
        }
        parts.append(part)
        // `16yo` is a number and a word; `nud3` and `p0rn` are words.
        if letters >= 2, scalars.first?.properties.numericType == nil || letters > 3 {
            var meant = ""
            for scalar in scalars { meant.unicodeScalars.append(digits[scalar] ?? scalar) }
            return parts.count == 2 && isNumber && letters > 4 ? [squeezed(meant)] + parts : [squeezed(meant)]
        }
        return parts
    }

    /// Letters that come three times and more stand once.
    private static func squeezed(_ word: String) -> String {
        var result = ""
        var last: Character?
        var count = 0
        for character in word {
            count = character == last ? count + 1 : 1
            if count >= 3 {
                // The two before were taken for a pair.
                if count == 3 { result.removeLast() }
            } else {
                result.append(character)
            }
            last = character
        }
        return result
    }

    private static let digits: [Unicode.Scalar: Unicode.Scalar] = [
        "0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "@": "a", "$": "s",
    ]

    /// Cyrillic and Greek letters that look like Latin ones.
    private static let lookalikes: [Unicode.Scalar: Unicode.Scalar] = [
        "а": "a", "в": "b", "с": "c", "е": "e", "н": "h", "і": "i", "ј": "j", "к": "k", "м": "m", "п": "n", "о": "o", "р": "p",
        "ѕ": "s", "т": "t", "у": "y", "х": "x", "ԁ": "d", "ո": "n", "α": "a", "ε": "e", "ι": "i", "ο": "o", "ρ": "p", "τ": "t",
        "υ": "u", "ν": "v", "κ": "k", "η": "n", "ı": "i", "ł": "l", "ø": "o",
    ]
}
