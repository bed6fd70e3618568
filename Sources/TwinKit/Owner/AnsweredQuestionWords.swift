import Glibc
import TwinSearch
import TwinSupport

/// The questions that somebody may get an answer to, by the words with weight in them.
struct AnsweredQuestionWords: Sendable {
    struct Overlap: Sendable, Equatable {
        /// The question's place among those that the index was made of.
        var place: Int
        /// Twice the weight of the common words against the weight of all that both have, 0 to 1.
        var score: Double
    }

    private let kinds: QuestionWording.Kinds
    /// The term of each word, by its number; -1 for a word without weight.
    private var terms: [String: Int] = [:]
    private var questions: [[Int32]] = []
    private var weights: [Double] = []
    /// The sum of the weights of each question's words.
    private var totals: [Double] = []

    /// Of folded questions, each once.
    init(_ folded: [String], language: Language, kinds: QuestionWording.Kinds) {
        self.kinds = kinds
        let analyzer = Analyzer(language: language)
        var numbers: [String: Int] = [:]
        var terms: [String: Int] = [:]
        var questions: [[Int32]] = []
        var ofQuestion: [[Int]] = []
        for (place, question) in folded.enumerated() {
            var own: [Int] = []
            for word in QuestionText.words(question) {
                var number = terms[word]
                if number == nil {
                    number = -1
                    if kinds.isHeavy(word) {
                        let term = analyzer.term(of: word)
                        number = numbers[term] ?? questions.count
                        if numbers[term] == nil {
                            numbers[term] = questions.count
                            questions.append([])
                        }
                    }
                    terms[word] = number
                }
                guard let number, number >= 0, !own.contains(number) else { continue }
                own.append(number)
                questions[number].append(Int32(truncatingIfNeeded: place))
            }
            ofQuestion.append(own)
        }
        let count = Double(folded.count)
        let weights = questions.map { log(1 + count / Double($0.count)) + 1 }
        self.terms = terms
        self.questions = questions
        self.weights = weights
        totals = ofQuestion.map { $0.reduce(0) { $0 + weights[$1] } }
    }

    /// Bytes of memory, roughly.
    var byteCount: Int { terms.count * 64 + questions.reduce(0) { $0 + $1.count * 4 + 48 } + totals.count * 8 }

    /// Whether a question has this word.
    func has(_ word: String) -> Bool { terms[word] != nil }

    /// The questions that share words with `words`, the most of their weight first, and how many of them have all the words
    /// that any has. A word weighs more the fewer questions have it; one that none has weighs most, unless it is one of theirs
    /// misspelt.
    func overlapping(_ words: [String], limit: Int) -> (best: [Overlap], complete: Int) {
        var asked: [Int] = []
        var total = 0.0
        let rarest = log(1 + Double(totals.count)) + 1
        for word in Set(words.prefix(QuestionWording.maximumWords)).sorted() where kinds.isHeavy(word) {
            guard let term = terms[word] ?? nearest(to: word), term >= 0 else {
                total += rarest
                continue
            }
            if asked.contains(term) { continue }
            asked.append(term)
            total += weights[term]
        }
        guard !asked.isEmpty else { return ([], 0) }
        var common: [Int32: (weight: Double, count: Int)] = [:]
        for term in asked {
            for question in questions[term] {
                let known = common[question] ?? (0, 0)
                common[question] = (known.weight + weights[term], known.count + 1)
            }
        }
        let ranked = common.map { question, shared in
            Overlap(
                place: Int(question), score: min(1, 2 * shared.weight / max(total + totals[Int(question)], .leastNormalMagnitude))
            )
        }.sorted { ($0.score, $1.place) > ($1.score, $0.place) }
        return (Array(ranked.prefix(limit)), common.values.count { $0.count == asked.count })
    }

    /// The term of a question's word that `word` is a misspelling of; what is a word itself is none.
    private func nearest(to word: String) -> Int? {
        let letters = Array(word.utf8)
        guard letters.count >= 3, letters.allSatisfy(\.isLower) else { return nil }
        var best: (word: String, term: Int)?
        for (other, term) in terms where term >= 0 && abs(other.utf8.count - letters.count) <= 2 {
            guard other.utf8.first == letters.first || other.utf8.last == letters.last, best.map({ other < $0.word }) ?? true,
                WordSlip.isSlip(word, of: other, isName: false)
            else { continue }
            best = (other, term)
        }
        return best?.term
    }
}
