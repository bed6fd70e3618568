/// The names of one sentence: runs of name words, joined and parted by what stands between them.
struct NameRun {
    let finder: NameFinder
    let sentence: Range<Int>
    let isHeadline: Bool

    var tokens: [Token] { finder.text.tokens }

    func collect(into spans: inout [NameSpan]) {
        var index = sentence.lowerBound
        while index < sentence.upperBound {
            if let quoted = quotedTitle(at: index) {
                append(quoted, to: &spans, type: .product)
                index = quoted.upperBound
                continue
            }
            guard beginsName(at: index) else {
                index += 1
                continue
            }
            let end = extend(from: index)
            emit(index..<end, to: &spans)
            index = max(end, index + 1)
        }
    }

    // MARK: Words of names

    func token(_ index: Int) -> Token? { sentence.contains(index) ? tokens[index] : nil }

    /// Whether a name may begin at `index`.
    func beginsName(at index: Int) -> Bool {
        let token = tokens[index]
        if token.shape.contains(.number) { return beginsWithYear(at: index) }
        guard token.isWord, isNameWord(at: index) else { return false }
        return true
    }

    /// "2002 Winter Olympics", "1863 United States House of Representatives elections".
    func beginsWithYear(at index: Int) -> Bool {
        let year = tokens[index]
        guard year.end - year.start == 4, year.first == 0x31 || year.first == 0x32 else { return false }
        var next = index + 1
        var words = 0
        while let word = token(next), next < index + 8 {
            if word.classes.contains(.event), words > 0 || word.isCapital, !word.classes.contains(.calendar) {
                return word.isCapital || words > 0
            }
            guard word.isCapital && !word.classes.contains(.function) || words > 0 && (isJoiner(next) || isElectoral(word))
            else { return false }
            words += 1
            next += 1
        }
        return false
    }

    static let electoral = Set(
        "federal general presidential parliamentary legislative local municipal mayoral gubernatorial primary state by"
            .split(separator: " ").map { WordHash.of(String($0)) })

    func isElectoral(_ word: Token) -> Bool { Self.electoral.contains(word.hash) }

    func isJoiner(_ index: Int) -> Bool {
        guard let token = token(index) else { return false }
        return Self.of == token.hash || Self.the == token.hash || token.isMark("-")
    }

    /// Whether the capital of the word at `index` says that it is (part of) a name.
    func isNameWord(at index: Int) -> Bool {
        let token = tokens[index]
        guard token.isCapital else { return isBrand(token) }
        let classes = token.classes
        if classes.contains(.function), !classes.contains(.knownPlace) || token.shape.intersection([.upper]).isEmpty {
            return isOrdinalOfName(index) || isAcronymLikeWord(index)
        }
        if classes.contains(.noName), !classes.contains(.knownPlace) { return false }
        if classes.contains(.calendar) { return isNameThoughCalendar(index) }
        if isHeadline { return isNameInHeadline(token) }
        if isInitial(index) { return isNameAtStart(index) }
        return true
    }

    /// WHO, US; and other words in capitals alone in brackets, where abbreviations are defined.
    func isAcronymLikeWord(_ index: Int) -> Bool {
        let token = tokens[index]
        guard token.shape.contains(.upper), !isHeadline else { return false }
        if index > sentence.lowerBound, tokens[index - 1].isMark("("), self.token(index + 1)?.isMark(")") == true { return true }
        return Self.acronymsLikeWords.contains(token.hash)
    }

    static let acronymsLikeWords = Set("who us".split(separator: " ").map { WordHash.of(String($0)) })

    /// "Second World War", "Fourth Summit": capitalised inside a sentence, with a capital after it.
    func isOrdinalOfName(_ index: Int) -> Bool {
        Self.ordinals.contains(tokens[index].hash) && !isHeadline && !isInitial(index) && followsCapital(index)
    }

    static let ordinals = Set("first second third fourth fifth".split(separator: " ").map { WordHash.of(String($0)) })

    /// iPhone, eBay: in lower case with a capital inside.
    func isBrand(_ token: Token) -> Bool {
        token.shape.contains(.inner) && token.end - token.start > 3 && token.end - token.start < 20
    }

    /// May, April, August and March are also names.
    func isNameThoughCalendar(_ index: Int) -> Bool {
        let token = tokens[index]
        guard token.classes.contains(.givenName) else { return false }
        return self.token(index + 1).map { $0.isCapital && !$0.classes.contains(.function) && $0.isWord } ?? false
    }

    func isNameInHeadline(_ token: Token) -> Bool {
        if !token.classes.intersection([.knownPlace, .demonym]).isEmpty { return true }
        let usage = finder.usage(of: token)
        return usage.capital > 0 && usage.lower == 0
    }

    /// Whether the capital at `index` may be owed to its place: the sentence's first word, or the first after an opening mark.
    func isInitial(_ index: Int) -> Bool {
        if index == sentence.lowerBound { return true }
        let before = tokens[index - 1]
        if before.isWord { return false }
        if before.shape.contains(.number) {
            return index == sentence.lowerBound + 1
        }
        if before.shape.contains(.quote) { return true }
        switch before.first {
        case 0x3A, 0x2A, 0x23, 0x7C, 0x3E, 0x2E, 0x21, 0x3F, 0x3B: return true
        // Opening brackets, dashes and bullets only where nothing stands before them.
        case 0x28, 0x2D, 0xE2, 0x5B, 0x5F: return index == sentence.lowerBound + 1
        default: return false
        }
    }

    static let nounEndings = [
        "ing", "ed", "ly", "tion", "tions", "ment", "ments", "ness", "ists", "ers", "ities", "ings", "ies", "ous", "ful", "able",
        "ible", "ive", "less",
    ]

    /// Whether the word that begins a sentence is a name.
    func isNameAtStart(_ index: Int) -> Bool {
        let token = tokens[index]
        let classes = token.classes
        if token.shape.contains(.upper) || token.shape.contains(.inner) { return true }
        if !classes.intersection([.knownPlace, .demonym, .givenName]).isEmpty { return true }
        let usage = finder.usage(of: token)
        if usage.lower > 0 {
            // In lower case elsewhere; still it may begin a longer name whose words are capitalised.
            guard usage.capital > 0 || followsCapital(index) && !classes.contains(.common) else { return false }
            return true
        }
        if usage.capital > 0 { return true }
        let next = self.token(index + 1)
        if classes.contains(.common) || classes.contains(.modifier) {
            return followsCapital(index)
                && !classes.intersection([.organization, .place, .event, .placePrefix]).isEmpty
                && next?.classes.contains(.givenName) == false
        }
        if classes.contains(.title) || classes.contains(.role) { return followsCapital(index) }
        if followsCapital(index) { return !endsLikeVerb(token) }
        if let next, next.isPossessive { return true }
        if endsLikeCommonWord(token) { return false }
        if let next, !next.classes.intersection([.speech, .verb]).isEmpty { return !endsInS(token) }
        if let next,
            Self.adverbs.contains(next.hash)
                || !next.isCapital && next.isWord && next.classes.isEmpty && endsInS(next) && isVerbal(index + 2)
        {
            return !endsInS(token)
        }
        if let next, next.isMark(",") || next.isMark("("), token.end - token.start > 3 { return !endsInS(token) }
        if let next, Self.and == next.hash, let after = self.token(index + 2), after.isCapital { return true }
        return false
    }

    static let adverbs = Set(
        "also then later never soon now again still first subsequently eventually already once often who himself herself and's"
            .split(separator: " ").map { WordHash.of(String($0)) })

    /// Whether what stands at `index` follows a verb rather than a noun: an article, a preposition, a pronoun.
    func isVerbal(_ index: Int) -> Bool { token(index).map { $0.classes.contains(.function) && !$0.isCapital } ?? false }

    func followsCapital(_ index: Int) -> Bool {
        guard let next = token(index + 1), next.isWord, next.isCapital else { return false }
        return next.classes.intersection([.function, .noName, .calendar]).isEmpty || next.shape.contains(.upper)
    }

    func endsInS(_ token: Token) -> Bool { finder.bytes[Int(token.end) - 1] == 0x73 }
    func endsLikeVerb(_ token: Token) -> Bool { ends(token, "ing") || ends(token, "ly") || ends(token, "ed") }
    func endsLikeCommonWord(_ token: Token) -> Bool { Self.nounEndings.contains { ends(token, $0) } }

    func ends(_ token: Token, _ ending: String) -> Bool {
        let suffix = ending.utf8
        guard Int(token.end - token.start) > suffix.count + 1 else { return false }
        return suffix.elementsEqual(finder.bytes[Int(token.end) - suffix.count..<Int(token.end)])
    }

    // MARK: What is told

    /// Parts a run where titles, peoples and roles stand in it, and tells the parts.
    func emit(_ run: Range<Int>, to spans: inout [NameSpan]) {
        var start = run.lowerBound
        var index = start
        while index < run.upperBound {
            let token = tokens[index]
            // A title or an occupation in front of or inside the run: what follows is another name.
            if !token.classes.intersection([.title]).isEmpty, index + 1 <= run.upperBound, !isHeadWithOf(index, in: run),
                splitsAtTitle(index, in: run, start: start)
            {
                if start < index { part(start..<index, to: &spans) }
                start = index + 1
            } else if index > start + 1, token.classes.contains(.givenName), index + 1 < run.upperBound,
                tokens[index - 1].classes.contains(.knownPlace), tokens[index + 1].isCapital
            {
                part(start..<index, to: &spans)
                start = index
            } else if index > start, changesCase(index), !tokens[index - 1].classes.intersection([.knownPlace]).isEmpty {
                part(start..<index, to: &spans)
                start = index
            } else if index == start, token.classes.contains(.modifier), !token.classes.contains(.placePrefix),
                index + 1 < run.upperBound
            {
                start = index + 1
            }
            index += 1
        }
        if start < run.upperBound { part(start..<run.upperBound, to: &spans) }
    }

    /// Whether capitals begin here after a word in ordinary writing: the name of a place before that of a paper.
    func changesCase(_ index: Int) -> Bool {
        let token = tokens[index]
        return token.shape.contains(.upper) && token.end - token.start > 2 && !tokens[index - 1].shape.contains(.upper)
            && !token.classes.contains(.roman)
    }

    func isHeadWithOf(_ index: Int, in run: Range<Int>) -> Bool {
        index + 1 < run.upperBound && tokens[index + 1].hash == Self.of && tokens[index].classes.contains(.ofHead)
    }

    /// Whether the title at `index` parts the run, and is not a word of an institution's name ("Attorney General's Office",
    /// "Secretary General", "General Motors").
    func splitsAtTitle(_ index: Int, in run: Range<Int>, start: Int) -> Bool {
        let rest = index + 1..<run.upperBound
        if rest.contains(where: { !tokens[$0].classes.intersection([.organization, .legalForm, .place, .event, .work]).isEmpty }),
            !tokens[index].classes.contains(.abbreviation) || rest.count < 2
        {
            return false
        }
        return true
    }

    func part(_ range: Range<Int>, to spans: inout [NameSpan]) {
        var range = range
        while let first = range.first, isJunk(first) { range = first + 1..<range.upperBound }
        while let last = range.last, isJunkAtEnd(last) { range = range.lowerBound..<last }
        guard let first = range.first else { return }
        // A people's name before a person's or a common institution's: "Israeli" "Yitzhak Shamir".
        if range.count > 2, tokens[first].classes.contains(.demonym), tokens[first + 1].classes.contains(.givenName) {
            append(first..<first + 1, to: &spans)
            range = first + 1..<range.upperBound
        }
        if range.count == 1 {
            let token = tokens[range.lowerBound]
            if !token.classes.intersection([.title, .calendar, .noName, .role, .modifier]).isEmpty,
                token.classes.intersection([.givenName, .knownPlace, .demonym]).isEmpty
            {
                return
            }
            if token.shape.contains(.number) { return }
            if let head = hyphenHead(token) {
                spans.append(NameSpan(range: head, type: NameTyping(self).type(of: range), tokens: range))
                return
            }
            if token.end - token.start == 1 { return }
        }
        append(range, to: &spans)
    }

    /// "Swiss" of "Swiss-born": the capitalised head of a compound whose rest is in lower case.
    func hyphenHead(_ token: Token) -> Range<Int>? {
        let range = token.range
        guard let hyphen = finder.bytes[range].firstIndex(of: 0x2D), hyphen - range.lowerBound >= 2 else { return nil }
        let next = finder.bytes[hyphen + 1]
        return next >= 0x61 && next <= 0x7A && finder.bytes[hyphen + 1..<range.upperBound].count > 2
            ? range.lowerBound..<hyphen : nil
    }

    func isJunk(_ index: Int) -> Bool {
        let token = tokens[index]
        return !token.shape.contains(.word) || token.classes.contains(.particle) && !token.isCapital
    }

    func isJunkAtEnd(_ index: Int) -> Bool {
        let token = tokens[index]
        return !token.shape.contains(.word) || token.hash == Self.of || token.hash == Self.the || token.hash == Self.and
    }

    func append(_ range: Range<Int>, to spans: inout [NameSpan], type: NameType? = nil) {
        let bytes = Int(tokens[range.lowerBound].start)..<Int(tokens[range.upperBound - 1].end)
        spans.append(NameSpan(range: bytes, type: type ?? NameTyping(self).type(of: range), tokens: range))
    }
}
