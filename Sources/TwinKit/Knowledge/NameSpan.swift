/// What kind of thing a name names.
package enum NameType: String, Sendable, CaseIterable {
    case person, organization, place, product, concept, event
}

/// A name as it stands in a text.
package struct NameSpan: Sendable, Equatable {
    /// Bytes of the text.
    package var range: Range<Int>
    package var type: NameType
    /// Tokens of the tokenized text.
    var tokens: Range<Int>

    package init(range: Range<Int>, type: NameType) {
        self.init(range: range, type: type, tokens: 0..<0)
    }

    init(range: Range<Int>, type: NameType, tokens: Range<Int>) {
        self.range = range
        self.type = type
        self.tokens = tokens
    }
}
