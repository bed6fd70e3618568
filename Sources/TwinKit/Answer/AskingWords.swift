/// English words with which something is asked about whatever a conversation is about.
enum AskingWords {
    static func contains(_ word: String) -> Bool { bare.contains(word) || asking.contains(word) }

    /// What can be asked of anything.
    static let bare: Set<String> = [
        "cost", "costs", "price", "long", "often", "big", "many", "much", "size", "weigh", "weight", "old", "example", "examples",
        "mean", "work", "name", "color", "colour", "more", "details", "why", "else",
    ]
    /// What says how something is asked.
    static let asking: Set<String> = [
        "what's", "whats", "tell", "explain", "describe", "define", "mean", "means", "meaning", "know", "show", "find", "hi",
        "hello", "long", "old", "big", "far", "need", "kind", "kinds", "difference",
    ]
}
