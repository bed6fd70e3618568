import TwinSupport

/// What a twin did with one question, as an evaluation sees it.
package struct EvaluatedAnswer: Sendable, Equatable {
    /// Where an answer comes from.
    package enum Path: String, Sendable {
        case documents
        /// The owner's answer or memory.
        case owner
        /// Held for the owner to say.
        case held
        /// A greeting or thanks: no document is asked.
        case courtesy
    }

    package var path = Path.documents
    /// The places that the search found first, for people: title and headings.
    package var found: [String] = []
    /// The documents retrieved, best first (see `SourceKeys`). It need not be only what the answer cites.
    package var retrieved: [String]
    /// The documents that the answer cites.
    package var cited: [String]
    /// The answer's text. For a refusal, what the twin would have said if it had not held it back, where that is known:
    /// it is never scored as shown, but without it no threshold can be proposed.
    package var text: String
    /// The sentence of the answer that was chosen first, where there is one.
    package var bestSentence: String?
    /// Whether "I don't know" was shown in the place of an answer.
    package var isRefusal: Bool
    /// 0...1.
    package var confidence: Double?
    /// The number that the twin compares with its threshold: larger means that the question can be answered.
    package var answerability: Double?
    /// What answerability was made of.
    package var signals: EvidenceSignals?
    /// How long the answer took, in milliseconds; measured around the call when it is none.
    package var milliseconds: Double?

    package init(
        retrieved: [String] = [], cited: [String] = [], text: String = "", bestSentence: String? = nil,
        isRefusal: Bool = false, confidence: Double? = nil, answerability: Double? = nil, milliseconds: Double? = nil
    ) {
        self.retrieved = retrieved
        self.cited = cited
        self.text = text
        self.bestSentence = bestSentence
        self.isRefusal = isRefusal
        self.confidence = confidence
        self.answerability = answerability
        self.milliseconds = milliseconds
    }
}

/// One question, what the twin did with it, and how that was judged.
package struct EvaluatedQuestion: Sendable, Equatable {
    package var question: EvaluationQuestion
    /// None when the call failed; then `failure` says how.
    package var answer: EvaluatedAnswer?
    /// Why the call failed, for people; nil when it did not.
    package var failure: String?

    package init(question: EvaluationQuestion, answer: EvaluatedAnswer) {
        self.question = question
        self.answer = answer
    }

    package init(question: EvaluationQuestion, failure: String) {
        self.question = question
        self.failure = failure
    }

    /// The measures of the ranking, where documents were graded and the question has an answer.
    package var ranking: RankingMetrics? {
        guard !question.isUnanswerable, !question.grades.isEmpty else { return nil }
        return RankingMetrics(ranking: answer?.retrieved ?? [], grades: question.grades)
    }

    /// What the answer shows: nothing when it is a refusal or the call failed.
    package var shownText: String {
        guard let answer, !answer.isRefusal else { return "" }
        return answer.text
    }

    /// Whether the answer, were it shown, would be right: it contains an expected span; where no span is known, it cites a
    /// relevant document. None when nothing is known about the answer, or the call failed.
    package var wouldBeRight: Bool? {
        guard let answer else { return nil }
        if question.isUnanswerable { return false }
        if !question.answers.isEmpty { return AnswerMetrics.contains(answer.text, anyOf: question.answers) }
        guard !question.grades.isEmpty else { return nil }
        return answer.cited.contains { (question.grades[$0] ?? 0) > 0 }
    }

    /// None when nothing is known about the answer, or the call failed.
    package var truthfulness: Truthfulness? {
        guard let wouldBeRight, let answer else { return nil }
        return answer.isRefusal ? .refused : wouldBeRight ? .right : .wrong
    }

    package var json: JSON {
        var object: JSONObject = [
            "id": .string(question.id), "question": .string(question.text), "unanswerable": .bool(question.isUnanswerable),
        ]
        if let label = question.label { object["label"] = .string(label) }
        if let failure { object["failure"] = .string(failure) }
        guard let answer else { return .object(object) }
        object["refused"] = .bool(answer.isRefusal)
        if let ranking { object["ndcg@10"] = .double(ranking.normalizedGain(at: 10)) }
        if let truthfulness { object["truthfulness"] = .number(truthfulness.rawValue) }
        object["path"] = .string(answer.path.rawValue)
        object["answer"] = .string(shownText)
        object["found"] = .strings(answer.found)
        object["retrieved"] = .strings(answer.retrieved.prefix(10))
        object["confidence"] = .optional(answer.confidence)
        object["answerability"] = .optional(answer.answerability)
        object["milliseconds"] = .optional(answer.milliseconds)
        if let signals = answer.signals { object["signals"] = signals.json }
        return .object(object)
    }
}

/// The sources of a twin by the names that a question file may give them: id, locator, the end of a locator, or file name.
struct ExpectedSources {
    private var identifiers: [String: [String]] = [:]

    /// The names that no source has, sorted.
    private(set) var unknown: [String] = []

    /// Finds the sources that the questions name.
    init(_ questions: [EvaluationQuestion], among sources: [Source]) {
        let names = Set(questions.flatMap(\.grades.keys))
        let paths = Dictionary(names.map { (FilePath.absolute($0), $0) }, uniquingKeysWith: { first, _ in first })
        for source in sources {
            var matching: Set<String> = []
            for candidate in [source.id, source.locator, source.name] where names.contains(candidate) {
                matching.insert(candidate)
            }
            if let name = paths[source.locator] { matching.insert(name) }
            // Every end of the path that begins after a slash.
            var rest = source.locator[...]
            while let slash = rest.firstIndex(of: "/") {
                rest = rest[rest.index(after: slash)...]
                if names.contains(String(rest)) { matching.insert(String(rest)) }
            }
            for name in matching { identifiers[name, default: []].append(source.id) }
        }
        unknown = names.filter { identifiers[$0] == nil }.sorted()
    }

    /// Which source stands for which of the question's documents.
    func keys(for question: EvaluationQuestion) -> SourceKeys {
        var keys = SourceKeys()
        for name in question.grades.keys.sorted() {
            for identifier in identifiers[name] ?? [] { keys.add(source: identifier, key: name) }
        }
        return keys
    }
}

/// Which evaluation document each source of a twin is, so that what a twin retrieved can be compared with what was expected.
package struct SourceKeys: Sendable, Equatable {
    private var keys: [String: String] = [:]

    package init() {}

    /// `source` (an identifier of the twin's) stands for the document `key`. Several sources may stand for one document.
    package mutating func add(source: String, key: String) { keys[source] = key }

    /// The documents in the order in which their first source comes. Sources that stand for no document keep their own
    /// identifier: they take a place in the ranking and are relevant to nothing.
    package func documents(for sources: some Sequence<String>) -> [String] {
        var seen: Set<String> = []
        return sources.compactMap { source in
            let key = keys[source] ?? source
            return seen.insert(key).inserted ? key : nil
        }
    }
}

/// What an answer is worth to somebody who acts on it: a right one +1, a refusal 0, a wrong one -1. An answer to a
/// question that has none is wrong.
package enum Truthfulness: Int, Sendable, CaseIterable {
    case wrong = -1
    case refused = 0
    case right = 1
}
