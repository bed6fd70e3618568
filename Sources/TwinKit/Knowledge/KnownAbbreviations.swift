/// Abbreviations that every reader knows, and what they stand for; a document need not define them.
enum KnownAbbreviations {
    private static let table = """
        us:united_states u.s.:united_states usa:united_states u.s.a.:united_states u.s:united_states uk:united_kingdom
        u.k.:united_kingdom ussr:soviet_union u.s.s.r.:soviet_union u.n.:united_nations un:united_nations
        eu:european_union prc:people's_republic_of_china uae:united_arab_emirates
        """

    private static let names: [UInt64: UInt64] = {
        var result: [UInt64: UInt64] = [:]
        for pair in table.split(whereSeparator: \.isWhitespace) {
            let halves = pair.split(separator: ":")
            guard halves.count == 2 else { continue }
            result[WordHash.of(String(halves[0]))] = WordHash.of(halves[1].split(separator: "_").joined(separator: " "))
        }
        return result
    }()

    /// The hash of the name that the word with this hash abbreviates.
    static func name(of word: UInt64) -> UInt64? { names[word] }
}
