import TwinSupport

extension TwinSettings {
    /// A setting that `twin` acts on, with the type of its value and its default.
    package struct Setting<Value: Sendable>: Sendable {
        package let name: String
        /// Used where the twin has no value of its own.
        package let fallback: Value
        let read: @Sendable (JSON) -> Value?
        let definition: Definition
    }

    /// What is known of a setting of any type: its dotted name, the values it takes, its default and what it is for. The list
    /// of them is the source of validation, of `twin twins set` and of its help.
    package struct Definition: Sendable {
        /// What a setting takes. Anything else is refused where it is set.
        package enum Value: Sendable {
            case number(ClosedRange<Double>)
            case integer(ClosedRange<Int>)
            case flag
            case text(maximumLength: Int)
            case choice([String])
        }
        package let name: String
        package let value: Value
        /// Null where nothing is set by default.
        package let fallback: JSON
        package let help: String
    }

    package static let answerThreshold = Setting<Double?>(
        "answer.threshold", in: 0...1, "Evidence below this gives \"I don't know\"; 'twin eval' proposes a value.")
    package static let answerSentences = Setting<Int>(
        "answer.sentences", 3, in: 1...4, "Sentences quoted in an answer at most.")
    package static let systemPrompt = Setting<String?>(
        "system_prompt", maximumLength: 8_000, "Told to the model before every question.")
    package static let personality = Setting<String?>(
        "personality", maximumLength: 2_000, "Who the twin is, as told to the model.")
    package static let tone = Setting<String?>("tone", maximumLength: 500, "How the twin talks, as told to the model.")
    package static let temperature = Setting<Double>(
        "temperature", 0, in: 0...2, "How freely the model words its answers.")
    package static let maximumTokens = Setting<Int>(
        "max_tokens", 400, in: 16...8192, "Tokens of a model's answer at most.")
    package static let contextTokens = Setting<Int>(
        "context_tokens", 4096, in: 512...200_000, "The model's context window in tokens, its answer included.")
    package static let automaticAnswers = Setting<Double>(
        "qna.automatic", 0.92, in: 0.8...1,
        "How alike a question must be to one with a verified answer to get it: 1 less .01 for a small word, .03 a slip, .06 a word left out."
    )
    package static let semanticAnswers = Setting<Double>(
        "qna.semantic", 0.84, in: 0.5...1,
        "How near in meaning a question must be to one with a verified answer to get it, with an embedding model.")
    package static let asksOwner = Setting<Bool>(
        "clarifications.enabled", true,
        "Questions about the owner's own view wait for the owner when no memory answers them.")
    package static let memoryThreshold = Setting<Double>(
        "memory.threshold", 0.7, in: 0...1,
        "How well a memory must match a question about the owner's own view to answer it.")
    package static let escalates = Setting<Bool>(
        "escalation.enabled", false, "Questions that nothing answers are handed to the owner.")
    package static let escalatesBelow = Setting<Double>(
        "escalation.below", 0, in: 0...1,
        "With escalation.enabled: answers from documents that are less sure than this are given, and handed to the owner.")
    package static let graphExtraction = Setting<String>(
        "graph.extraction", "lazy", of: ["lazy", "ingest", "off"],
        "When names, relations and preferences are read out of documents: once they are asked for, or at each ingest.")
    package static let pageWelcome = Setting<String?>(
        "page.welcome", maximumLength: 1_000, "What visitors read first, on the page of the share link and in the widget.")
    package static let pageSuggestions = Setting<String?>(
        "page.suggestions", maximumLength: 2_000, "Questions that visitors are shown to begin with, one a line.")
    package static let pageColor = Setting<String?>(
        "page.color", maximumLength: 7, "The colour of the page for visitors and of the widget, such as #2f5d50.")
    package static let graphReader = Setting<String>(
        "graph.reader", "rules", of: ["rules", "model"],
        "Who reads them out: rules alone, or a configured model as well, at ingests, in jobs and at the command line.")
    package static let searchLanguage = Setting<String>(
        "search.language", "english", of: ["english", "none"],
        "The language whose word endings are folded together; set it before the first ingest.")
    package static let vectorWeight = Setting<Double>(
        "search.vector_weight", 0.3, in: 0...1,
        "Weight of meaning against words where an embedding model is configured; 0 is words only.")

    package static let mailsUnanswered = Setting<Bool>(
        "mail.unanswered", true, "With a mail server: questions that nothing answers are mailed to the owners.")
    package static let mailsDigest = Setting<Bool>(
        "mail.digest", true, "With a mail server: what the twin learned in a day is mailed to the owners.")

    /// In the order in which help lists them.
    package static let definitions: [Definition] = [
        answerThreshold.definition, answerSentences.definition, systemPrompt.definition, personality.definition,
        tone.definition, temperature.definition, maximumTokens.definition, contextTokens.definition,
        automaticAnswers.definition, semanticAnswers.definition, asksOwner.definition, memoryThreshold.definition,
        escalates.definition, escalatesBelow.definition, pageWelcome.definition, pageSuggestions.definition, pageColor.definition,
        graphExtraction.definition, graphReader.definition, searchLanguage.definition, vectorWeight.definition,
        mailsUnanswered.definition, mailsDigest.definition,
    ]

    /// The setting of this dotted name; nil for a name that `twin` does not act on, which a twin may still keep.
    package static func definition(_ name: String) -> Definition? { definitions.first { $0.name == name } }
}

extension TwinSettings.Setting {
    fileprivate init(
        _ name: String, _ fallback: Value, _ value: TwinSettings.Definition.Value, json: JSON, _ help: String,
        read: @escaping @Sendable (JSON) -> Value?
    ) {
        self.name = name
        self.fallback = fallback
        self.read = read
        definition = TwinSettings.Definition(name: name, value: value, fallback: json, help: help)
    }
}

extension TwinSettings.Setting<Double> {
    fileprivate init(_ name: String, _ fallback: Double, in range: ClosedRange<Double>, _ help: String) {
        self.init(name, fallback, .number(range), json: .double(fallback), help) { $0.doubleValue }
    }
}

extension TwinSettings.Setting<Double?> {
    fileprivate init(_ name: String, in range: ClosedRange<Double>, _ help: String) {
        self.init(name, nil, .number(range), json: .null, help) { $0.doubleValue }
    }
}

extension TwinSettings.Setting<Int> {
    fileprivate init(_ name: String, _ fallback: Int, in range: ClosedRange<Int>, _ help: String) {
        self.init(name, fallback, .integer(range), json: .number(fallback), help) { $0.intValue }
    }
}

extension TwinSettings.Setting<Bool> {
    fileprivate init(_ name: String, _ fallback: Bool, _ help: String) {
        self.init(name, fallback, .flag, json: .bool(fallback), help) { $0.boolValue }
    }
}

extension TwinSettings.Setting<String> {
    fileprivate init(_ name: String, _ fallback: String, of choices: [String], _ help: String) {
        self.init(name, fallback, .choice(choices), json: .string(fallback), help) { $0.stringValue }
    }
}

extension TwinSettings.Setting<String?> {
    fileprivate init(_ name: String, maximumLength: Int, _ help: String) {
        self.init(name, nil, .text(maximumLength: maximumLength), json: .null, help) { $0.stringValue }
    }
}

extension TwinSettings.Definition {
    /// Throws `TwinError` that names the values this setting takes.
    package func check(_ json: JSON) throws {
        let isRight: Bool
        switch value {
        case .number(let range): isRight = json.doubleValue.map(range.contains) ?? false
        case .integer(let range): isRight = json.intValue.map(range.contains) ?? false
        case .flag: isRight = json.boolValue != nil
        case .text(let maximum): isRight = json.stringValue.map { $0.utf8.count <= maximum } ?? false
        case .choice(let choices): isRight = json.stringValue.map(choices.contains) ?? false
        }
        guard isRight else { throw TwinError(.invalid, "\(name) takes \(accepted)") }
    }

    /// What it takes, as the end of a sentence: "a number from 0 to 1".
    package var accepted: String {
        switch value {
        case .number(let range): "a number from \(JSON.double(range.lowerBound).text) to \(JSON.double(range.upperBound).text)"
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .flag: "true or false"
        case .text(let maximum): "text of at most \(maximum) bytes"
        case .choice(let choices): choices.joined(separator: " or ")
        }
    }

    /// How the setting stands in a JSON object: `{"answer": {"threshold": …}}`.
    var nested: String {
        let parts = name.split(separator: ".")
        return parts.map { "{\"\($0)\": " }.joined() + "…" + String(repeating: "}", count: parts.count)
    }
}
