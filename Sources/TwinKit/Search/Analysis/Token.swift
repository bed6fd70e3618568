/// A word of a text as the index knows it.
package struct Token: Sendable, Equatable {
    /// Folded and, in English, stemmed.
    package var term: String
    /// Byte range in the text's UTF-8 that the term stands for.
    package var range: Range<Int>
    /// The word's number in the text, from 0. An identifier such as `ISO-9001` has the position of its first part.
    package var position: Int
    /// Whether the term covers several words that are terms of their own as well (`ISO-9001` beside `iso` and `9001`).
    package var isCompound: Bool

    package init(term: String, range: Range<Int>, position: Int, isCompound: Bool = false) {
        self.term = term
        self.range = range
        self.position = position
        self.isCompound = isCompound
    }
}
