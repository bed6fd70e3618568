import Synchronization
import TwinDatabase
import TwinSearch
import TwinSupport

/// The folded questions of a twin's active answers, whoever may get them, by their length. A value never changes; what
/// was read is kept with the database under the number that it gives each state of them.
final class AnsweredQuestions: Sendable {
    private struct Question {
        var key: Int64
        var bytes: Range<Int>
    }

    private let text: [UInt8]
    /// The shortest first.
    private let questions: [Question]

    private init(twin: Int64, on connection: Connection) throws {
        var text: [UInt8] = []
        var questions: [Question] = []
        try connection.forEach("SELECT key, folded FROM verified_answers WHERE twin_key = ? AND is_active = 1", [twin]) { row in
            let start = text.count
            row.withBytes(1, text: true) { text.append(contentsOf: $0) }
            questions.append(Question(key: row.int64(0), bytes: start..<text.count))
        }
        questions.sort { ($0.bytes.count, $0.key) < ($1.bytes.count, $1.key) }
        self.text = text
        self.questions = questions
    }

    var isEmpty: Bool { questions.isEmpty }

    /// Calls `body` with the key and the text of each question that has a number of bytes in `lengths`.
    func forEach(lengths: ClosedRange<Int>, _ body: (Int64, UnsafeRawBufferPointer) throws -> Void) rethrows {
        var low = 0
        var high = questions.count
        while low < high {
            let middle = (low + high) / 2
            if questions[middle].bytes.count < lengths.lowerBound { low = middle + 1 } else { high = middle }
        }
        try text.withUnsafeBytes { text in
            for question in questions[low...] {
                guard question.bytes.count <= lengths.upperBound else { return }
                try body(question.key, UnsafeRawBufferPointer(rebasing: text[question.bytes]))
            }
        }
    }

    // MARK: By words

    /// Whose questions are indexed: a group's are its own, so that what it may not get weighs nothing.
    private struct Scope: Hashable {
        var language: Language
        var keys: [Int64]?
    }

    /// The questions of a scope, their places counted in `keys`.
    struct Words: Sendable {
        let index: AnsweredQuestionWords
        let keys: [Int64]
        let folded: [String]
    }

    /// Scopes that are kept.
    private static let maximumScopes = 4
    private let scopes = Mutex<[Scope: Words]>([:])

    /// The questions by their words: those with `keys`, in ascending order, or all.
    func words(only keys: [Int64]?, language: Language, kinds: QuestionWording.Kinds) -> Words {
        let scope = Scope(language: language, keys: keys)
        if let known = scopes.withLock({ $0[scope] }) { return known }
        let wanted = keys.map(Set.init)
        let those = questions.filter { wanted?.contains($0.key) ?? true }
        let folded = those.map { String(decoding: text[$0.bytes], as: UTF8.self) }
        let made = Words(
            index: AnsweredQuestionWords(folded, language: language, kinds: kinds), keys: those.map(\.key), folded: folded)
        scopes.withLock { scopes in
            if scopes.count >= Self.maximumScopes { scopes = [:] }
            scopes[scope] = made
        }
        return made
    }

    private var byteCount: Int { text.count + questions.count * MemoryLayout<Question>.stride }

    /// What is kept of a database: the newest state of each twin.
    private final class Cache: Sendable {
        struct Kept {
            /// By twin: an older state is asked for by nobody any more.
            var states: [Int64: (token: Int64, questions: AnsweredQuestions)] = [:]
            var byteCount = 0
        }

        let kept = Mutex(Kept())
    }

    /// The memory of all that is kept of a database, in bytes: about 150,000 questions.
    private static let maximumBytes = 16 << 20

    /// The questions as the connection's transaction sees them. Who may get an answer is for the caller to ask.
    static func of(_ twin: Twin, on connection: Connection) throws -> AnsweredQuestions {
        // The number is read in the transaction in which the questions would be, so it is that of just these.
        let token = try connection.first(
            "SELECT token FROM verified_answer_revisions WHERE twin_key = ?", twin.key, map: { $0.int64(0) })
        let cache = connection.shared.value(Cache.init)
        if let token, let known = cache.kept.withLock({ $0.states[twin.key] }), known.token == token { return known.questions }
        let questions = try AnsweredQuestions(twin: twin.key, on: connection)
        guard let token, connection.isInTransaction, questions.byteCount <= maximumBytes else { return questions }
        cache.kept.withLock { kept in
            if let old = kept.states.removeValue(forKey: twin.key) { kept.byteCount -= old.questions.byteCount }
            if kept.byteCount + questions.byteCount > maximumBytes { kept = Cache.Kept() }
            kept.states[twin.key] = (token, questions)
            kept.byteCount += questions.byteCount
        }
        return questions
    }
}
