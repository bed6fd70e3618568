import Testing
import TwinKnowledge

/// What the rules find in text, seen as a reader of the graph sees it.
struct ExtractionTests {
    private func names(_ text: String) -> [String] { Extraction(text).things.map(\.name) }
    private func thing(_ name: String, in text: String) -> Extraction.Thing? {
        Extraction(text).things.first { $0.names.contains(name) }
    }
    /// Facts as "subject predicate object".
    private func facts(_ text: String) -> [String] {
        let found = Extraction(text)
        return found.facts.map { fact in
            let object =
                switch fact.object {
                case .thing(let index): found.things[index].name
                case .text(let words): words
                }
            return "\(found.things[fact.subject].name) \(fact.predicate.rawValue) \(object)"
        }
    }

    @Test func `a capital that the sentence's beginning owes is no name`() {
        #expect(names("Critics disliked the plan. Although it rained, people came.") == [])
        #expect(names("Feeding starts in autumn. Treatment follows.") == [])
    }

    @Test func `the same word elsewhere in the document decides about the first of a sentence`() {
        #expect(names("Marigold was planted first. Later we cut marigold again.") == [])
        #expect(names("We met Marigold in town. Marigold paid.") == ["Marigold"])
    }

    @Test func `words between parts of a name belong to it`() {
        let text = "She left the University of Oxford for the Food and Drug Administration and met Ludwig van Beethoven."
        #expect(names(text) == ["University of Oxford", "Food and Drug Administration", "Ludwig van Beethoven"])
    }

    @Test func `titles, months and lower-case tails are no part of a name`() {
        #expect(
            names("On Monday Israeli Prime Minister Yitzhak Shamir met Dr. Helen Brandt in May.") == [
                "Israeli", "Yitzhak Shamir", "Helen Brandt",
            ])
        #expect(names("It is a Swiss-born firm.") == ["Swiss"])
    }

    @Test func `headings and shouting say nothing by their capitals`() {
        #expect(names("# Feeding And Watering Every Hive\n\nthe bees are fed.") == [])
    }

    @Test func `a name and its abbreviation in brackets are one thing, wherever either stands`() {
        let text = "The World Health Organization (WHO) met in Geneva. WHO published a report."
        let found = thing("WHO", in: text)
        #expect(found?.name == "World Health Organization")
        #expect(found?.mentions.count == 3)
        #expect(found?.type == .organization)
    }

    @Test func `a surname is of the one full name before it, and of none where there are two people`() {
        #expect(thing("Chen", in: "Sarah Chen founded it. Later Chen sold it.")?.name == "Sarah Chen")
        #expect(thing("Chen", in: "Sarah Chen and Robert Chen founded it. Later Chen sold it.")?.name == "Chen")
    }

    /// Pairs of names, with a text that makes them one thing or does not.
    @Test(arguments: [
        ("Dearle", "J. H. Dearle", "John Henry Dearle wrote it. J. H. Dearle signed it. Later Dearle left.", true),
        ("Steel", "Anthony Steel", "Anthony Steel and Margaret Steel came. Later Steel left.", false),
        ("Paul Desmarais Sr.", "Paul Desmarais Jr.", "Paul Desmarais Sr. met Paul Desmarais Jr. in May.", false),
        ("De Masi", "Francesco De Masi", "Francesco De Masi wrote it. Later De Masi left.", true),
        ("Oldco", "Newfoundry Inc.", "It is made by Newfoundry Inc. (formerly Oldco) today.", true),
        ("Hunter Pass", "Independence Pass", "Independence Pass, originally known as Hunter Pass, is closed.", true),
        ("Halden Ferry", "Gros Plan Records", "A show of Halden Ferry called Gros Plan Records is on.", false),
        ("NSP", "Becker Structure Plan", "The Northern Becker Structure Plan (BSP) is new. We read the BSP.", false),
        ("BSP", "Northern Becker Structure Plan", "The Northern Becker Structure Plan (BSP) is new. The BSP holds.", true),
        ("Yale", "Yale College", "She went to Yale College. Later she left Yale.", true),
        ("Navy", "U.S. Navy", "He joined the U.S. Navy in May. Later the Navy paid him.", true),
        ("Fund", "Rockefeller Brothers Fund", "The Rockefeller Brothers Fund gave money. Later the Fund left.", true),
        ("Fund", "Quandt Fund", "The Rockefeller Fund and the Quandt Fund gave money. Later the Fund left.", false),
        ("Durán", "Duran", "They live in Durán. The mayor of Duran came.", true),
    ])
    func `a short form is of the one name that it can be of`(short: String, long: String, text: String, isOne: Bool) {
        let found = thing(short, in: text)
        #expect((found?.names.contains(long) == true) == isOne, "\(found?.names ?? [])")
    }

    @Test func `relations need a form of words that says them`() {
        #expect(
            facts("Linda Brandt, chief executive of Nordlund Timber Ltd., spoke.") == [
                "Linda Brandt works_for Nordlund Timber Ltd."
            ])
        #expect(facts("Nordlund Timber Ltd., based in Hamburg, makes doors.") == ["Nordlund Timber Ltd. based_in Hamburg"])
        #expect(facts("Linda Brandt was born on 3 May 1971.") == ["Linda Brandt born_on 3 May 1971"])
        #expect(facts("Linda Brandt met Nordlund Timber Ltd. people near Hamburg.") == [])
    }

    @Test func `a list of places is not one place in another`() {
        #expect(facts("They sell in Paris, London and Rome.") == [])
        #expect(facts("They sell in Portland, Maine.") == ["Portland located_in Maine"])
    }

    @Test func `a citizen of a city is of its region too`() {
        #expect(
            Set(facts("Peter Holm, 50, of Bethany, Conn., was heard.")) == [
                "Bethany located_in Conn.", "Peter Holm lives_in Bethany", "Peter Holm lives_in Conn.",
            ])
    }

    @Test func `each range is of the text and says what it is said to say`() {
        let text = "Since then, Sarah Chen of Nordlund Ltd. has said: we never discount in the first year.\nI prefer trains."
        let bytes = Array(text.utf8)
        let found = Extraction(text)
        for thing in found.things {
            for mention in thing.mentions { #expect(thing.names.contains(String(decoding: bytes[mention], as: UTF8.self))) }
        }
        for view in found.views { #expect(String(decoding: bytes[view.evidence], as: UTF8.self) == view.sentence) }
        #expect(found.views.map(\.object) == ["trains"])
    }

    @Test func `what somebody avoids is told from what they prefer`() {
        let views = Extraction("I can't stand instant coffee. My favourite tea is Assam. We decided to close in June.").views
        #expect(views.map(\.kind) == [.avoidance, .preference, .decision])
        #expect(views.map(\.object) == ["instant coffee", "Assam", "close in June"])
    }

    /// Any text at all: pieces of names, marks and other scripts in every order.
    @Test func `no text upsets the rules, and the same text gives the same`() {
        let pieces = [
            "Sarah", " Chen", ",", " of", " the", "\u{201C}", "\u{201D}", "'s", "\u{2019}s", "(", ")", ".", " ", "\n", "\n\n",
            "WHO", " and",
            " I", " prefer", " don't", "1999", " born", " in", "é", "Ä", "漢字", "🙂", "-", "–", "&", "Inc.", " U.S.", "\u{0}",
            " for", "/",
        ]
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        for _ in 0..<3_000 {
            var text = ""
            for _ in 0..<24 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text += pieces[Int(state >> 33) % pieces.count]
            }
            let found = Extraction(text)
            #expect(found == Extraction(text))
            let size = text.utf8.count
            for thing in found.things {
                #expect(!thing.key.isEmpty || !thing.name.contains(where: \.isLetter))
                #expect(thing.mentions.allSatisfy { $0.lowerBound < $0.upperBound && $0.upperBound <= size }, "\(text)")
                #expect(thing.names.allSatisfy { !$0.contains("\u{FFFD}") }, "\(text)")
            }
            for fact in found.facts { #expect(fact.evidence.upperBound <= size) }
        }
    }
}
