import TestSupport
import Testing

@testable import TwinSearch

@Suite struct QuestionLanguageTests {
    @Test func `a question in ASCII is in no language of other letters, which are not looked at for it`() {
        for language in QuestionLanguage.all.dropFirst(QuestionLanguage.latin.count) {
            let words = language.functionWords.filter { $0.utf8.allSatisfy { $0 < 0x80 } }
            #expect(words.isEmpty, "\(words)")
        }
        for language in QuestionLanguage.latin { #expect(language.functionWords.count > 20) }
    }

    @Test(arguments: [
        ("wie lange gilt die garantie", "wann"), ("combien de jours ai-je", "pourquoi"), ("Сколько стоит доставка?", "где"),
        ("kac gun izin var", "neden"), ("保証はどのくらい続きますか", "です"),
    ])
    func `a language is told by its words`(question: String, word: String) throws {
        let language = try #require(QuestionLanguage.of(question, words: QuestionLanguage.folded(question)), "\(question)")
        for folded in QuestionLanguage.folded(word) { #expect(language.functionWords.contains(folded), "\(question)") }
    }

    @Test(arguments: ["", "who is it", "what is the price of the M70 pump", "kim", "Größe"])
    func `what tells no language has none`(question: String) {
        #expect(QuestionLanguage.of(question, words: QuestionLanguage.folded(question)) == nil)
    }
}
