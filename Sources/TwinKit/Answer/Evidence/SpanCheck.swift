import TwinHTTP

/// Compares what a question requires with what the best sentence says. Questions that nearly fit a text differ from it in one
/// point: a name, a number, a `not`, an opposite.
package struct SpanCheck: Sendable, Equatable {
    /// The question denies something.
    package var isNegated = false
    /// It does, and the sentence does not.
    package var lacksNegation = false
    /// The question singles something out (`first`, `only`) and the sentence does not.
    package var lacksSuperlative = false
    /// The sentence has the opposite of a word of the question and not the word.
    package var hasOpposite = false
    /// The question's numbers are missing and others are there.
    package var hasOtherNumbers = false
    /// The weight of the rarest term that the sentence lacks, against the highest weight a term can have.
    package var rarestMissing = 0.0
    /// The share of the total weight that names and numbers have which the sentence lacks.
    package var missingEntities = 0.0
    /// The same of those which the passage lacks and other texts of the twin have.
    package var foreignEntities = 0.0
    /// Whether the sentence has every term.
    package var hasAllTerms = false

    package init() {}

    init(_ question: QuestionAnalysis, unit: AnalyzedPassage.Unit, passage: AnalyzedPassage) {
        let unitTerms = Set(unit.words.map(\.identity))
        isNegated = question.isNegated
        lacksNegation = isNegated && !unit.classes.contains(.negation)
        lacksSuperlative = question.superlatives.contains { !unitTerms.contains($0) }
        let highest = max(question.maximumWeight, .leastNormalMagnitude)
        var hasNumbers = false
        var meetsNumber = false
        hasAllTerms = true
        for (place, term) in question.terms.enumerated() {
            let isMet =
                (term.isNumber ? unit.matches[place] == 1 : unit.matches[place] > 0) || passage.headingMatches[place] == 1
            if term.isNumber {
                hasNumbers = true
                if isMet { meetsNumber = true }
            }
            if passage.matches[place] == 0, term.isEntity, term.documentFrequency > 0 {
                foreignEntities += term.weight / question.totalWeight
            }
            guard !isMet else { continue }
            hasAllTerms = false
            rarestMissing = max(rarestMissing, term.weight / highest)
            if term.isEntity { missingEntities += term.weight / question.totalWeight }
            if term.opposites.contains(where: unitTerms.contains) { hasOpposite = true }
        }
        hasOtherNumbers = hasNumbers && !meetsNumber && !unit.classes.isDisjoint(with: [.number, .date])
    }
}
