import TwinSearch
import TwinSupport

/// What keeps a question from a stored one, word by word in their order.
struct WordingDifference: Sendable, Equatable {
    /// What the differences weigh together, in hundredths of the likeness of two questions.
    var cost: Int
    /// The place of the stored question's word that was left out, among its words.
    var missing: Int?

    private enum Cost {
        /// A word without weight more or less, another ending, two words written as one.
        static let small = 1
        static let slip = 3
        static let missing = 6
        static let turned = 2
    }

    /// The differences between what is asked and a stored question, where they do not make another question of it: a slip of the
    /// pen, an ending, a word without weight, one word left out. None when anything else differs. `isSlip` tells whether the
    /// first is the second misspelt.
    static func between(
        _ asked: QuestionWording, and stored: QuestionWording, kinds: QuestionWording.Kinds, analyzer: Analyzer,
        names: Set<String>, isSlip: (String, String) throws -> Bool
    ) rethrows -> WordingDifference? {
        func compare(_ asked: QuestionWording) throws -> WordingDifference? {
            guard asked.agrees(with: stored) else { return nil }
            var table = Alignment(asked.words, stored.words, kinds, analyzer)
            guard var found = try table.find(isSlip) else { return nil }
            if let place = found.missing {
                guard mayMiss(place, found.cost - Cost.missing, asked, stored, kinds, names) else { return nil }
            }
            found.cost = max(found.cost, 0)
            return found
        }
        guard !stored.words.isEmpty, !asked.words.isEmpty,
            max(stored.words.count, asked.words.count) <= QuestionWording.maximumWords
        else { return nil }
        if let found = try compare(asked) { return found }
        guard let turned = asked.turned, var found = try compare(turned) else { return nil }
        found.cost += Cost.turned
        return found
    }

    // MARK: A word left out

    /// Whether a stored question is meant although one of its words is missing: all else has to stand there, and what stands there
    /// must be no question of its own. "How do I the lock" is none; "where is the pool" is one beside "where is the pool ladder".
    private static func mayMiss(
        _ place: Int, _ rest: Int, _ asked: QuestionWording, _ stored: QuestionWording, _ kinds: QuestionWording.Kinds,
        _ names: Set<String>
    ) -> Bool {
        let words = stored.words
        let word = words[place]
        guard rest <= Cost.small, kinds.isOmissible(word), !names.contains(word) else { return false }
        let before = place > 0 ? words[place - 1] : nil
        let after = place + 1 < words.count ? words[place + 1] : nil
        // "How old" is not "how", and "what documents" not "what".
        if let before, QuestionWording.questionWords.contains(before), after.map(kinds.isHeavy) != true { return false }
        let remaining = words.count { kinds.isHeavy($0) } - (kinds.isHeavy(word) ? 1 : 0)
        if !kinds.isHeavy(word) { return remaining >= 2 }
        if isBroken(before, after, kinds) { return remaining >= 1 }
        // What a thing is called by is its last word.
        let isHead = before.map(kinds.isHeavy) == true && after.map(kinds.isHeavy) != true
        return remaining >= (isHead ? 3 : 2)
    }

    /// Whether two words that have come together cannot stand so.
    private static func isBroken(_ before: String?, _ after: String?, _ kinds: QuestionWording.Kinds) -> Bool {
        guard let before else { return false }
        let opensNoun = QuestionWording.determiners.contains(before) || QuestionWording.prepositions.contains(before)
        guard let after else { return opensNoun }
        if kinds.isHeavy(after) { return false }
        if opensNoun { return !(QuestionWording.prepositions.contains(before) && QuestionWording.determiners.contains(after)) }
        return subjects.contains(before) && QuestionWording.determiners.contains(after)
    }

    private static let subjects: Set<String> = ["i", "you", "we", "they", "he", "she"]

    // MARK: Side by side

    /// The cheapest way to read one row of words as another.
    private struct Alignment {
        let asked: [String]
        let stored: [String]
        let kinds: QuestionWording.Kinds
        let askedTerms: [String]
        let storedTerms: [String]
        private static let impossible = Int.max / 4

        init(_ asked: [String], _ stored: [String], _ kinds: QuestionWording.Kinds, _ analyzer: Analyzer) {
            self.asked = asked
            self.stored = stored
            self.kinds = kinds
            askedTerms = asked.map { analyzer.term(of: $0) }
            storedTerms = stored.map { analyzer.term(of: $0) }
        }

        private struct Step {
            var cost = Alignment.impossible
            var missing: Int?

            mutating func take(_ other: Step, _ more: Int, missing place: Int? = nil) {
                guard other.cost < Alignment.impossible, other.cost + more < cost else { return }
                cost = other.cost + more
                missing = place ?? other.missing
            }
        }

        /// Steps with nothing left out so far, and with one word left out.
        mutating func find(_ isSlip: (String, String) throws -> Bool) rethrows -> WordingDifference? {
            let columns = stored.count + 1
            var whole = [Step](repeating: Step(), count: (asked.count + 1) * columns)
            var lacking = whole
            whole[0].cost = 0
            for row in 0...asked.count {
                for column in 0...stored.count {
                    let here = row * columns + column
                    func step(_ back: Int, _ more: Int) {
                        whole[here].take(whole[back], more)
                        lacking[here].take(lacking[back], more)
                    }
                    if row > 0, kinds.isIdle(asked[row - 1]) { step(here - columns, Cost.small) }
                    if column > 0 {
                        if kinds.isIdle(stored[column - 1]) { step(here - 1, Cost.small) }
                        if kinds.isOmissible(stored[column - 1]) {
                            lacking[here].take(whole[here - 1], Cost.missing, missing: column - 1)
                        }
                    }
                    guard row > 0, column > 0 else { continue }
                    if let cost = try cost(row - 1, column - 1, isSlip) { step(here - columns - 1, cost) }
                    if row > 1, asked[row - 2] + asked[row - 1] == stored[column - 1] {
                        step(here - 2 * columns - 1, Cost.small)
                    }
                    if column > 1, stored[column - 2] + stored[column - 1] == asked[row - 1] {
                        step(here - columns - 2, Cost.small)
                    }
                }
            }
            guard let one = whole.last, let other = lacking.last else { return nil }
            let best = one.cost <= other.cost ? one : other
            return best.cost < Self.impossible ? WordingDifference(cost: best.cost, missing: best.missing) : nil
        }

        private func cost(_ row: Int, _ column: Int, _ isSlip: (String, String) throws -> Bool) rethrows -> Int? {
            if asked[row] == stored[column] { return 0 }
            if kinds.isHeavy(asked[row]) == kinds.isHeavy(stored[column]), askedTerms[row] == storedTerms[column] {
                return Cost.small
            }
            guard kinds.isHeavy(asked[row]) else { return nil }
            return try isSlip(asked[row], stored[column]) ? Cost.slip : nil
        }
    }
}

/// Words that are others misspelt.
enum WordSlip {
    /// Letters from which on a word may have two mistakes.
    private static let longEnoughForTwo = 9
    private static let shortest = 3

    /// Whether `word` differs from `meant` as a slip of the pen does, and is no word of its own that is known to be one. Both are
    /// folded; numbers are never misspelt.
    static func isSlip(_ word: String, of meant: String, isName: Bool) -> Bool {
        let (first, second) = (Array(word.utf8), Array(meant.utf8))
        guard first.allSatisfy(\.isLower), second.allSatisfy(\.isLower), min(first.count, second.count) >= shortest - 1,
            second.count >= shortest, !CommonWords.all.contains(word), !QuestionWording.isNumber(word),
            !QuestionWording.isNumber(meant), !isAnotherEnding(word, meant)
        else { return false }
        if second.count == shortest { return EditDistance.isSlip(first, second) }
        // Two mistakes make a name another name: Austria, Australia.
        let limit = second.count >= longEnoughForTwo && !isName && first.first == second.first ? 2 : 1
        return EditDistance.between(first, second, limit: limit) != nil
    }

    /// Pairs that mean who does something and to whom it is done, or a thing and what it is like.
    private static func isAnotherEnding(_ one: String, _ other: String) -> Bool {
        endings.contains { left, right in
            one.hasSuffix(left) && other.hasSuffix(right) && one.dropLast(left.count) == other.dropLast(right.count)
                || one.hasSuffix(right) && other.hasSuffix(left) && one.dropLast(right.count) == other.dropLast(left.count)
        }
    }

    private static let endings = [
        ("er", "ee"), ("or", "ee"), ("er", "ess"), ("or", "ess"), ("ing", "er"), ("ed", "er"), ("ful", "less"), ("teen", "ty"),
        ("man", "men"),
    ]
}
