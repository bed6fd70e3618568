import TwinSupport

/// Tells statements of fact from opinions, and the tone of a text, by counting English words. A text in another language, or
/// one without a clear sign, is a fact in a neutral tone.
enum StatementClassifier {
    enum Tone: String, Sendable, CaseIterable {
        case formal = "Formal"
        case friendly = "Friendly"
        case technical = "Technical"
        case enthusiastic = "Enthusiastic"
        case critical = "Critical"
        case neutral = "Neutral"
    }

    struct Result: Sendable, Equatable {
        var isOpinion: Bool
        var tone: Tone
    }

    /// Somebody says that what follows is their view.
    private static let stances: Set<String> = [
        "i think", "i believe", "i feel", "i prefer", "i doubt", "i suspect", "i recommend", "i suggest", "i disagree", "i agree",
        "i favor", "i favour", "i love", "i hate", "i like", "i dislike", "i would", "i hope", "i find", "i consider", "i argue",
        "my view", "my opinion", "my belief", "my advice", "my guess", "my favorite", "my favourite", "my preference",
        "my position",
        "our view", "our opinion", "our position", "we think", "we believe", "we recommend", "we prefer", "we feel",
        "personally i",
        "to me", "id argue", "id say", "im convinced", "im skeptical", "im sceptical",
    ]

    /// Words that value; facts have them too, so several are needed.
    private static let valuing: Set<String> = [
        "should", "shouldnt", "ought", "best", "worst", "better", "worse", "great", "terrible", "awful", "amazing", "wonderful",
        "beautiful", "ugly", "brilliant", "stupid", "foolish", "wise", "overrated", "underrated", "unfortunately", "fortunately",
        "hopefully", "frankly", "honestly", "clearly", "obviously", "arguably", "probably", "perhaps", "worthwhile", "pointless",
        "disappointing", "impressive", "unfair", "wrong", "right", "believe", "opinion", "prefer", "favorite", "favourite",
    ]

    private static let valuingWords = 3
    /// Of a hundred words so many.
    private static let valuingShare = 2.0
    private static let toneWords = 2
    private static let toneShare = 1.0

    private static let lexicon: [(tone: Tone, words: Set<String>)] = [
        (
            .formal,
            [
                "hereby", "herein", "thereof", "pursuant", "shall", "therefore", "furthermore", "moreover", "whereas", "hence",
                "thus",
                "accordingly", "notwithstanding", "aforementioned", "regarding", "respectively", "nevertheless", "consequently",
                "agreement", "party", "parties", "obligations", "provisions", "article", "clause",
            ]
        ),
        (
            .friendly,
            [
                "thanks", "thank", "welcome", "hello", "hi", "hey", "glad", "happy", "please", "friend", "friends", "cheers",
                "enjoy",
                "feel", "lets", "youre", "youll", "dont", "worry", "sure", "fun", "smile",
            ]
        ),
        (
            .technical,
            [
                "algorithm", "function", "parameter", "parameters", "system", "data", "server", "database", "configure",
                "configuration",
                "interface", "protocol", "software", "hardware", "code", "compile", "module", "variable", "voltage", "pressure",
                "temperature", "method", "equation", "matrix", "vector", "model", "query", "api", "http", "json", "install",
                "version",
                "specification", "torque", "kernel", "memory", "processor", "statistical", "hypothesis", "molecule", "protein",
                "cell",
                "coefficient", "measurement", "analysis",
            ]
        ),
        (
            .enthusiastic,
            [
                "amazing", "awesome", "fantastic", "incredible", "exciting", "excited", "wonderful", "love", "brilliant",
                "thrilled",
                "great", "superb", "delighted", "remarkable", "best", "wow",
            ]
        ),
        (
            .critical,
            [
                "wrong", "fail", "fails", "failed", "failure", "problem", "problems", "poor", "bad", "worse", "worst", "flawed",
                "flaw",
                "unfortunately", "misleading", "mistake", "mistakes", "weak", "inadequate", "unacceptable", "terrible",
                "disappointing",
                "overrated", "harmful", "broken",
            ]
        ),
    ]

    /// Which lists a word is in, so that each word is looked up once.
    private static let toneIndexes: [String: [Int]] = {
        var result: [String: [Int]] = [:]
        for (index, entry) in lexicon.enumerated() { for word in entry.words { result[word, default: []].append(index) } }
        return result
    }()

    /// U+2019 in UTF-8: it joins as the plain apostrophe does, so that "I’d" and "I'd" are one word.
    private static let typographicApostrophe: [UInt8] = [0xE2, 0x80, 0x99]

    static func classify(_ text: [UInt8]) -> Result {
        var (words, valued, hasStance, previous) = (0, 0, false, "")
        var tones = [Int](repeating: 0, count: lexicon.count)
        var word: [UInt8] = []
        func end() {
            guard !word.isEmpty else { return }
            let current = String(decoding: word, as: UTF8.self)
            word.removeAll(keepingCapacity: true)
            words += 1
            if stances.contains(previous + " " + current) { hasStance = true }
            if valuing.contains(current) { valued += 1 }
            for index in toneIndexes[current] ?? [] { tones[index] += 1 }
            previous = current
        }
        var index = 0
        while index < text.count {
            let byte = text[index]
            switch byte {
            case 0x41...0x5A: word.append(byte | 0x20)
            case 0xE2 where text[index...].starts(with: typographicApostrophe): index += 2
            case 0x61...0x7A, 0x80...: word.append(byte)
            case 0x27: break
            default:
                end()
                // A stance does not reach over the end of a sentence.
                if byte == 0x2E || byte == 0x21 || byte == 0x3F || byte == 0x3B { previous = "" }
            }
            index += 1
        }
        end()
        func isFrequent(_ count: Int, _ least: Int, _ share: Double) -> Bool {
            count >= least && Double(count) * 100 >= share * Double(words)
        }
        let most = tones.max() ?? 0
        let tone = isFrequent(most, toneWords, toneShare) ? tones.firstIndex(of: most).map { lexicon[$0].tone } : nil
        return Result(
            isOpinion: hasStance || isFrequent(valued, valuingWords, valuingShare), tone: tone ?? .neutral)
    }
}
