import Testing
import TwinSupport

/// Which answer is given: documents as people write them, questions as people ask them, through the program.
@Suite struct AnswerChoiceTests {
    private let scene: Scene

    init() throws { scene = try Scene() }

    /// A twin of its own with these documents.
    private func twin(_ name: String, _ documents: [String: String]) throws {
        try scene.twin("twins", "create", name)
        for (file, text) in documents { try scene.write("\(name)/\(file)", text) }
        try scene.twin("ingest", name, "--twin", name)
    }

    private func ask(_ question: String, _ twin: String, _ more: String...) throws -> JSON {
        try scene.run(Scene.binary, ["chat", question, "--twin", twin, "--json"] + more).json()
    }

    private func first(_ answer: JSON) -> String { answer["citations"]?[0]?["quote"]?.stringValue ?? "" }

    @Test func `a heading that is a question is answered by what stands under it`() throws {
        try twin(
            "faq",
            [
                "faq.md": """
                # Questions

                ## Does the archive lend originals?

                No. They are read in the hall, and copies cost ten cents a page.

                ## Does the archive open on Sundays?

                Only in May. Ring the bell at the side door.

                ## Does the archive keep my notes?

                Yes. They wait at the desk for a week.
                """
            ])
        for (question, beginning) in [
            ("Does the archive lend originals?", "No. They are read in the hall"),
            ("does the archive open on sunday", "Only in May. Ring the bell"),
            ("Does the archive keep notes?", "Yes. They wait at the desk"),
        ] {
            let answer = try ask(question, "faq")
            #expect(answer["status"] == "grounded")
            #expect(first(answer).hasPrefix(beginning), "\(question)")
        }
    }

    @Test func `a list follows what announces it, and steps stand in lines of their own`() throws {
        try twin(
            "lists",
            [
                "leave.md":
                    "# Leave\n\nPaid leave covers any of the following:\n\n- moving house\n- jury duty\n- a sick child\n\nAsk your lead.\n",
                "printer.md":
                    "# Printer\n\nTo empty the tray:\n\n1. Pull the lever.\n2. Lift the tray out.\n3. Close the flap.\n",
            ])
        let list = try ask("What does paid leave cover?", "lists")
        for item in ["moving house", "jury duty", "a sick child"] { #expect(first(list).contains(item)) }
        let steps = try ask("How do I empty the tray?", "lists")
        #expect(steps["answer"]?.stringValue?.contains("\n2. Lift the tray out.\n") == true)
    }

    @Test(arguments: [
        ("What are our principles?", "Our principles are patience, candour and thrift."),
        ("Should I file the form before the fair if I sell early?", "Whoever sells early should file the form before the fair."),
        ("What is our preferred supplier?", "The preferred supplier is Holm & Sons."),
    ]) func `what documents answer is not put to the owner`(question: String, answer: String) throws {
        try twin(
            "gate",
            [
                "book.md":
                    "# Handbook\n\nOur principles are patience, candour and thrift.\n\nWhoever sells early should file the form before "
                    + "the fair.\n\nThe preferred supplier is Holm & Sons.\n"
            ])
        let found = try ask(question, "gate")
        #expect(found["status"] == "grounded")
        #expect(found["answer"]?.stringValue?.contains(answer) == true)
        #expect(try ask("What do you think of kites?", "gate")["status"] == "clarify")
    }

    @Test func `a question that goes on is asked of what it follows`() throws {
        var text = "# Boats\n\n"
        for (name, price) in [("Alma", 31), ("Bruna", 47), ("Corvo", 58), ("Delfin", 64), ("Egret", 75)] {
            text += "## The \(name) boat\n\nThe \(name) boat carries \(price / 10) people. It costs \(price) euros an hour.\n\n"
        }
        try twin("boats", ["boats.md": text])
        let opening = try ask("How many people does the Corvo boat carry?", "boats")
        #expect(first(opening).contains("Corvo boat carries 5"))
        let conversation = try #require(opening["conversation_id"]?.stringValue)
        #expect(first(try ask("and what does it cost?", "boats", "--conversation", conversation)).contains("58 euros"))
        #expect(
            first(try ask("how much is the Egret boat an hour", "boats", "--conversation", conversation)).contains("75 euros"))
    }

    @Test func `a question that goes on is about what was named last, and asks what it says itself`() throws {
        try twin(
            "pumps",
            [
                "pumps.md":
                    "# M70\n\nThe M70 pump costs 410 euros. It weighs nine kilograms.\n\n# M80\n\nThe M80 pump costs 560 euros. It weighs "
                    + "twelve kilograms.\n"
            ])
        let opening = try ask("What does the M70 pump cost?", "pumps")
        let conversation = try #require(opening["conversation_id"]?.stringValue)
        for (question, understood, answer) in [
            ("and the M80?", "and the M80? pump cost", "560 euros"), ("how heavy is it?", "how heavy is it? m80 pump", "twelve"),
            ("and what about the M70?", "and what about the M70? heavy pump", "nine"),
        ] {
            let found = try ask(question, "pumps", "--conversation", conversation)
            #expect(found["understood_as"]?.stringValue == understood)
            #expect(first(found).contains(answer), "\(question)")
        }
        // A name beside a pronoun is no other one in its place.
        let beside = "does the Karlsson pump weigh more than it?"
        #expect(try ask(beside, "pumps", "--conversation", conversation)["understood_as"]?.stringValue == beside + " m70 heavy")
    }

    @Test(arguments: [
        ("may i bring a bicycle", "No. Leave it at the stand."), ("can i take my bicycle", "No. Leave it at the stand."),
        ("how long may I keep a boat", "within two hours"), ("who rows the ferry", "My aunt does."),
    ]) func `small words for doing something need not stand in the answer`(question: String, answer: String) throws {
        try twin(
            "shore",
            [
                "visit.md":
                    "# Visiting\n\n## Can I bring a bicycle?\n\nNo. Leave it at the stand.\n\n## Is there a bath?\n\nYes, in the mill.\n",
                "boats.md": "# Boats\n\nGuests may borrow one boat. It has to be returned within two hours.\n",
                "talk.txt": "Ida: And who rows the ferry?\nLars: My aunt does.\n",
            ])
        #expect(first(try ask(question, "shore")).contains(answer))
    }

    @Test func `misspelt words are read as what the documents have`() throws {
        try twin(
            "typos",
            [
                "patterns.md": "# Patterns\n\nThe wildcard pattern is an underscore, which matches anything.\n",
                "leave.md": "# Leave\n\nParental leave lasts sixteen weeks.\n\nReimbursement takes about ten days.\n",
                "numbers.md": "# Numbers\n\nThe integer type has 32 bits.\n",
                "glasses.md": "# Glasses\n\nPour the juice into a glass.\n", "jars.md": "# Jars\n\nPut the lid into a jar.\n",
            ])
        for (question, answer) in [
            ("what is the wildcrad patern", "underscore"), ("how long is parrental leeve", "sixteen weeks"),
            ("how long does reimbersement take", "ten days"), ("what is the intger type", "32 bits"),
            // A mistake in an ending: no stem of the word is near that of another.
            ("how long is pareantal leave", "sixteen weeks"), ("how long does reimbursemnet take", "ten days"),
        ] {
            #expect(try ask(question, "typos")["answer"]?.stringValue?.contains(answer) == true, "\(question)")
        }
    }

    @Test(arguments: [
        "waht does the ferry cost", "whcih bills does the ferry cost", "hwo much does the ferry cost",
        "how mcuh does the ferry cost",
        "what doees the ferry cost", "what hppens to cost the ferry", "teh ferry, how much does it cost",
        "wht does the ferry cost",
    ]) func `misspelt words of asking are none that the documents lack`(question: String) throws {
        try twin(
            "ferry", ["ferry.md": "# Ferry\n\nThe ferry costs seven euros and takes no bills.\n\n# Bus\n\nThe bus runs hourly.\n"]
        )
        let answer = try ask(question, "ferry")
        #expect(answer["status"] == "grounded")
        #expect(first(answer).contains("seven euros"))
    }

    @Test func `a misspelt name is none of the everyday words that are near`() throws {
        try twin("moore", ["post.md": "# Post\n\nMore letters come in winter. Letters are sorted by hand.\n"])
        #expect(try ask("When did Moroe sort letters?", "moore")["status"] == "unanswerable")
    }

    @Test func `the same document twice answers as once, and of two editions the newer`() throws {
        let text = "# Deposit\n\nThe deposit is forty euros for each bicycle.\n\nIt is paid back on return.\n"
        try twin("copies", ["one.md": text, "two.md": text])
        let answer = try ask("How much is the deposit?", "copies")
        #expect(answer["status"] == "grounded")
        #expect(first(answer).contains("forty euros"))
        let old =
            "# Handbook\n\nEverybody who works here gets twenty-five days of leave in each calendar year, whatever their role.\n"
        try twin(
            "editions",
            ["handbook-2025.md": old, "handbook-2026.md": old.split(separator: "twenty-five").joined(separator: "twenty-eight")])
        #expect(first(try ask("How many days of leave does everybody get?", "editions")).contains("twenty-eight"))
    }

    @Test(arguments: [
        "Which pension do members of the jury get?", "how heavy are the members of the jury", "how old is the jury",
        "who won the regatta in 2031", "capital of atlantis", "7*6", "2+2",
    ])
    func `what is not in the documents is not answered from what is near`(question: String) throws {
        try twin(
            "jury",
            [
                "jury.md":
                    "# Jury\n\nThe jury has seven members. Its members meet in March.\n\nThe Capital Regatta is rowed in June.\n"
            ])
        #expect(try ask(question, "jury")["status"] == "unanswerable")
    }

    @Test(arguments: [("hello", "Hello"), ("thank you!", "You're welcome"), ("good morning", "Hello")])
    func `courtesies are answered as such`(text: String, reply: String) throws {
        try twin("polite", ["words.md": "# Words\n\nHello and good morning are greetings. Thank you is said at the end.\n"])
        let answer = try ask(text, "polite")
        #expect(answer["citations"] == [])
        #expect(answer["answer"]?.stringValue?.hasPrefix(reply) == true)
    }
}
