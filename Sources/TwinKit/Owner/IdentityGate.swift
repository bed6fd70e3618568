import TwinSearch

/// Tells whether a question asks for the owner's own view, and whether the owner has given it. Deterministic: the same
/// question and memories always give the same decision.
enum IdentityGate {
    enum Decision: Sendable {
        /// Not about the owner's view: the documents may answer.
        case notPersonal
        /// What the owner holds, best first.
        case remembered([OwnerMemory], topic: String)
        /// The owner has to say, for there is no memory or several that contradict one another.
        case clarify(PersonalQuestion)
    }

    /// What documents must reach to answer a question that is put to the owner as a person.
    private static let addressedAnswerability = 0.75

    static func decide(
        _ question: String, history: [String], memories: (Set<MemoryType>) throws -> [OwnerMemory], threshold: Double
    ) rethrows -> Decision {
        guard let type = classify(question) else { return .notPersonal }
        let topic = topic(of: question, history: history)
        // What somebody believes and prefers tells their stance too.
        let types: Set<MemoryType> = type == .stance ? [.stance, .belief, .lens, .preference] : [type]
        let candidates = rank(try memories(types), question: question, topic: topic).prefix(6)
        var asked = PersonalQuestion(
            type: type, topic: topic, leastAnswerability: isAddressed(question) ? addressedAnswerability : 0)
        guard let best = candidates.first, best.score >= threshold else { return .clarify(asked) }
        let top = candidates.prefix(3).filter { $0.score >= threshold }.map(\.memory)
        guard Set(top.compactMap(\.stance)).count < 2 else {
            asked.leastAnswerability = .infinity
            return .clarify(asked)
        }
        return .remembered(top, topic: topic)
    }

    // MARK: Classification

    /// Words that name a kind of view, in the order in which they are looked for.
    private static let kinds: [(type: MemoryType, words: Set<String>)] = [
        (.toneRule, ["tone", "voice", "style", "sound", "wording", "phrasing"]),
        (.lens, ["lens", "framework", "principle", "principles", "values", "philosophy"]),
        (
            .preference,
            [
                "prefer", "preferred", "preference", "preferences", "like", "dislike", "favorite", "favourite", "favorites",
                "favourites",
                "avoid",
            ]
        ),
        (.belief, ["belief", "beliefs", "conviction", "convictions"]),
    ]

    private static let phrases = [
        "what do you think", "how do you feel", "what is your stance", "whats your stance", "would you", "should i", "should we",
        "should you", "do you recommend", "your opinion", "your view", "your views", "do you believe", "you believe",
        "do you support", "is it a good idea", "do you agree", "your recommendation", "your take", "you recommend", "your stance",
    ].map { $0.split(separator: " ").map(String.init) }

    private static let opinions: Set<String> = ["opinion", "opinions", "stance", "recommend"]
    private static let personal: Set<String> = [
        "you", "your", "yours", "youre", "i", "we", "our", "my", "me", "us", "owner", "twin",
    ]

    /// The kind of view that a question asks for. Whole words count, and a word that names a kind counts only in a question
    /// that addresses somebody: "the values in table 3" asks for no one's values.
    static func classify(_ question: String) -> MemoryType? {
        let folded = QuestionText.folded(question)
        let words = QuestionText.words(folded)
        let isPersonal = !personal.isDisjoint(with: words)
        if isPersonal, let kind = kinds.first(where: { !$0.words.isDisjoint(with: words) }), !isComparison(words, kind.type) {
            return kind.type
        }
        if phrases.contains(where: { phrase in
            words.indices.contains { words[$0...].starts(with: phrase) }
        }) {
            return .stance
        }
        let asksForOpinion = !opinions.isDisjoint(with: words)
        if asksForOpinion, isPersonal { return .stance }
        // "When should the filter be changed" asks for a fact; "should the filter be changed" for a judgement.
        if let first = words.first, ["should", "ought", "recommend"].contains(first) { return .stance }
        return nil
    }

    /// Whether a question is put to somebody as a person: "What are our values" and "should I file early" are answered by a
    /// document as well.
    private static func isAddressed(_ question: String) -> Bool {
        !addressing.isDisjoint(with: QuestionText.words(QuestionText.folded(question)))
    }

    private static let addressing: Set<String> = ["you", "your", "yours", "youre", "owner", "twin"]

    /// "like" compares far more often than it prefers: only "you like", "do we like" and such prefer.
    private static func isComparison(_ words: [String], _ type: MemoryType) -> Bool {
        guard type == .preference, Set(words).isDisjoint(with: kinds.first { $0.type == type }?.words.subtracting(["like"]) ?? [])
        else { return false }
        let subjects: Set<String> = ["you", "i", "we", "owner", "would", "really", "not", "also"]
        return !zip(words, words.dropFirst()).contains { subjects.contains($0) && $1 == "like" }
    }

    // MARK: Topic

    private static let vague: Set<String> = [
        "this", "that", "it", "there", "here", "topic", "idea", "thing", "them", "these", "those",
    ]
    private static let openers: Set<String> = ["about", "on", "regarding", "toward", "towards", "around"]
    private static let asking: Set<String> = [
        "think", "feel", "stance", "opinion", "view", "views", "recommend", "believe", "support", "agree", "good", "prefer",
        "please", "tell", "whats", "thoughts", "take",
    ]
    private static let stopWords = StopWords(.english)

    /// What a question is about: what follows "about", what follows "should we", or its content words; of the latest
    /// question in `history` that says more where it only says "it". At most 12 words.
    static func topic(of question: String, history: [String] = []) -> String {
        for text in [question] + history.reversed() {
            let words = topicWords(text)
            if !words.allSatisfy(vague.contains) { return words.joined(separator: " ") }
        }
        let words = QuestionText.words(QuestionText.folded(question)).filter { !stopWords.contains($0) }
        return words.prefix(maximumTopicWords).joined(separator: " ")
    }

    private static let maximumTopicWords = 12

    private static func topicWords(_ question: String) -> [String] {
        let words = QuestionText.words(QuestionText.folded(question))
        if let opener = words.lastIndex(where: openers.contains), isContent(words[(opener + 1)...]) {
            return Array(words[(opener + 1)...].prefix(maximumTopicWords))
        }
        if let should = words.firstIndex(of: "should"), should + 1 < words.count,
            ["i", "we", "you"].contains(words[should + 1]), isContent(words[(should + 2)...])
        {
            return Array(words[(should + 2)...].prefix(maximumTopicWords))
        }
        return Array(words.filter { !stopWords.contains($0) && !asking.contains($0) }.prefix(maximumTopicWords))
    }

    private static func isContent(_ words: ArraySlice<String>) -> Bool { words.contains { !stopWords.contains($0) } }

    // MARK: Candidates

    static func rank(_ memories: [OwnerMemory], question: String, topic: String) -> [(memory: OwnerMemory, score: Double)] {
        memories.map { memory in
            // A topic of nothing but common words ("it") has no stems to compare, and still is the same topic.
            let isSame = memory.topic == topic || memory.topic == QuestionText.folded(question)
            return (memory, isSame ? 1 : max(likeness(topic, memory.topic), likeness(question, memory.value)))
        }
        .sorted { ($0.1, $0.0.confidence, $0.0.key) > ($1.1, $1.0.confidence, $1.0.key) }
    }

    /// What a model that words an answer has to keep to: how the twin talks, always, and of the views up to three that bear
    /// on the question, best first.
    static func views(_ memories: [OwnerMemory], on question: String, history: [String]) -> [OwnerMemory] {
        let topic = topic(of: question, history: history)
        let manners = memories.filter { $0.type == .toneRule }.prefix(maximumManners)
        let asked = TextSimilarity.contentTerms(of: question + " " + topic, analyzer: Analyzer(language: .english))
        let views = rank(memories.filter { $0.type != .toneRule }, question: question, topic: topic).filter { memory, score in
            let about = TextSimilarity.contentTerms(of: memory.topic, analyzer: Analyzer(language: .english))
            // A long question about much may still be about all of a short topic.
            return score >= leastRelevance || !about.isEmpty && about.isSubset(of: asked)
        }
        return manners + views.prefix(maximumViews).map(\.memory)
    }

    private static let maximumViews = 3
    private static let maximumManners = 5
    /// Below this a memory has no more than a common word with the question.
    private static let leastRelevance = 0.3

    /// The Jaccard index of the content words' stems, 0 to 1.
    static func likeness(_ one: String, _ other: String) -> Double {
        TextSimilarity.overlap(one, other, analyzer: Analyzer(language: .english)) ?? 0
    }

    /// The memory that speaks of all that a question asks about, in whatever words; none where several do so equally or the
    /// question names nothing. Rules of tone answer no question.
    static func recalled(_ memories: [OwnerMemory], by question: String) -> OwnerMemory? {
        let analyzer = Analyzer(language: .english)
        let asked = TextSimilarity.contentTerms(of: question, analyzer: analyzer)
            .subtracting(TextSimilarity.contentTerms(of: wordsOfAsking, analyzer: analyzer))
        guard !asked.isEmpty else { return nil }
        let found = memories.filter { memory in
            guard memory.type != .toneRule else { return false }
            return asked.isSubset(of: TextSimilarity.contentTerms(of: memory.topic + " " + memory.value, analyzer: analyzer))
        }
        // Memories that go opposite ways are for the owner to sort out.
        guard let first = found.first, Set(found.compactMap(\.stance)).count < 2 else { return nil }
        return first
    }

    /// Words that say that something is asked, and nothing about what.
    private static let wordsOfAsking = """
        prefer preferred preference preferences like dislike love hate avoid favorite favourite favor favour kind type sort what which
        think feel believe opinion view stance recommend choose want usually generally best better would should tell your you owner
        """

    // MARK: What the owner is asked

    static func question(_ type: MemoryType, topic: String) -> String {
        let about = topic.isEmpty ? "this" : "\"\(topic)\""
        return switch type {
        case .stance: "What is your stance on \(about)? Choose one or say it in a sentence."
        case .preference: "What do you prefer when it comes to \(about)? Choose one or say it in a sentence."
        case .lens: "Through which lens do you look at \(about)? Choose one or say it in a sentence."
        case .toneRule: "How should the twin talk about \(about)? Choose one or say it in a sentence."
        case .belief: "What is your core belief about \(about)? Choose one or say it in a sentence."
        }
    }

    static func options(_ type: MemoryType, topic: String) -> [Clarification.Option] {
        let about = topic.isEmpty ? "this" : topic
        return switch type {
        case .stance:
            [
                Clarification.Option("Support", "Regarding \(about), I am in favour.", .positive, 7),
                Clarification.Option("Oppose", "Regarding \(about), I am against it.", .negative, 7),
                Clarification.Option("Neutral / depends", "Regarding \(about), it depends for me.", .neutral, 4),
            ]
        case .preference:
            [
                Clarification.Option("Prefer speed over depth", "With \(about) I prefer speed over depth."),
                Clarification.Option("Prefer depth over speed", "With \(about) I prefer depth over speed."),
                Clarification.Option("No strong preference", "I have no strong preference about \(about)."),
            ]
        case .lens:
            [
                Clarification.Option("Pragmatic ROI lens", "I judge \(about) by what it brings in."),
                Clarification.Option("Ethics/values-first lens", "I judge \(about) by whether it is right first."),
                Clarification.Option("Long-term risk lens", "I judge \(about) by its risks in the long run."),
            ]
        case .toneRule:
            [
                Clarification.Option("Direct and concise", "I talk about \(about) directly and in few words."),
                Clarification.Option("Warm and explanatory", "I talk about \(about) warmly and explain."),
                Clarification.Option("Analytical and cautious", "I talk about \(about) with care and reasons."),
            ]
        case .belief:
            [
                Clarification.Option("Core belief (one sentence)", "I believe in it: \(about)."),
                Clarification.Option("Skeptical by default", "I am skeptical about \(about)."),
                Clarification.Option("Optimistic by default", "I am optimistic about \(about)."),
            ]
        }
    }

    /// The stance that a free answer takes, by whole words, those of refusal first.
    static func stance(in text: String) -> OwnerMemory.Stance? {
        let words = Set(QuestionText.words(QuestionText.folded(text)))
        let folded = " \(QuestionText.folded(text)) "
        if ["unsure", "uncertain", "undecided"].contains(where: words.contains) || folded.contains(" not sure ") {
            return .neutral
        }
        let refusals: Set<String> = [
            "oppose", "against", "anti", "no", "never", "disagree", "dont", "not", "wouldnt", "shouldnt",
        ]
        if !refusals.isDisjoint(with: words) { return .negative }
        if !Set(["support", "favor", "favour", "pro", "yes", "agree"]).isDisjoint(with: words) { return .positive }
        if !Set(["neutral", "depends", "mixed"]).isDisjoint(with: words) { return .neutral }
        return nil
    }
}
