import TestSupport
import Testing
import TwinSupport

/// What of a section is quoted, and what of a question must stand in it: documents of our own, through the program.
@Suite struct AnswerSectionTests {
    private let scene: Scene

    init() throws { scene = try Scene() }

    private func twin(_ name: String, _ documents: [String: String]) throws {
        try scene.twin("twins", "create", name)
        for (file, text) in documents { try scene.write("\(name)/\(file)", text) }
        try scene.twin("ingest", name, "--twin", name)
    }

    private func ask(_ question: String, _ twin: String, _ more: String...) throws -> JSON {
        try scene.run(Scene.binary, ["chat", question, "--twin", twin, "--json"] + more).json()
    }

    private func quotes(_ answer: JSON) -> [String] {
        answer["citations"]?.arrayValue?.compactMap { $0["quote"]?.stringValue } ?? []
    }

    private static let boats = """
        # Boats

        ## Fetching a boat

        The boats lie behind the kiosk. Children wear a vest.

        ## Returning a boat

        - Moor it at the red buoy.
        - Lay the oars on the jetty.
        - Hand the key in at the kiosk.

        ## Papers for a boat

        Bring your papers along when you come for a boat. They should have:

        - your name
        - the harbour that you sail from
        - a stamp of the harbour master

        The papers are looked at in the kiosk.

        ## Day tickets

        A day ticket is good until the lamps are lit.

        ## Season tickets

        A season ticket is good from May to September.

        ## Who began it

        The boat house was founded by Agnes Roth. Many have found the key of a boat in the reeds.
        """

    @Test func `steps under a heading are quoted together, and so is a list close behind the best sentence`() throws {
        try twin("boats", ["boats.md": Self.boats])
        let steps = try ask("How do I return a boat?", "boats")
        for step in ["Moor it", "Lay the oars", "Hand the key in"] { #expect(quotes(steps).first?.contains(step) == true) }
        let list = try ask("What should my papers for a boat have?", "boats")
        for item in ["your name", "the harbour that you sail from", "a stamp"] {
            #expect(quotes(list).contains { $0.contains(item) }, "\(quotes(list))")
        }
    }

    @Test func `a comparison quotes both sides`() throws {
        try twin("boats", ["boats.md": Self.boats])
        for question in ["day ticket vs season ticket", "What is the difference between a season ticket and a day ticket?"] {
            let found = quotes(try ask(question, "boats"))
            #expect(found.contains { $0.contains("until the lamps are lit") }, "\(question): \(found)")
            #expect(found.contains { $0.contains("from May to September") }, "\(question): \(found)")
        }
    }

    @Test func `what was founded is not what was found`() throws {
        try twin("boats", ["boats.md": Self.boats])
        #expect(quotes(try ask("who founded the boat house", "boats")).first?.contains("Agnes Roth") == true)
    }

    @Test func `what a program printed is no sentence`() throws {
        try twin(
            "tool",
            [
                "tool.md": """
                # The tool

                ## Building a package

                ```console
                $ tool build
                   Building package tin_can v0.3.1 (/home/me/tin_can)
                   Building package pan v0.2.0 -> pan/out.bin
                    Finished package in 0.7 s
                ```

                How many workers are building a package depends on the machine: there are four at the most.
                """
            ])
        let answer = try ask("how many workers are building a package", "tool")
        #expect(quotes(answer).first?.contains("four at the most") == true, "\(quotes(answer))")
        #expect(!quotes(answer).contains { $0.contains("v0.2.0") })
    }

    @Test func `a letter that is missing in a short word is put in, from what the asker may read`() throws {
        try twin("visits", ["site.md": "# Site\n\nA visit of the site takes two hours. Every visit begins at the gate.\n"])
        #expect(quotes(try ask("how long does a site vist take", "visits")).first?.contains("two hours") == true)

        // What a group may not read neither offers a reading nor makes a misspelt word a known one.
        try scene.write("visits/hidden.md", "# Vault\n\nThe vist of the vault. A vist is a wicket. Weekly vaults hold vissits.\n")
        try scene.twin("groups", "create", "guests", "--twin", "visits")
        let open = try #require(
            try scene.twin("sources", "list", "--twin", "visits", "--json").json()[0]?["id"]?.stringValue)
        try scene.twin("groups", "grant", "guests", "--source", open, "--twin", "visits")
        let before = try ask("how long does a site vist take", "visits", "--as-group", "guests")
        try scene.twin("ingest", "visits/hidden.md", "--twin", "visits")
        let after = try ask("how long does a site vist take", "visits", "--as-group", "guests")
        #expect(quotes(before).first?.contains("two hours") == true)
        #expect(after["answer"] == before["answer"])
        #expect(after["confidence"] == before["confidence"])
    }

    @Test(arguments: [
        "How long does a filter last?", "Which policy covers a filter?", "Is the filter sent to Austria?",
        "Who inspects filters weekly?", "What do the filters hate?",
    ]) func `a word that is right as it stands is read as no other, however near one of the documents is`(question: String) throws
    {
        try twin(
            "near",
            [
                "gears.md": "# Gears\n\nA filter lasts 200 hours.\n",
                "noise.txt": "Lyong deo lasst policu lawst weeklw. Whick inspexts police covert hatte sentt whop. Australia.\n",
            ])
        let found = try ask(question, "near")
        #expect(found["understood_as"] == nil || found["understood_as"] == .null, "\(found)")
        if question.hasPrefix("How long") { #expect(quotes(found).first?.contains("200 hours") == true) }
    }
}
