/// The single steps of an extraction, for whoever measures them or brings names of their own.
package enum ExtractionRules {
    /// The names of a text, in its order.
    package static func names(in bytes: UnsafeBufferPointer<UInt8>) -> [NameSpan] {
        NameFinder(bytes, TokenizedText(bytes)).spans()
    }

    /// For each of the given names, which must be in the order of the text, the number of the thing that it names.
    package static func things(named names: [NameSpan], in bytes: UnsafeBufferPointer<UInt8>) -> [Int] {
        let text = TokenizedText(bytes)
        return AliasFinder(bytes, text, text.placing(names)).clusters()
    }

    /// The relations between the given names, which must be in the order of the text.
    package static func relations(among names: [NameSpan], in bytes: UnsafeBufferPointer<UInt8>) -> [Relation] {
        let text = TokenizedText(bytes)
        return RelationFinder(bytes, text, text.placing(names)).relations()
    }

    /// What the writer of a text states of themselves.
    package static func statements(in bytes: UnsafeBufferPointer<UInt8>) -> [Statement] {
        StatementFinder(bytes, TokenizedText(bytes)).statements()
    }
}

extension TokenizedText {
    /// The names with the tokens that each covers.
    func placing(_ names: [NameSpan]) -> [NameSpan] {
        var first = 0
        return names.compactMap { name in
            while first < tokens.count, Int(tokens[first].end) <= name.range.lowerBound { first += 1 }
            guard first < tokens.count else { return nil }
            var end = first + 1
            while end < tokens.count, Int(tokens[end].start) < name.range.upperBound { end += 1 }
            return NameSpan(range: name.range, type: name.type, tokens: first..<end)
        }
    }
}
