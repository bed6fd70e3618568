/// Decides what kind of thing a run of words names.
struct NameTyping {
    let run: NameRun

    init(_ run: NameRun) { self.run = run }

    func type(of range: Range<Int>) -> NameType {
        let tokens = run.finder.text.tokens
        let first = tokens[range.lowerBound]
        let last = tokens[range.upperBound - 1]
        func has(_ kind: WordClass) -> Bool { range.contains { !tokens[$0].classes.intersection(kind).isEmpty } }
        if last.classes.contains(.legalForm), range.count > 1 { return .organization }
        if has(.event), range.count > 1,
            !last.classes.intersection([.event]).isEmpty || first.shape.contains(.number) || first.classes.contains(.event)
        {
            return .event
        }
        if range.count > 1, last.classes.contains(.organization) { return .organization }
        if range.count > 1, first.classes.contains(.organization), range.contains(where: { tokens[$0].hash == NameRun.of }) {
            return .organization
        }
        if range.count > 1, has(.work) { return .concept }
        if range.count > 1, !last.classes.intersection([.place]).isEmpty { return .place }
        if first.classes.contains(.givenName), range.count > 1 { return .person }
        if last.classes.contains(.suffix), range.count > 1 { return .person }
        if range.lowerBound > 0, tokens[range.lowerBound - 1].classes.contains(.title) { return .person }
        if has(.knownPlace) { return range.count > 1 && has(.organization) ? .organization : .place }
        if first.classes.contains(.placePrefix), range.count > 1 { return .place }
        if range.count == 1, first.classes.contains(.demonym) { return .concept }
        if range.count > 1, first.classes.contains(.ofHead) || has(.organization) { return .organization }
        if first.shape.contains(.upper), range.count == 1 { return .organization }
        let next = range.upperBound < tokens.count ? tokens[range.upperBound] : nil
        if let next, next.classes.contains(.speech) { return .person }
        // Names of people are written plainly: a word in capitals or with a digit or a capital inside is no part of one.
        let isPlain = range.allSatisfy { index in
            let token = tokens[index]
            return !token.shape.contains(.upper) && !run.finder.bytes[token.range].contains { $0 >= 0x30 && $0 <= 0x39 }
                && (!token.shape.contains(.inner) || token.end - token.start > 5)
        }
        if range.count > 1, !isPlain { return .concept }
        if range.count > 1, range.count < 5,
            range.dropFirst().allSatisfy({ tokens[$0].isCapital || tokens[$0].classes.contains(.particle) })
        {
            return has(.demonym)
                ? .concept
                : tokens[range.lowerBound].classes.isEmpty || tokens[range.lowerBound].end - tokens[range.lowerBound].start == 2
                    ? .person : .concept
        }
        if range.lowerBound > 0 {
            let before = tokens[range.lowerBound - 1]
            if before.hash == NameRun.inWord || before.hash == NameRun.to || before.hash == NameRun.near { return .place }
        }
        // Bethany, Conn.
        if range.upperBound + 1 < tokens.count, tokens[range.upperBound].isMark(","),
            tokens[range.upperBound + 1].classes.contains(.knownPlace), !last.classes.contains(.knownPlace)
        {
            return .place
        }
        if first.classes.contains(.givenName) { return .person }
        return .concept
    }
}
