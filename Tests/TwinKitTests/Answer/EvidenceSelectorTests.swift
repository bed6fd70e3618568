import Testing

@testable import TwinKit
@testable import TwinSearch
@testable import TwinSupport

/// A small twin: passages in the order of a search, with statistics over all of them.
private struct Corpus {
    var passages: [Passage] = []

    init(_ texts: [(source: Int64, text: String)]) {
        var end: [Int64: Int] = [:]
        for (index, entry) in texts.enumerated() {
            let start = end[entry.source, default: 0]
            let length = entry.text.utf8.count
            passages.append(
                Passage(
                    chunk: Int64(index), source: entry.source, range: start..<start + length, text: entry.text,
                    score: 10 - Double(index)))
            end[entry.source] = start + length + 2
        }
    }

    var statistics: TermStatistics {
        var frequencies: [String: Int] = [:]
        for passage in passages {
            for term in Set(Analyzer().tokens(of: passage.text).map(\.term)) { frequencies[term, default: 0] += 1 }
        }
        let counts = frequencies
        return TermStatistics(documentCount: passages.count) { counts[$0] ?? 0 }
    }

    func ask(_ question: String, _ settings: EvidenceSettings = EvidenceSettings()) -> EvidenceSelection {
        EvidenceSelector(settings: settings, analyzer: Analyzer()).select(
            question: question, passages: passages, statistics: statistics)
    }
}

@Suite struct `Evidence selection` {
    private let museum = Corpus([
        (1, "The museum opened in 1921. Its founder was Clara Weiss, a painter from Graz. She gave it 340 drawings."),
        (1, "Opening hours are nine to five. The café closes earlier. Entry costs 12 euros for adults."),
        (2, "A garden lies behind the house. It was closed in 1987 because the walls had cracked."),
        (2, "The library holds maps of the river. Readers may borrow three volumes at a time."),
    ])

    @Test(arguments: [
        ("When did the museum open?", "The museum opened in 1921."),
        ("Who was the founder of the museum?", "Its founder was Clara Weiss, a painter from Graz."),
        ("How many drawings did Clara Weiss give?", "She gave it 340 drawings."),
        ("Why was the garden closed?", "It was closed in 1987 because the walls had cracked."),
        ("How much does entry cost?", "Entry costs 12 euros for adults."),
        ("what can readers borrow", "Readers may borrow three volumes at a time."),
    ])
    func `the sentence with the answer is the best one`(question: String, answer: String) {
        #expect(museum.ask(question).best?.text == answer)
    }

    @Test func `every sentence is exactly its range of the source`() {
        for question in ["When did the museum open?", "garden walls", "café euros river"] {
            for sentence in museum.ask(question, EvidenceSettings(maximumSentences: 4, enoughShare: 2)).sentences {
                let passage = museum.passages[sentence.passage]
                let start = passage.range.lowerBound
                let bytes = Array(passage.text.utf8)[(sentence.range.lowerBound - start)..<(sentence.range.upperBound - start)]
                #expect(String(decoding: bytes, as: UTF8.self) == sentence.text)
                #expect(sentence.source == passage.source)
            }
        }
    }

    @Test func `sentences are in reading order and include the best`() throws {
        let selection = museum.ask("Who founded the museum and when did it open?", EvidenceSettings(enoughShare: 2))
        let best = try #require(selection.best)
        let holdsBest = selection.sentences.contains {
            $0.source == best.source && $0.range.clamped(to: best.range) == best.range
        }
        #expect(holdsBest)
        for (one, next) in zip(selection.sentences, selection.sentences.dropFirst())
        where one.source == next.source && one.section == next.section {
            #expect(one.range.upperBound <= next.range.lowerBound)
        }
    }

    @Test func `a sentence that two sources have is shown once`() {
        let corpus = Corpus([
            (1, "The warranty lasts two years. Batteries are excluded."),
            (2, "The warranty lasts two years. Contact the shop."), (3, "Nothing of interest stands here."),
        ])
        let texts = corpus.ask("How long does the warranty last?", EvidenceSettings(enoughShare: 2)).sentences.map(\.text)
        let count = texts.count { $0.contains("The warranty lasts two years.") }
        #expect(count == 1)
    }

    @Test func `a heading alone is no answer`() {
        let corpus = Corpus([
            (1, "Warranty period\n\nFor all devices the warranty period is two years from the day of purchase."),
            (2, "Other text about devices and days."),
        ])
        let selection = corpus.ask("What is the warranty period?", EvidenceSettings(enoughShare: 2))
        #expect(!selection.sentences.map(\.text).contains("Warranty period"))
        #expect(selection.best?.text.hasPrefix("For all devices") == true)
    }

    @Test func `a question about something else is less answerable than one the passages meet`() {
        let met = museum.ask("When did the museum open?")
        let foreign = museum.ask("What is the boiling point of liquid helium on Jupiter?")
        #expect(met.answerability > 0.5)
        #expect(foreign.answerability < 0.1)
        #expect(met.confidence > foreign.confidence)
    }

    @Test func `a name, a number, an opposite or a negation that is not met lowers answerability`() {
        let met = museum.ask("Why was the garden closed in 1987?").answerability
        #expect(museum.ask("Why was the garden closed in 1954?").answerability < met)
        #expect(museum.ask("Why was the garden not closed in 1987?").answerability < met)
        let names = Corpus([
            (1, "Anna Berg sold the mill to Otto Kern in 1890."), (1, "Otto Kern built a dam. The harbour was Lena Holt's."),
        ])
        #expect(
            names.ask("When did Lena Holt sell the mill?").answerability
                < names.ask("When did Anna Berg sell the mill?").answerability)
        #expect(names.ask("When did Anna Berg buy the mill?").signals.spanCheck.hasOpposite)
    }

    @Test func `a misspelt name is still found`() {
        let corpus = Corpus([(1, "Céloron led the expedition in 1749. He met many traders."), (1, "Traders came by boat.")])
        let selection = corpus.ask("When did Celeron lead the expedition?")
        #expect(selection.best?.text.hasPrefix("Céloron") == true)
        #expect(selection.signals.missingEntities == 0)
    }

    /// What is quoted with the best sentence.
    private func ask(_ question: String, _ section: String) -> String? {
        let passage = Passage(chunk: 1, source: 1, range: 0..<section.utf8.count, text: section, score: 5)
        let words = Set(Analyzer().tokens(of: section).map(\.term))
        let selection = EvidenceSelector(analyzer: Analyzer()).select(
            question: question, passages: [passage], statistics: TermStatistics(documentCount: 50) { words.contains($0) ? 2 : 0 })
        return selection.sentences.max { $0.score < $1.score }?.text
    }

    @Test(arguments: [
        // What announces a list brings it, and its last item is not lost.
        (
            "What does the insurance cover?",
            "The insurance covers the following:\n\n- theft\n- fire\n- water damage\n\nCall us first.",
            "The insurance covers the following:\n\n- theft\n- fire\n- water damage"
        ),
        (
            "How do I descale the kettle?",
            "To descale the kettle:\n\n1. Fill it with vinegar.\n2. Let it boil.\n3. Rinse it twice.",
            "To descale the kettle:\n\n1. Fill it with vinegar.\n2. Let it boil.\n3. Rinse it twice."
        ),
        // A question that is asked again wants its reply, an answer of one word what follows.
        (
            "When does the ferry leave?", "Tom: When does the ferry leave? Eva: At a quarter to nine.",
            "Eva: At a quarter to nine."
        ),
        (
            "Is the ferry free?", "Is the ferry free? No. Tickets are four euros at the pier.",
            "No. Tickets are four euros at the pier."
        ),
        // What points back brings what it points to.
        (
            "What happens to unclaimed bicycles?",
            "Every bicycle gets a tag. Unrelated remarks follow, of some length, on paint, on bells and on lamps, on who oiled the "
                + "gate, on why the hall is cold in winter, on where the old stove went, on the price of coal, and on all the "
                + "other things that came up at the meeting.\n\nBicycles stay for a month. They are sold when unclaimed.",
            "Bicycles stay for a month. They are sold when unclaimed."
        ),
        (
            "What is the heron rule?",
            "Nobody may feed a wild animal on the pier. For example, gulls are not to be fed. This rule is called the heron rule.",
            "Nobody may feed a wild animal on the pier. For example, gulls are not to be fed. This rule is called the heron rule."
        ),
    ]) func `a sentence comes with what it cannot do without`(question: String, section: String, answer: String) {
        #expect(ask(question, section) == answer)
    }

    /// The quotations of an answer from one section.
    private func quotations(_ question: String, _ section: String) -> [String] {
        let passage = Passage(
            chunk: 1, source: 1, range: 0..<section.utf8.count, text: section, headings: ["Notes"], score: 5)
        return EvidenceSelector(analyzer: Analyzer()).select(
            question: question, passages: [passage], statistics: TermStatistics(documentCount: 40) { _ in 2 }
        ).sentences.map(\.text)
    }

    @Test(arguments: [(3, 1), (30, 1), (60, 2)])
    func `what stands near each other in a section is one quotation`(wordsBetween: Int, count: Int) {
        let between = (0..<wordsBetween).map { "w\($0)" }.joined(separator: " ")
        let first = "The old kiln in the yard was built by the potters of the village in one long and dry summer."
        let last = "In the yard the kiln is fired each autumn by three potters, who sleep beside it for as long as it burns."
        // A question is not filled up with, so that what follows it is a quotation of its own at first.
        let section = first + "\n\nAnd \(between)?\n\n" + last
        let found = quotations("Which potters built the kiln in the yard, and which of them fire it?", section)
        #expect(found.count == count)
        #expect(found.first?.hasPrefix(first) == true && found.last?.hasSuffix(last) == true)
    }

    @Test func `quotations of two sections stay apart`() {
        let texts = ["The kiln is fired by three potters.", "The kiln was built by potters of the village."]
        let passages = texts.enumerated().map { place, text in
            Passage(
                chunk: Int64(place), source: 1, range: place * 50..<place * 50 + text.utf8.count, text: text,
                headings: ["Kiln", "Part \(place)"], score: 5)
        }
        let found = EvidenceSelector(analyzer: Analyzer()).select(
            question: "Which potters built the kiln, and who of them fires it?", passages: passages,
            statistics: TermStatistics(documentCount: 40) { _ in 2 })
        #expect(Set(found.sentences.map(\.text)) == Set(texts))
    }

    @Test func `what is on topic and hardly holds the answer is below the threshold`() {
        // All of them speak of the harbour's boats, and none better than the others of what is asked.
        let texts = (0..<24).map { "Boat \($0) lies in the harbour beside boat \($0 + 30), and its owner paints it in spring." }
        let boats = Corpus(texts.enumerated().map { (Int64($0), $1) })
        let selection = boats.ask("Which boat in the harbour was sold to its owner after the storm?")
        #expect(selection.confidence < 0.3)
        #expect(selection.answerability < EvidenceSettings.standardThreshold)
    }

    @Test func `a heading is taken as the question that its section answers`() {
        let passages = ["Do we lend projectors?", "Do we lend ladders?", "Do we lend tents?"].enumerated().map { place, heading in
            let text =
                heading + "\n\n" + ["Yes. Ask at the desk.", "No. They are too heavy.", "Only in summer, for a week."][place]
            return Passage(
                chunk: Int64(place), source: 1, range: place * 100..<place * 100 + text.utf8.count, text: text,
                headings: [heading],
                score: 5)
        }
        let selector = EvidenceSelector(analyzer: Analyzer())
        for (heading, answer) in [
            ("Do we lend projectors?", "Yes. Ask at the desk."), ("do we lend a ladder", "No. They are too heavy."),
            ("lend tents", "Only in summer, for a week."),
        ] {
            let selection = selector.select(
                question: heading, passages: passages, statistics: TermStatistics(documentCount: 9) { $0 == "lend" ? 3 : 1 })
            #expect(selection.sentences.first?.text == answer)
        }
    }

    @Test func `things that are compared may stand in sections of their own`() {
        let texts = [
            ("Kayak", "You sit low and hold a paddle with two blades."), ("Canoe", "You kneel and hold one with a grip."),
        ]
        let passages = texts.enumerated().map { place, entry in
            Passage(
                chunk: Int64(place), source: 1, range: place * 100..<place * 100 + entry.1.utf8.count, text: entry.1,
                headings: ["Boats", entry.0], score: 5)
        }
        let selection = EvidenceSelector(analyzer: Analyzer()).select(
            question: "kayak vs canoe", passages: passages, statistics: TermStatistics(documentCount: 40) { _ in 2 })
        #expect(Set(selection.sentences.map(\.text)) == Set(texts.map(\.1)))
        #expect(selection.answerability >= EvidenceSettings.standardThreshold)
    }

    @Test func `nothing to say of an empty question or no passages`() {
        #expect(museum.ask("").sentences.isEmpty)
        #expect(museum.ask("the of and").answerability == 0)
        let none = EvidenceSelector(analyzer: Analyzer()).select(
            question: "Who?", passages: [], statistics: TermStatistics(documentCount: 0) { _ in 0 })
        #expect(none.best == nil && none.confidence == 0)
    }

    @Test func `a long sentence is cut to the words around the match`() {
        let filler = (0..<80).map { "word\($0)" }.joined(separator: " ")
        let corpus = Corpus([
            (1, "In this long account \(filler), the treaty was signed in Utrecht, and then \(filler)."), (2, "Other things."),
        ])
        let selection = corpus.ask("Where was the treaty signed?", EvidenceSettings(maximumQuotation: 200))
        let text = selection.best?.text ?? ""
        #expect(text.utf8.count <= 200 && text.contains("the treaty was signed in Utrecht"))
        #expect(!text.hasPrefix(" ") && !text.hasSuffix(" "))
    }

    @Test func `the same input gives the same selection, and bad input no harm`() {
        let pieces = [
            "museum", "Who", "1921", "…", "\u{0}", "é", "漢字", "\n", ". ", "not", "\"", "🙂", "a", "- ", "| x | y |", "Clara",
        ]
        for seed in 0..<150 {
            var random = SeededGenerator(seed: UInt64(seed))
            func text(_ count: Int) -> String {
                (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined(separator: seed % 2 == 0 ? " " : "")
            }
            let corpus = Corpus(
                (0..<Int.random(in: 0...5, using: &random)).map { (Int64($0 % 2), text(Int.random(in: 0...60, using: &random))) })
            let question = text(Int.random(in: 0...12, using: &random))
            let settings = EvidenceSettings(maximumSentences: 4, enoughShare: 2, maximumQuotation: 80)
            let selection = corpus.ask(question, settings)
            #expect(selection == corpus.ask(question, settings), "seed \(seed)")
            #expect((0...1).contains(selection.confidence) && (0...1).contains(selection.answerability), "seed \(seed)")
            for sentence in selection.sentences {
                let passage = corpus.passages[sentence.passage]
                let start = passage.range.lowerBound
                let bytes = Array(passage.text.utf8)[(sentence.range.lowerBound - start)..<(sentence.range.upperBound - start)]
                #expect(
                    String(decoding: bytes, as: UTF8.self) == sentence.text && sentence.text.utf8.count <= 200, "seed \(seed)")
            }
        }
    }
}

@Suite struct `Question analysis` {
    private let statistics = TermStatistics(documentCount: 100) { $0 == "river" ? 50 : 2 }

    @Test(arguments: [
        ("How many ships sailed?", AnswerType.number), ("What percentage of voters agreed?", .number),
        ("What was the population of Rome?", .number), ("When did it end?", .date), ("In which year was it built?", .date),
        ("Who wrote it?", .person), ("Whose idea was it?", .person), ("Where is it?", .place), ("Which city has it?", .place),
        ("Why did it fail?", .reason), ("What caused the fire?", .reason), ("What is the bridge called?", .name),
        ("How is it made?", .manner), ("What do bees eat?", .thing), ("Is it open?", .other),
    ])
    func `the question word tells the kind of answer`(question: String, type: AnswerType) {
        #expect(QuestionAnalysis(question, analyzer: Analyzer(), statistics: statistics).answerType == type)
    }

    @Test func `rare words weigh more, stop words nothing`() {
        let question = QuestionAnalysis("Which river did Cook map?", analyzer: Analyzer(), statistics: statistics)
        #expect(question.terms.map(\.text) == ["river", "cook", "map"])
        #expect(question.terms[0].weight < question.terms[1].weight)
        #expect(question.terms.map(\.isEntity) == [false, true, false])
    }

    @Test func `irregular forms are one term`() {
        let past = QuestionAnalysis("men lost", analyzer: Analyzer(), statistics: statistics)
        let present = QuestionAnalysis("man lose", analyzer: Analyzer(), statistics: statistics)
        #expect(past.terms.map(\.text) == present.terms.map(\.text))
    }

    @Test func `every term that the analysis looks up is among the index terms`() {
        let question = "Who lost the men's 1912 race to ISO-9001, and when did it begin?"
        let known = Set(QuestionAnalysis.indexTerms(of: question, analyzer: Analyzer()))
        #expect(known.isSuperset(of: ["lost", "lose", "begin", "began", "1912", "iso-9001"]))
        let counting = TermStatistics(documentCount: 10) { known.contains($0) ? 1 : 9 }
        let rare = QuestionAnalysis(question, analyzer: Analyzer(), statistics: counting)
        let all = QuestionAnalysis(question, analyzer: Analyzer(), statistics: TermStatistics(documentCount: 10) { _ in 1 })
        #expect(rare.terms.map(\.documentFrequency) == all.terms.map(\.documentFrequency))
    }

    @Test func `negation is seen in both its forms`() {
        for question in ["What is not allowed?", "What isn't allowed?", "What isn’t allowed?", "Who never came?"] {
            #expect(QuestionAnalysis(question, analyzer: Analyzer(), statistics: statistics).isNegated, "\(question)")
        }
        #expect(!QuestionAnalysis("What is allowed?", analyzer: Analyzer(), statistics: statistics).isNegated)
    }
}
