import Testing

@testable import TwinKnowledge

@Suite("Everyday words") struct EnglishWordsTests {
    @Test(arguments: [
        "policy", "policies", "makes", "hoped", "hoping", "stopped", "biggest", "cities", "easily", "weekly", "sent", "austria",
        "filters", "bigger", "carried",
    ]) func `a word of every day is known with its regular endings`(word: String) { #expect(EnglishWords.isKnown(word)) }

    @Test(arguments: [
        "", "ing", "areaas", "shirly", "patern", "reimbersement", "vist", "refnd", "leeve", "filtter",
        "lyong",
        "\u{E9}tudes", "anna",
    ]) func `a misspelt word and a given name are not`(word: String) { #expect(!EnglishWords.isKnown(word)) }
}
