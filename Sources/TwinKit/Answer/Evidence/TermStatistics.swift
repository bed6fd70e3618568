/// What the twin's index knows of its terms.
package struct TermStatistics: Sendable {
    /// The number of chunks in the twin's index.
    package var documentCount: Int
    /// The number of chunks that have an analysed term.
    package var documentFrequency: @Sendable (_ term: String) -> Int

    package init(documentCount: Int, documentFrequency: @escaping @Sendable (_ term: String) -> Int) {
        self.documentCount = documentCount
        self.documentFrequency = documentFrequency
    }
}
