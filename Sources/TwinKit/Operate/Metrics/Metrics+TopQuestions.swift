import TwinSupport

/// What is asked most.
extension Metrics {
    /// How many questions one call may ask for.
    package static let topQuestionsLimit = 1...1_000

    /// A question with how often it was asked.
    package struct TopQuestion: Sendable, Equatable {
        /// The first hundred characters of the first time it was asked.
        package let question: String
        /// How often it was asked in the window.
        package let count: Int
        /// Percent of its replies that answered it: a refusal is none. 0 without a reply.
        package let answeredRate: Double
        /// The mean of its replies' confidences, from 0 to 1, in which a refusal counts as 0; 0 without any.
        package let averageConfidence: Double
    }

    /// Messages of the newest conversations that are looked at. All of a twin's are counted up to so many; beyond them the
    /// list says what is asked lately, in bounded time.
    static let topQuestionsMessages = 50_000

    /// Questions are the same when their first so many characters are, in lower case.
    private static let comparedLength = 100

    private struct Tally {
        var text: String
        var firstKey: Int64
        var count = 0
        var replies = 0
        var refused = 0
        var confidenceSum = 0.0
        var confidenceCount = 0
    }

    /// The questions asked most often; of equally frequent ones the older first. Throws `TwinError`.
    package func topQuestions(
        of twin: Twin, limit: Int = 5, scope: MetricsScope = .everything
    ) throws -> [TopQuestion] {
        try Self.check(limit, Self.topQuestionsLimit, "limit")
        var tallies: [String: Tally] = [:]
        // The folded question of each user message, for the answer that refers to it.
        var asked: [Int64: String] = [:]
        var last: (conversation: Int64, question: Int64) = (0, 0)
        // Each order is that of an index, so that the newest conversations come first without sorting all of them.
        let conversations =
            scope.userID == nil
            ? "c.twin_key = ?1 AND ?2 IS NULL ORDER BY c.created_at DESC"
            : "c.twin_key = ?1 AND c.user_id = ?2 ORDER BY c.key DESC"
        try database.read { connection in
            try connection.forEach(
                """
                SELECT m.key, c.key, m.role, m.question_key, m.confidence,
                    CASE m.role WHEN 'user' THEN substr(m.content, 1, \(Self.comparedLength + 1)) END,
                    m.status IN ('escalated', 'unanswerable')
                FROM conversations c CROSS JOIN messages m ON m.conversation_key = c.key WHERE \(conversations) LIMIT \(Self.topQuestionsMessages)
                """, [twin.key, scope.userID]
            ) { row in
                let (key, conversation) = (row.int64(0), row.int64(1))
                if row.text(2) == Message.Role.user.rawValue {
                    let text = row.text(5)
                    let scalars = text.unicodeScalars
                    let shown = scalars.count > Self.comparedLength ? String(scalars.prefix(Self.comparedLength)) : text
                    let folded = shown.lowercased()
                    var tally = tallies[folded] ?? Tally(text: text, firstKey: key)
                    if key < tally.firstKey { (tally.text, tally.firstKey) = (text, key) }
                    tally.count += 1
                    tallies[folded] = tally
                    asked[key] = folded
                    last = (conversation, key)
                } else {
                    let question = row.optionalInt(3).map(Int64.init) ?? (last.conversation == conversation ? last.question : 0)
                    guard let folded = asked[question] else { return }
                    tallies[folded]?.replies += 1
                    if row.optionalInt(6) == 1 {
                        tallies[folded]?.refused += 1
                        tallies[folded]?.confidenceCount += 1
                    } else if let confidence = row.optionalDouble(4), confidence > 0 {
                        tallies[folded]?.confidenceSum += confidence
                        tallies[folded]?.confidenceCount += 1
                    }
                }
            }
        }
        return tallies.values.sorted { ($0.count, $1.firstKey) > ($1.count, $0.firstKey) }.prefix(limit).map { tally in
            TopQuestion(
                question: Self.cut(tally.text, Self.comparedLength), count: tally.count,
                answeredRate: Self.share(Double(tally.replies - tally.refused) * 100, tally.replies, decimals: 2),
                averageConfidence: Self.share(tally.confidenceSum, tally.confidenceCount, decimals: 4))
        }
    }

    /// The text cut to so many characters, with dots where something is missing.
    static func cut(_ text: String, _ length: Int) -> String {
        text.unicodeScalars.count > length ? String(text.unicodeScalars.prefix(length)) + "..." : text
    }
}
