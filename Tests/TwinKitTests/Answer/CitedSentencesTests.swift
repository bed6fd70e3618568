import Testing

@testable import TwinKit
@testable import TwinSupport

@Suite struct `Sentences of a model that can be checked` {
    private let evidence = ModelEvidence.evidence

    /// What gets through of a text that comes in these pieces.
    private func shown(_ pieces: [String], isCut: Bool = false) -> [String] {
        var sentences = CitedSentences(evidence)
        return pieces.flatMap { sentences.add($0) } + sentences.finish(isCut: isCut)
    }

    private static let texts = [
        "A colony needs eighteen kilograms [1]. Mouse guards go on when it is cold [2]. Drones go in August [3].",
        "A colony needs honey. [1] Guards go on in the cold. [2, 3] Nothing else [9]. And this has none.",
        "Dr. Weiss says \"Drones are thrown out in August.\" [3] She weighs 3.5 kg of honey, e.g. in Oct. 2019 [1] [2]. Then [1][3] more?",
        "It needs 18 kg [1, 2]! “Mouse guards go on” in autumn [2].\n\n- A list item [1]\n- another “never written” one [2]\n\nEnd [1–3].",
        "蜂群需要蜂蜜[1]。老鼠[2]。Ünïcödé e\u{301}t cetera [3]. 🐝🐝 buzz [1].", "NO_ANSWER", "", " \n ", "[1] [2]", "[1",
        "No end [1] and then \"open",
    ]

    @Test(arguments: texts) func `however a text is cut into pieces, the same gets through`(text: String) {
        let whole = shown([text])
        #expect(shown(text.unicodeScalars.map { String($0) }) == whole)
        #expect(shown(text.map { String($0) }) == whole)
        var random = SeededRandom(seed: 7)
        for _ in 0..<200 {
            var pieces: [String] = []
            var rest = Substring(text)
            while !rest.isEmpty {
                let count = Int(random.next() % 12)
                pieces.append(String(rest.prefix(count)))
                rest = rest.dropFirst(count)
            }
            #expect(shown(pieces) == whole)
        }
    }

    @Test func `a sentence passes with the evidence that it names`() {
        #expect(
            shown(["A colony needs eighteen kilograms [1]. Guards go on in the cold. [2]"]) == [
                "A colony needs eighteen kilograms [1].", "Guards go on in the cold. [2]",
            ])
    }

    @Test(arguments: [
        "It is so.", "It is so [4].", "It is so [1, 4].", "It is so [1-4].", "It is so [1] [99].", "It is so [2][0].",
        "It is so [1][^2].",
        "It is so [1][²].", "It is so [3–1].", "It is so [1][99999999999999999999].", "It is so (1).", "NO_ANSWER [1].",
    ])
    func `a sentence without evidence, or with evidence that does not exist, does not`(text: String) {
        #expect(shown([text]) == [])
        #expect(shown([text + " Honey is needed [1]."]) == ["Honey is needed [1]."])
    }

    @Test func `no number that does not exist is ever shown`() {
        var random = SeededRandom(seed: 11)
        let words = [
            "bees", "honey", "cold.", "Guards", "[1]", "[2,", "3]", "[7]", "[1,8]", "[1-9]", "winter!", "\n", "[", "]", "12",
            "[3]", "It", "“so", "is”",
        ]
        for _ in 0..<2000 {
            let text = (0..<30).map { _ in words[Int(random.next() % UInt64(words.count))] }.joined(separator: " ")
            for sentence in shown([text]) {
                #expect(CitationMarks.numbers(in: sentence)?.allSatisfy { (1...3).contains($0) } == true, "\(sentence)")
            }
        }
    }

    @Test(arguments: [
        "They said \"eighteen kilograms of honey\" [1].", "They said “Eighteen  kilograms of honey” [1].",
        "Dr. Weiss: \"drones are thrown out in August\" [3].", "A \"colony\" needs honey [1].",
        "An 18\" frame is used [1].",
        "„colder than eight degrees“ it says [2].",
    ])
    func `a quotation that is a span of the evidence passes`(text: String) { #expect(shown([text]).count == 1) }

    @Test(arguments: [
        "They said \"nineteen kilograms of honey\" [1].", "They said “eighteen kilograms of honey” [2].",
        "They said «eighteen litres of honey» [1].", "They said \"eighteen kilograms of [1].",
    ])
    func `a quotation that is not does not`(text: String) { #expect(shown([text]) == []) }

    @Test func `what is cited and what was withheld is counted`() {
        var sentences = CitedSentences(evidence)
        _ = sentences.add("Honey [1]. Mice [2, 3]. Wind [8]. ")
        _ = sentences.finish()
        #expect(sentences.cited == [1, 2, 3])
        #expect(sentences.withheld == 1)
    }

    @Test func `a sentence without an end is thrown away and what follows it is not`() {
        let endless = String(repeating: "honey ", count: 2000) + "[1]. "
        #expect(shown([endless + "Guards go on [2]. Drones go [3]."]) == ["Guards go on [2].", "Drones go [3]."])
    }

    @Test func `of an answer that was cut off the unfinished sentence goes`() {
        #expect(shown(["Honey is needed [1]. Guards [2] go on whe"], isCut: true) == ["Honey is needed [1]."])
        #expect(shown(["Honey is needed [1]. Guards go on [2]"], isCut: true) == ["Honey is needed [1].", "Guards go on [2]"])
    }
}
