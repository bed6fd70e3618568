import TwinSearch
import TwinSupport

/// What evidence knows of a language's words, made once for an analyser.
struct EvidenceLexicon: Sendable {
    let analyzer: Analyzer
    let forms: IrregularForms
    let classes: WordClasses
    let related: RelatedWords

    private init(analyzer: Analyzer) {
        self.analyzer = analyzer
        forms = IrregularForms(analyzer: analyzer)
        classes = WordClasses(analyzer: analyzer, forms: forms)
        related = RelatedWords(analyzer: analyzer, forms: forms)
    }

    static func of(_ analyzer: Analyzer) -> EvidenceLexicon {
        switch analyzer.language {
        case .english: english
        case .none: other
        }
    }

    private static let english = EvidenceLexicon(analyzer: Analyzer(language: .english))
    private static let other = EvidenceLexicon(analyzer: Analyzer(language: .none))

    /// The class of a word from its term and its text: `isCapitalized` tells whether it is written with a capital.
    func classes(of term: UnsafeBufferPointer<UInt8>, identity: TermIdentity, isCapitalized: Bool) -> WordClass {
        var result = classes[identity]
        let view = ByteView(term)
        if view[0].isDigit { result.formUnion(WordClasses.ofDigits(view)) }
        if view.count > 3, view.hasPrefix("n't", at: view.count - 3) { result.insert(.negation) }
        if isCapitalized {
            if !result.contains(.stopWord) { result.insert(.capitalized) }
            if result.contains(.month) { result.insert(.date) }
        }
        return result
    }

    /// Whether the character that begins at `index` is an upper-case letter of any script.
    static func isCapital(_ text: ByteView, at index: Int) -> Bool {
        let byte = text[index]
        if byte < 0x80 { return byte.isUpper }
        let character = text[index..<index + 4].contents
        var decoder = Unicode.UTF8()
        var bytes = character.makeIterator()
        if case .scalarValue(let scalar) = decoder.decode(&bytes) { return scalar.properties.isUppercase }
        return false
    }
}
