/// Where a name ends: what belongs to it after its first word, and what joins two parts of one name.
extension NameRun {
    static let of = WordHash.of("of")
    static let the = WordHash.of("the")
    static let and = WordHash.of("and")
    static let forWord = WordHash.of("for")
    static let on = WordHash.of("on")
    static let inWord = WordHash.of("in")
    static let to = WordHash.of("to")
    static let near = WordHash.of("near")
    static let districtOfColumbia = WordHash.of("d.c.")
    static let i = WordHash.of("i")

    /// Where the name that begins at `start` ends.
    func extend(from start: Int) -> Int {
        var end = start + 1
        while let next = token(end) {
            if joins(next, at: end, start: start) {
                end += 1
                continue
            }
            let past = bridge(at: end, start: start)
            guard past > end else { break }
            end = past
        }
        return end
    }

    /// Whether the token right after a name word belongs to the name.
    func joins(_ next: Token, at index: Int, start: Int) -> Bool {
        if next.shape.contains(.number) {
            // Boeing 747, Apollo 11, Windows 10; a year or a count after a name is none.
            return next.end - next.start <= 3 && tokens[index - 1].isWord && numberIsPart(index, start: start)
        }
        guard next.isWord else { return false }
        if next.classes.contains(.suffix) || next.classes.contains(.legalForm) && next.isCapital { return true }
        if next.classes.contains(.roman), next.shape.contains(.upper) || next.isCapital { return true }
        if tokens[start].shape.contains(.number) {
            if next.classes.contains(.event) { return true }
            if isElectoral(next), let after = token(index + 1), after.classes.contains(.event) { return true }
        }
        // World War I, Elizabeth I.
        if next.hash == Self.i, next.isCapital {
            let last = tokens[index - 1].classes
            return last.contains(.event) || last.contains(.givenName) && token(index + 1)?.classes.contains(.verb) != true
        }
        guard next.isCapital else { return false }
        if next.classes.contains(.calendar) { return false }
        if next.classes.contains(.function) || next.classes.contains(.noName) {
            return next.end - next.start == 1 && !next.classes.contains(.function)
                || next.shape.contains(.upper) && next.end - next.start > 2
        }
        return !isHeadline || isNameWord(at: index) || !tokens[start].classes.intersection([.knownPlace]).isEmpty
    }

    func numberIsPart(_ index: Int, start: Int) -> Bool {
        guard let after = token(index + 1) else { return index - start >= 1 }
        if after.isMark("%") || after.isMark("-") { return false }
        if after.isWord, !after.isCapital, after.classes.isEmpty { return false }
        return !tokens[index - 1].classes.contains(.knownPlace)
    }

    /// The index past what stands between two parts of one name and the first word of the second; `index` where nothing joins them.
    func bridge(at index: Int, start: Int) -> Int {
        let next = tokens[index]
        let last = tokens[index - 1]
        // Charles de Gaulle, Ludwig van Beethoven.
        if next.isWord, !next.isCapital, next.classes.contains(.particle) {
            var past = index + 1
            while let word = token(past), word.classes.contains(.particle), !word.isCapital, past < index + 3 { past += 1 }
            if let word = token(past), word.isWord, word.isCapital, !word.classes.contains(.function) { return past + 1 }
        }
        if next.hash == Self.of, next.isWord { return bridgeOf(at: index, start: start) }
        if next.hash == Self.forWord || next.hash == Self.on, next.isWord, hasHead(start..<index, [.organization, .work]) {
            var past = index + 1
            if let article = token(past), article.hash == Self.the { past += 1 }
            if isPlainCapital(past),
                tokens[index - 1].classes.contains(.organization) || tokens[index - 1].classes.contains(.ofHead)
            {
                return past + 1
            }
        }
        if next.hash == Self.and, next.isWord { return bridgeAnd(at: index, start: start) }
        if next.hash == Self.inWord || next.hash == Self.forWord, next.isWord {
            let past = bridgePrize(at: index, start: start)
            if past > index { return past }
        }
        // CDU/CSU
        if next.isMark("/"), !next.shape.contains(.spaced), let word = token(index + 1), !word.shape.contains(.spaced),
            word.shape.contains(.upper),
            last.shape.contains(.upper)
        {
            return index + 2
        }
        // Washington, D.C.
        if next.isMark(","), let word = token(index + 1), word.hash == Self.districtOfColumbia { return index + 2 }
        if next.isMark("&"), isPlainCapital(index + 1) { return index + 2 }
        // Apple, Inc.
        if next.isMark(","), let form = token(index + 1), form.classes.contains(.legalForm) || form.classes.contains(.suffix),
            form.isCapital
        {
            return index + 2
        }
        // Franco–Prussian, Hewlett-Packard where the dash is a mark of its own.
        if next.first == 0xE2, !next.shape.contains(.quote), !next.shape.contains(.spaced), last.isCapital,
            let word = token(index + 1), !word.shape.contains(.spaced), word.isCapital
        {
            return index + 2
        }
        // Saddam "the Butcher" Hussein: a nickname between the parts of a name.
        if next.shape.contains(.quote), next.shape.contains(.spaced), let word = token(index + 1), word.isCapital,
            !word.shape.contains(.spaced),
            let close = token(index + 2), close.shape.contains(.quote), let name = token(index + 3), name.isWord, name.isCapital,
            !name.classes.contains(.function)
        {
            return index + 4
        }
        // Children's Hospital: a possessive inside a name of an institution.
        if next.isPossessive, isPlainCapital(index + 1), let head = token(index + 1),
            !head.classes.intersection([.organization, .place]).isEmpty,
            last.classes.intersection([.knownPlace, .demonym]).isEmpty, head.classes.intersection([.title, .role]).isEmpty
        {
            return index + 2
        }
        return index
    }

    func isPlainCapital(_ index: Int) -> Bool {
        guard let word = token(index), word.isWord, word.isCapital else { return false }
        return word.classes.intersection([.function, .calendar]).isEmpty
    }

    func hasHead(_ range: Range<Int>, _ classes: WordClass) -> Bool {
        range.contains { !tokens[$0].classes.intersection(classes).isEmpty }
    }

    func bridgeOf(at index: Int, start: Int) -> Int {
        guard headsOfPhrase(index - 1, start: start) else { return index }
        var past = index + 1
        if let article = token(past), article.hash == Self.the, !article.isCapital { past += 1 }
        guard isPlainCapital(past), let word = token(past) else { return index }
        // "Gov. of", "General of": a role of a place is not a name, unless the head says so.
        if word.classes.contains(.title), !word.classes.contains(.ofHead) { return index }
        return past + 1
    }

    /// Whether "of" may follow the word at `index` inside a name: Bank of England, Journal of Physics; not President of France.
    func headsOfPhrase(_ index: Int, start: Int) -> Bool {
        let classes = tokens[index].classes
        if classes.contains(.ofHead) { return true }
        if !classes.intersection([.title, .role, .demonym, .knownPlace, .givenName, .calendar, .legalForm]).isEmpty {
            return false
        }
        if !classes.intersection([.organization, .work, .event]).isEmpty { return true }
        // Somebody of somewhere is no name of its own: "Linda Brandt of the Forest Service".
        if tokens[start].classes.contains(.givenName) { return false }
        if start > sentence.lowerBound, !tokens[start - 1].classes.isDisjoint(with: [.title, .role]) { return false }
        // A single word that only begins the sentence is an ordinary noun: "Studies of".
        return index > start ? !classes.contains(.roman) : !isInitial(index) && !tokens[index].shape.contains(.upper)
    }

    /// "Nobel Prize in Chemistry", "Award for Best Novel", "1994 United States Senate election in Delaware".
    func bridgePrize(at index: Int, start: Int) -> Int {
        guard index - start > 1, isPlainCapital(index + 1) else { return index }
        let last = tokens[index - 1].classes
        if tokens[start].shape.contains(.number), last.contains(.event) { return index + 2 }
        guard last.contains(.work), tokens[index + 1].classes.intersection([.knownPlace, .demonym]).isEmpty else { return index }
        return index + 2
    }

    /// "Department of Health and Human Services", "Food and Drug Administration", "Procter and Gamble Co.".
    func bridgeAnd(at index: Int, start: Int) -> Int {
        guard isPlainCapital(index + 1) else { return index }
        let isOfPhrase = (start..<index).contains {
            tokens[$0].hash == Self.of || tokens[$0].hash == Self.forWord || tokens[$0].hash == Self.on
        }
        if isOfPhrase, hasHead(start..<index, .organization),
            tokens[index + 1].classes.intersection([.knownPlace, .demonym, .givenName]).isEmpty,
            tokens[index - 1].classes.intersection([.knownPlace, .demonym]).isEmpty
        {
            return index + 2
        }
        // Two single words before one noun of an organization.
        var past = index + 2
        while let word = token(past), word.isWord, word.isCapital, past < index + 4 { past += 1 }
        let lastWord = tokens[past - 1]
        if index - start <= 2, past - index > 2, !lastWord.classes.intersection([.organization, .legalForm]).isEmpty,
            tokens[start].classes.intersection([.demonym, .knownPlace, .givenName]).isEmpty
        {
            return past
        }
        return index
    }

    /// A title in quotation marks: every long word capitalised, two words or more.
    func quotedTitle(at index: Int) -> Range<Int>? {
        guard let open = token(index), open.shape.contains(.quote), let first = token(index + 1), first.isWord, first.isCapital,
            !first.shape.contains(.spaced) || open.end - open.start == 2 || open.shape.contains(.spaced)
        else { return nil }
        var end = index + 1
        var capitals = 0
        while let word = token(end), end < index + 14 {
            if word.shape.contains(.quote), !word.isPossessive { break }
            if word.isMark(".") || word.isMark(";") { return nil }
            if word.isWord {
                if word.isCapital {
                    capitals += 1
                } else if word.classes.intersection([.function, .particle]).isEmpty {
                    return nil
                }
            }
            end += 1
        }
        guard let close = token(end), close.shape.contains(.quote), end > index + 1 else { return nil }
        var last = end
        if tokens[last - 1].isMark(",") { last -= 1 }
        let words = last - index - 1
        guard words > 1 || capitals == 1 && !first.classes.contains(.function) && !first.classes.contains(.common) else {
            return nil
        }
        return index + 1..<last
    }
}
