@testable import TwinKit
@testable import TwinSupport

/// A twin's files with everything in them that can be, by chance.
struct RandomTwin {
    private var random: SplitMix
    private let sources: [String]

    init(_ random: inout SplitMix) {
        self.random = SplitMix(seed: random.next())
        sources = (0..<Int.random(in: 0...4, using: &self.random)).map { "docs/\($0).md" }
    }

    private static let words = [
        "oil", "Überfluss", "naïve", "東京", "İzmir", "C++", "50%", "\"quoted\"", "tab\there", "line\nbreak", "\u{2028}", "🐝",
        "e\u{301}té",
        "back\\slash", "null\u{1}", "where", "hive", "price",
    ]

    private mutating func text(_ count: ClosedRange<Int> = 1...6) -> String {
        (0..<Int.random(in: count, using: &random)).map { _ in Self.words.randomElement(using: &random) ?? "" }.joined(
            separator: " ")
    }

    private mutating func some<Item>(_ items: [Item]) -> [Item] { items.filter { _ in Bool.random(using: &random) } }

    /// Decisions about the graph, in the order in which they are written.
    private mutating func decisions(
        _ questions: [String], _ memories: [TwinManifest.Memory]
    ) -> [TwinManifest.Decision] {
        func name(_ number: Int) -> GraphDecision.Name { GraphDecision.Name(type: "person", key: "linda brandt \(number)") }
        let memory = memories.randomElement(using: &random).map {
            GraphDecision.MemoryName(type: $0.entry.type.rawValue, topic: $0.entry.topic)
        }
        var decisions: [GraphDecision] = []
        decisions += questions.prefix(1).map {
            .node(type: "fact", name: $0, origin: .escalation, properties: ["answer": .string(text())], memory: nil)
        }
        decisions.append(.node(type: "preference", name: "I prefer " + text(), origin: .owner, properties: [:], memory: memory))
        decisions += (0..<Int.random(in: 0...3, using: &random)).map { .merge(name($0), into: name($0 + 7)) }
        decisions += (0..<Int.random(in: 0...3, using: &random)).map {
            .superseded(name($0), predicate: "works_for", object: name($0 + 20), by: name($0 + 30))
        }
        decisions.append(
            .candidate(
                identity: "avoidance\u{1F}owner\u{1F}" + QuestionText.folded(text()), content: text(), memoryType: "preference",
                data: ["b": 1, "a": .string(text())], status: .rejected, memory: nil))
        decisions.append(
            .candidate(
                identity: "preference\u{1F}owner\u{1F}" + QuestionText.folded(text()), content: text(), memoryType: "preference",
                data: [:], status: .approved, memory: memory))
        return decisions.map { TwinManifest.Decision(decision: $0) }
    }

    mutating func write(to directory: TwinDirectory) throws {
        var manifest = TwinManifest()
        manifest.slug = "t"
        manifest.name = "T \(Int.random(in: 0...9, using: &random))"
        manifest.description = text(0...4)
        manifest.settings = [
            "tone": .string(text()), "answer": ["sentences": 2, "threshold": .double(Double.random(in: 0...1, using: &random))],
            "x": .null,
        ]
        manifest.sources = sources.map {
            TwinManifest.SourceEntry(
                kind: .file, locator: $0, title: Bool.random(using: &random) ? text() : nil,
                metadata: Bool.random(using: &random) ? ["b": .string(text()), "a": 1] : [:])
        }
        for source in sources {
            try AtomicFile.makeFolder(directory.path + "/docs")
            try AtomicFile.write(
                Array("# Title of \(source)\n\nThe gearbox of \(source) takes three litres of oil, \(text()).\n".utf8),
                to: directory.path + "/" + source)
        }
        let questions = (0..<Int.random(in: 0...6, using: &random)).map { "Question \($0) " + text() + "?" }
        manifest.answers = questions.map {
            TwinManifest.Answer(
                question: $0, answer: text(),
                visibility: VerifiedAnswer.Visibility.allCases.randomElement(using: &random) ?? .private,
                citations: some(sources))
        }
        manifest.memories = (0..<Int.random(in: 0...5, using: &random)).map { number in
            TwinManifest.Memory(
                entry: OwnerMemories.Entry(
                    topic: "topic \(number) " + text(), type: MemoryType.allCases.randomElement(using: &random) ?? .belief,
                    value: text(),
                    stance: OwnerMemory.Stance.allCases.randomElement(using: &random),
                    intensity: Bool.random(using: &random) ? Int.random(in: 1...10, using: &random) : nil,
                    confidence: Double.random(in: 0...1, using: &random)))
        }
        manifest.decisions = decisions(questions, manifest.memories ?? [])
        let publicGroup = Int.random(in: 0...3, using: &random)
        manifest.groups = (0..<3).map { number in
            var group = TwinManifest.Group(name: number == 0 ? "Everybody" : "Group \(number)")
            group.isDefault = number == 0 ? true : nil
            group.isPublic = number == publicGroup
            group.description = text(0...3)
            group.settings = Bool.random(using: &random) ? ["tone": .string(text())] : [:]
            group.limits = [.requestsPerHour: Int.random(in: 0...99, using: &random)]
            group.overrides = Bool.random(using: &random) ? [.temperature: 0.5, .systemPrompt: .string(text())] : [:]
            group.members = ["user-\(number)-a@example.org", "user-\(number)-b@example.org"]
            group.sources = Bool.random(using: &random) ? .all : .only(some(sources))
            group.answers = Bool.random(using: &random) ? .all : .only(some(questions))
            return group
        }
        _ = try directory.write(manifest)
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014): the same numbers on every run.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
