/// The owner's answers that fit a question.
struct VerifiedAnswerMatch: Sendable {
    struct Candidate: Sendable {
        var answer: VerifiedAnswer
        /// The Ratcliff/Obershelp ratio of the folded questions, 0 to 1.
        var similarity: Double
    }

    /// The answer to give, when the question is the same or nearly identical.
    var automatic: Candidate?
    /// Questions that are much alike, the best first; offered, never given.
    var suggestions: [Candidate] = []

    static let maximumSuggestions = 3
    /// From here on a question is offered as "did you mean".
    static let suggestionThreshold = 0.80

    /// Looks among the active answers that `clearance` may get; all others do not exist for it.
    static func find(
        _ question: String, twin: Twin, clearance: Clearance, on connection: Connection
    ) throws -> VerifiedAnswerMatch {
        let folded = QuestionText.folded(question)
        guard !folded.isEmpty else { return VerifiedAnswerMatch() }
        let permitted = """
            v.twin_key = ?1 AND v.is_active AND (?2 IS NULL OR EXISTS (SELECT 1 FROM verified_answer_permissions p
                WHERE p.group_key = ?2 AND p.answer_key = v.key))
            """
        let group = clearance.group?.key
        if let key = try connection.first(
            "SELECT v.key FROM verified_answers v WHERE \(permitted) AND v.folded = ?3", twin.key, group, folded,
            map: { $0.int64(0) })
        {
            return VerifiedAnswerMatch(automatic: Candidate(answer: try load(key, on: connection), similarity: 1))
        }

        let bounds = SimilarityBounds(folded)
        var found: [(key: Int64, folded: String, similarity: Double)] = []
        try connection.forEach(
            "SELECT v.key, v.folded FROM verified_answers v WHERE \(permitted) AND length(CAST(v.folded AS BLOB)) BETWEEN ?3 AND ?4",
            [twin.key, group, bounds.leastBytes(suggestionThreshold), bounds.mostBytes(suggestionThreshold)]
        ) { row in
            guard row.withBytes(1, text: true, { bounds.mayReach(suggestionThreshold, $0) }) else { return }
            let other = row.text(1)
            let similarity = TextSimilarity.ratio(folded, other)
            if similarity >= suggestionThreshold { found.append((row.int64(0), other, similarity)) }
        }
        found.sort { ($0.similarity, $1.key) > ($1.similarity, $0.key) }

        let threshold = twin.settings.effective("qna.automatic").doubleValue ?? 0.92
        let language = twin.settings.language
        var match = VerifiedAnswerMatch()
        for candidate in found {
            guard match.automatic == nil, match.suggestions.count < maximumSuggestions else { break }
            let loaded = Candidate(answer: try load(candidate.key, on: connection), similarity: candidate.similarity)
            if candidate.similarity >= threshold, asksTheSame(folded, candidate.folded, language) {
                match.automatic = loaded
            } else {
                match.suggestions.append(loaded)
            }
        }
        return match
    }

    private static func load(_ key: Int64, on connection: Connection) throws -> VerifiedAnswer {
        guard let answer = try connection.first(
            "SELECT \(VerifiedAnswer.columns) FROM verified_answers v JOIN twins t ON t.key = v.twin_key WHERE v.key = ?", key,
            map: VerifiedAnswer.init)
        else { throw TwinError(.notFound, "the verified answer has been deleted") }
        return answer
    }

    /// Whether two folded questions differ in word endings and in words without weight only. A ratio cannot tell that
    /// "before" and "after", or 5W30 and 5W40, make another question of a long one; this can.
    static func asksTheSame(_ one: String, _ other: String, _ language: Language) -> Bool {
        let analyzer = Analyzer(language: language)
        func weighty(_ text: String) -> [String] {
            QuestionText.words(text).filter { !weightless.contains($0) }.map { analyzer.term(of: $0) }
        }
        return weighty(one) == weighty(other)
    }

    private static let weightless: Set<String> = [
        "a", "an", "the", "is", "are", "do", "does", "what", "whats", "please", "your", "you", "that", "of", "there", "hi", "hello",
        "tell", "me", "s", "re",
    ]
}

/// Cheap upper bounds of the Ratcliff/Obershelp ratio with one text, so that few texts need the whole comparison.
struct SimilarityBounds {
    private let length: Int
    private let isASCII: Bool
    private let counts: [Int32]

    init(_ text: String) {
        length = text.utf8.count
        isASCII = text.utf8.allSatisfy { $0 < 0x80 }
        var counts = [Int32](repeating: 0, count: 128)
        for byte in text.utf8 where byte < 0x80 { counts[Int(byte)] += 1 }
        self.counts = counts
    }

    /// With lengths a and b the ratio is at most 2·min(a, b) / (a + b). Bytes stand for characters in ASCII only; other
    /// texts are let through up to four bytes a character.
    func leastBytes(_ threshold: Double) -> Int {
        let least = Double(length) * threshold / (2 - threshold)
        return Int((isASCII ? least : least / 4).rounded(.down))
    }

    func mostBytes(_ threshold: Double) -> Int {
        let most = Double(length) * (2 - threshold) / threshold
        return Int((most * 4).rounded(.up))
    }

    /// Whether the characters that both have, in whatever order, would suffice.
    func mayReach(_ threshold: Double, _ other: UnsafeRawBufferPointer) -> Bool {
        guard isASCII else { return true }
        return withUnsafeTemporaryAllocation(of: Int32.self, capacity: 128) { left in
            _ = left.initialize(from: counts)
            var common = 0
            for byte in other {
                // A character outside ASCII is in no text of ASCII.
                guard byte < 0x80 else { continue }
                if left[Int(byte)] > 0 {
                    left[Int(byte)] -= 1
                    common += 1
                }
            }
            // Continuation bytes are no characters.
            let characters = other.count { $0 & 0xC0 != 0x80 }
            return 2 * Double(common) >= threshold * Double(length + characters)
        }
    }
}
