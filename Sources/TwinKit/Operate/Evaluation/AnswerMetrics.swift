import TwinSupport

/// How an answer's text compares with the spans that were expected: the definitions of SQuAD's evaluation (Rajpurkar and
/// others, 2016), and whether the answer contains a span.
package enum AnswerMetrics {
    /// SQuAD's normal form: lower case, without ASCII punctuation, without the articles a, an and the, single spaces.
    package static func normalized(_ text: String) -> String { normalizedWords(text).joined(separator: " ") }

    static func normalizedWords(_ text: String) -> [String] {
        var stripped = String.UnicodeScalarView()
        for scalar in text.lowercased().unicodeScalars where !isPunctuation(scalar) { stripped.append(scalar) }
        // An article counts as one where it stands between characters that are no word's, as `\b(a|an|the)\b` does.
        var kept = String.UnicodeScalarView()
        var run = String.UnicodeScalarView()
        func flush() {
            kept.append(contentsOf: articles.contains(String(run)) ? String.UnicodeScalarView(" ".unicodeScalars) : run)
            run = String.UnicodeScalarView()
        }
        for scalar in stripped {
            if isWord(scalar) {
                run.append(scalar)
            } else {
                flush()
                kept.append(scalar)
            }
        }
        flush()
        return String(kept).split(whereSeparator: \.isWhitespace).map(String.init)
    }

    /// Whether the answer equals one of the spans in normal form. With no spans, as for a question that has no answer,
    /// whether the answer is empty.
    package static func isExactMatch(_ answer: String, spans: [String]) -> Bool {
        let answer = normalizedWords(answer)
        return spans.isEmpty ? answer.isEmpty : spans.contains { normalizedWords($0) == answer }
    }

    /// The best harmonic mean, over the spans, of precision and recall of words in normal form, 0...1.
    package static func f1(_ answer: String, spans: [String]) -> Double {
        let answer = normalizedWords(answer)
        guard !spans.isEmpty else { return answer.isEmpty ? 1 : 0 }
        return spans.map { f1(answer, normalizedWords($0)) }.max() ?? 0
    }

    private static func f1(_ answer: [String], _ span: [String]) -> Double {
        guard !answer.isEmpty, !span.isEmpty else { return answer == span ? 1 : 0 }
        var remaining: [String: Int] = [:]
        for word in span { remaining[word, default: 0] += 1 }
        var shared = 0
        for word in answer {
            guard let count = remaining[word], count > 0 else { continue }
            remaining[word] = count - 1
            shared += 1
        }
        // 2PR/(P+R) with P = shared/answer and R = shared/span.
        return 2 * Double(shared) / Double(answer.count + span.count)
    }

    /// Whether the answer contains one of the spans: as it stands apart from case and white space, and not inside a
    /// longer word or number (`3` is not in `1934`), or word by word in normal form.
    package static func contains(_ answer: String, anyOf spans: [String]) -> Bool {
        let folded = foldedCharacters(answer)
        let words = normalizedWords(answer)
        return spans.contains { span in
            containsWhole(foldedCharacters(span), in: folded) || contains(normalizedWords(span), in: words)
        }
    }

    private static func foldedCharacters(_ text: String) -> [Character] {
        Array(text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " "))
    }

    private static func containsWhole(_ span: [Character], in text: [Character]) -> Bool {
        guard let first = span.first, let last = span.last, span.count <= text.count else { return false }
        return (0...text.count - span.count).contains { start in
            guard text[start] == first, text[start..<start + span.count].elementsEqual(span) else { return false }
            let end = start + span.count
            let continuesBefore = isWord(first) && start > 0 && isWord(text[start - 1])
            let continuesAfter = isWord(last) && end < text.count && isWord(text[end])
            return !continuesBefore && !continuesAfter
        }
    }

    private static func contains(_ span: [String], in words: [String]) -> Bool {
        guard !span.isEmpty, span.count <= words.count else { return false }
        return (0...words.count - span.count).contains { words[$0..<$0 + span.count].elementsEqual(span) }
    }

    private static let articles: Set<String> = ["a", "an", "the"]

    private static func isWord(_ character: Character) -> Bool { character.isLetter || character.isNumber }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return Character(scalar).isLetter || Character(scalar).isNumber }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber:
            return true
        default: return false
        }
    }

    /// Python's `string.punctuation`.
    private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: true
        default: false
        }
    }
}

/// Whether confidence means what it says: of the answers shown with 0.8, about eight in ten should be right.
package struct Calibration: Sendable, Equatable {
    /// The answers whose confidence lies in a tenth of 0...1.
    package struct Bin: Sendable, Equatable {
        /// From this confidence on, to below `upper`; the last bin includes 1.
        package var lower: Double
        /// Always 0.1 above `lower`.
        package var upper: Double
        package var count: Int
        /// The mean confidence of its answers, 0 when it has none.
        package var confidence: Double
        /// The share of its answers that are right, 0 when it has none.
        package var accuracy: Double

        package var json: JSON {
            [
                "from": .double(lower), "to": .double(upper), "count": .number(count),
                "confidence": .double(confidence), "accuracy": .double(accuracy),
            ]
        }
    }

    /// Bins of equal width.
    package static let binCount = 10

    /// `binCount` of them, from the least sure to the surest; an empty one has a count of 0.
    package let bins: [Bin]
    package let count: Int
    /// The mean of the squared difference between confidence and outcome, 0...1 (Brier, 1950); none without answers.
    package let brierScore: Double?
    /// The mean, weighted by count, of each bin's difference between confidence and accuracy, 0...1 (expected calibration
    /// error: Guo and others, 2017); none without answers.
    package let expectedError: Double?

    /// The table of `outcomes`: a confidence, taken into 0...1, and whether the answer was right.
    package init(_ outcomes: [(confidence: Double, isRight: Bool)]) {
        var totals = Array(repeating: (count: 0, confidence: 0.0, right: 0), count: Self.binCount)
        var squares = 0.0
        for outcome in outcomes {
            let confidence = outcome.confidence.isFinite ? min(1, max(0, outcome.confidence)) : 0
            let index = min(Self.binCount - 1, Int(confidence * Double(Self.binCount)))
            totals[index].count += 1
            totals[index].confidence += confidence
            totals[index].right += outcome.isRight ? 1 : 0
            let difference = confidence - (outcome.isRight ? 1 : 0)
            squares += difference * difference
        }
        bins = totals.enumerated().map { index, total in
            let divisor = Double(max(1, total.count))
            return Bin(
                lower: Double(index) / Double(Self.binCount), upper: Double(index + 1) / Double(Self.binCount),
                count: total.count, confidence: total.confidence / divisor, accuracy: Double(total.right) / divisor)
        }
        count = outcomes.count
        let size = Double(outcomes.count)
        brierScore = outcomes.isEmpty ? nil : squares / size
        expectedError =
            outcomes.isEmpty
            ? nil : bins.reduce(0) { $0 + Double($1.count) / size * abs($1.confidence - $1.accuracy) }
    }
}
