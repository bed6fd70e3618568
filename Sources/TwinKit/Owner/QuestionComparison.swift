import TwinDatabase
import TwinSearch
import TwinSupport

extension VerifiedAnswerMatch {
    /// A question that is held against stored ones.
    struct Comparison {
        let asked: QuestionWording
        let kinds: QuestionWording.Kinds
        private let folded: String
        /// By their capitals.
        private let names: Set<String>
        private let analyzer: Analyzer
        private let spelling: Spelling

        init(_ question: String, _ folded: String, twin: Twin, clearance: Clearance, on connection: Connection) throws {
            self.folded = folded
            asked = QuestionWording(folded: folded)
            kinds = QuestionWording.Kinds(twin.settings.language)
            names = QuestionWording.names(in: question)
            analyzer = Analyzer(language: twin.settings.language)
            spelling = try Spelling(twin: twin, clearance: clearance, connection: connection)
        }

        /// What keeps the question from the stored one with this key, if it is no other question. What the twin's texts or
        /// stored questions write is no misspelling of anything.
        func difference(
            from stored: String, key: Int64, words: AnsweredQuestionWords, on connection: Connection
        ) throws -> WordingDifference? {
            var names: Set<String>?
            func storedNames() throws -> Set<String> {
                if let names { return names }
                let made = try Self.names(of: key, on: connection)
                names = made
                return made
            }
            return try WordingDifference.between(
                asked, and: QuestionWording(folded: stored), kinds: kinds, analyzer: analyzer, names: storedNames()
            ) { word, meant in
                guard !words.has(word), WordSlip.isSlip(word, of: meant, isName: try storedNames().contains(meant)) else {
                    return false
                }
                return try !spelling.knows(word)
            }
        }

        private static func names(of key: Int64, on connection: Connection) throws -> Set<String> {
            QuestionWording.names(
                in: try connection.first("SELECT question FROM verified_answers WHERE key = ?", key) { $0.text(0) } ?? "")
        }

        /// Whether a stored question that is near in meaning asks for the same thing. A vector hardly tells numbers, names,
        /// negations and opposites apart, so those have to agree. Where the letters or all words but one are the same, the one
        /// word that differs is what matters.
        func meansTheSame(_ stored: String, ratio: Double, key: Int64, on connection: Connection) throws -> Bool {
            guard ratio < VerifiedAnswerMatch.suggestionThreshold else { return false }
            let other = QuestionWording(folded: stored)
            let (first, second) = (Set(asked.words), Set(other.words))
            guard first.filter(QuestionWording.isNumber) == second.filter(QuestionWording.isNumber),
                first.isDisjoint(with: QuestionWording.denials) == second.isDisjoint(with: QuestionWording.denials)
            else { return false }
            let (mine, theirs) = (Set(asked.words.map(analyzer.term)), Set(other.words.map(analyzer.term)))
            guard try Self.names(of: key, on: connection).allSatisfy({ mine.contains(analyzer.term(of: $0)) }),
                names.allSatisfy({ theirs.contains(analyzer.term(of: $0)) })
            else { return false }
            let isTurned = Self.opposites.contains { left, right in
                let (a, b) = (first.contains(left), first.contains(right))
                return a != b && a == second.contains(right) && b == second.contains(left)
            }
            guard !isTurned, !Self.areOpposite(first.subtracting(second), second.subtracting(first)) else { return false }
            let heavy = asked.words.filter(kinds.isHeavy).map(analyzer.term)
            let otherHeavy = other.words.filter(kinds.isHeavy).map(analyzer.term)
            let differing = zip(heavy, otherHeavy).count { $0 != $1 }
            return !(heavy.count == otherHeavy.count && heavy.count > 1 && differing == 1)
        }

        /// Whether one says of a word what the other says of its opposite: "install", "uninstall".
        private static func areOpposite(_ one: Set<String>, _ other: Set<String>) -> Bool {
            func turns(_ words: Set<String>, _ others: Set<String>) -> Bool {
                words.contains { word in prefixes.contains { others.contains($0 + word) } }
            }
            return turns(one, other) || turns(other, one)
        }

        private static let prefixes = ["un", "dis", "in", "im", "ir", "non", "de", "anti", "mis"]

        private static let opposites: [(String, String)] = [
            ("before", "after"), ("more", "less"), ("most", "least"), ("minimum", "maximum"), ("min", "max"), ("first", "last"),
            ("open", "close"), ("opens", "closes"), ("start", "stop"), ("begin", "end"), ("buy", "sell"), ("on", "off"),
            ("in", "out"), ("above", "below"), ("over", "under"), ("up", "down"), ("increase", "decrease"), ("for", "against"),
            ("with", "without"), ("enable", "disable"), ("add", "remove"), ("import", "export"), ("hot", "cold"), ("old", "new"),
            ("left", "right"), ("highest", "lowest"), ("include", "exclude"), ("included", "excluded"), ("allow", "forbid"),
            ("allowed", "forbidden"), ("accept", "refuse"), ("upload", "download"), ("lock", "unlock"), ("give", "take"),
            ("lend", "borrow"), ("arrive", "leave"), ("summer", "winter"), ("day", "night"), ("early", "late"),
        ]
    }
}
