import TwinSearch

/// What is said to begin or end a conversation, and asks for nothing.
enum SmallTalk {
    /// The reply to a greeting, to thanks or to a farewell; none for anything that may be a question.
    static func reply(to text: String, name: String) -> String? {
        let words = Analyzer(language: .english).words(of: text).map(\.term)
        guard !words.isEmpty, words.count <= longest, words.allSatisfy(courtesies.contains) else { return nil }
        if words.contains(where: thanks.contains) { return "You're welcome." }
        if words.contains(where: farewells.contains) { return "Goodbye." }
        guard words.contains(where: greetings.contains) else { return nil }
        return "Hello, this is \(name). What would you like to know?"
    }

    /// Whether a text is a sum and the like, which no document answers: digits with signs between them, and no word.
    static func isArithmetic(_ text: String) -> Bool {
        let scalars = text.unicodeScalars.filter { !$0.properties.isWhitespace }
        let allowed = Set("0123456789.,+-*/×÷=()^%?x".unicodeScalars)
        return scalars.contains { "+-*/×÷=^".unicodeScalars.contains($0) }
            && scalars.contains { (0x30...0x39).contains($0.value) }
            && scalars.allSatisfy(allowed.contains)
    }

    private static let longest = 6
    private static let greetings: Set<String> = [
        "hi", "hello", "hey", "hallo", "hiya", "howdy", "greetings", "moin", "servus", "bonjour", "salut", "hola", "ciao",
        "morning",
        "afternoon", "evening", "tag", "morgen", "abend", "welcome",
    ]
    private static let thanks: Set<String> = ["thanks", "thank", "thx", "ty", "danke", "merci", "gracias", "grazie", "cheers"]
    private static let farewells: Set<String> = ["bye", "goodbye", "tschüss", "ciao", "adieu", "later"]
    private static let courtesies = greetings.union(thanks).union(farewells).union([
        "good", "you", "there", "so", "much", "very", "a", "lot", "again", "all", "everyone", "guten", "good", "day", "see", "ok",
        "okay",
        "great", "perfect", "buenos", "días", "dias", "for", "your", "help", "that", "schön", "vielen",
    ])
}
