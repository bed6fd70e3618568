/// A chunk that the search found, with what evidence selection needs to know of it.
package struct Passage: Sendable, Equatable {
    package var chunk: Int64
    package var source: Int64
    /// Bytes of the source's text that the chunk is.
    package var range: Range<Int>
    /// The text of that range.
    package var text: String
    /// The source's title.
    package var title: String
    /// The headings above the chunk, from the highest to the lowest.
    package var headings: [String]
    /// The search's score; only the scores of one search are compared with each other.
    package var score: Double
    /// How near its vector is to the question's among the nearest of the twin, 0 for the farthest of them to 1; none when meaning
    /// was not searched.
    package var meaning: Double?

    package init(
        chunk: Int64, source: Int64, range: Range<Int>, text: String, title: String = "", headings: [String] = [],
        score: Double, meaning: Double? = nil
    ) {
        self.chunk = chunk
        self.source = source
        self.range = range
        self.text = text
        self.title = title
        self.headings = headings
        self.score = score
        self.meaning = meaning
    }
}
