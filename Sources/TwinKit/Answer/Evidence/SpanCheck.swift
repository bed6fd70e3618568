/// Compares what a question requires with what the best sentence says. Questions that nearly fit a text differ from it in one
/// point: a name, a number, a `not`, an opposite.
public struct SpanCheck: Sendable, Equatable {
    /// The question denies something.
    public var isNegated = false
    /// It does, and the sentence does not.
    public var lacksNegation = false
    /// The question singles something out (`first`, `only`) and the sentence does not.
    public var lacksSuperlative = false
    /// The sentence has the opposite of a word of the question and not the word.
    public var hasOpposite = false
    /// The question's numbers are missing and others are there.
    public var hasOtherNumbers = false
    /// The weight of the rarest term that the sentence lacks, against the highest weight a term can have.
    public var rarestMissing = 0.0
    /// The share of the total weight that names and numbers have which the sentence lacks.
    public var missingEntities = 0.0
    /// The same of those which the passage lacks and other texts of the twin have.
    public var foreignEntities = 0.0
    /// Whether the sentence has every term.
    public var hasAllTerms = false
    /// The part of the pairs of terms that stand in the other order in the sentence.
    public var inversions = 0.0
    /// The weight of all terms that the passage lacks, against the highest weight a term can have.
    public var missingWeight = 0.0
    /// The mean weight of the question's terms, against the highest weight a term can have.
    public var meanWeight = 0.0

    public init() {}

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
            let isMet = term.isNumber ? unit.matches[place] == 1 : unit.matches[place] > 0
            if term.isNumber {
                hasNumbers = true
                if isMet { meetsNumber = true }
            }
            if passage.matches[place] == 0 {
                missingWeight += term.weight / highest
                if term.isEntity, term.documentFrequency > 0 { foreignEntities += term.weight / question.totalWeight }
            }
            guard !isMet else { continue }
            hasAllTerms = false
            rarestMissing = max(rarestMissing, term.weight / highest)
            if term.isEntity { missingEntities += term.weight / question.totalWeight }
            if term.opposites.contains(where: unitTerms.contains) { hasOpposite = true }
        }
        hasOtherNumbers = hasNumbers && !meetsNumber && !unit.classes.isDisjoint(with: [.number, .date])
        meanWeight = question.totalWeight / Double(max(1, question.terms.count)) / highest
        inversions = Self.inversions(question, unit)
    }

    private static func inversions(_ question: QuestionAnalysis, _ unit: AnalyzedPassage.Unit) -> Double {
        var first: [Int: Int] = [:]
        var last: [Int: Int] = [:]
        for place in unit.hits {
            let term = Int(unit.words[place].term)
            if first[term] == nil { first[term] = place }
            last[term] = place
        }
        let terms = first.keys.sorted()
        var pairs = 0
        var inverted = 0
        for (index, earlier) in terms.enumerated() {
            for later in terms[(index + 1)...] {
                pairs += 1
                if let start = first[earlier], let end = last[later], start > end { inverted += 1 }
            }
        }
        return pairs > 0 ? Double(inverted) / Double(pairs) : 0
    }
}
