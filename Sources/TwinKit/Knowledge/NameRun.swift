/// The names of one sentence: runs of name words, joined and parted by what stands between them.
struct NameRun {
    let finder: NameFinder
    let sentence: Range<Int>
    let isHeadline: Bool

    private var tokens: [Token] { finder.text.tokens }

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

    private func token(_ index: Int) -> Token? { sentence.contains(index) ? tokens[index] : nil }

    /// Whether a name may begin at `index`.
    private func beginsName(at index: Int) -> Bool {
        let token = tokens[index]
        if token.shape.contains(.number) { return beginsWithYear(at: index) }
        guard token.isWord, isNameWord(at: index) else { return false }
        return true
    }

    /// "2002 Winter Olympics", "1863 United States House of Representatives elections".
    private func beginsWithYear(at index: Int) -> Bool {
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

    private static let electoral = Set(
        "federal general presidential parliamentary legislative local municipal mayoral gubernatorial primary state by"
            .split(separator: " ").map { WordHash.of(String($0)) })

    private func isElectoral(_ word: Token) -> Bool { Self.electoral.contains(word.hash) }

    private func isJoiner(_ index: Int) -> Bool {
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
    private func isAcronymLikeWord(_ index: Int) -> Bool {
        let token = tokens[index]
        guard token.shape.contains(.upper), !isHeadline else { return false }
        if index > sentence.lowerBound, tokens[index - 1].isMark("("), self.token(index + 1)?.isMark(")") == true { return true }
        return Self.acronymsLikeWords.contains(token.hash)
    }

    private static let acronymsLikeWords = Set("who us".split(separator: " ").map { WordHash.of(String($0)) })

    /// "Second World War", "Fourth Summit": capitalised inside a sentence, with a capital after it.
    private func isOrdinalOfName(_ index: Int) -> Bool {
        Self.ordinals.contains(tokens[index].hash) && !isHeadline && !isInitial(index) && followsCapital(index)
    }

    private static let ordinals = Set("first second third fourth fifth".split(separator: " ").map { WordHash.of(String($0)) })

    /// iPhone, eBay: in lower case with a capital inside.
    private func isBrand(_ token: Token) -> Bool {
        token.shape.contains(.inner) && token.end - token.start > 3 && token.end - token.start < 20
    }

    /// May, April, August and March are also names.
    private func isNameThoughCalendar(_ index: Int) -> Bool {
        let token = tokens[index]
        guard token.classes.contains(.givenName) else { return false }
        return self.token(index + 1).map { $0.isCapital && !$0.classes.contains(.function) && $0.isWord } ?? false
    }

    private func isNameInHeadline(_ token: Token) -> Bool {
        if !token.classes.intersection([.knownPlace, .demonym]).isEmpty { return true }
        let usage = finder.usage(of: token)
        return usage.capital > 0 && usage.lower == 0
    }

    /// Whether the capital at `index` may be owed to its place: the sentence's first word, or the first after an opening mark.
    private func isInitial(_ index: Int) -> Bool {
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

    private static let nounEndings = [
        "ing", "ed", "ly", "tion", "tions", "ment", "ments", "ness", "ists", "ers", "ities", "ings", "ies", "ous", "ful", "able",
        "ible", "ive", "less",
    ]

    /// Whether the word that begins a sentence is a name.
    private func isNameAtStart(_ index: Int) -> Bool {
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
        return next == nil && false
    }

    private static let adverbs = Set(
        "also then later never soon now again still first subsequently eventually already once often who himself herself and's"
            .split(separator: " ").map { WordHash.of(String($0)) })

    /// Whether what stands at `index` follows a verb rather than a noun: an article, a preposition, a pronoun.
    private func isVerbal(_ index: Int) -> Bool { token(index).map { $0.classes.contains(.function) && !$0.isCapital } ?? false }

    private func followsCapital(_ index: Int) -> Bool {
        guard let next = token(index + 1), next.isWord, next.isCapital else { return false }
        return next.classes.intersection([.function, .noName, .calendar]).isEmpty || next.shape.contains(.upper)
    }

    private func endsInS(_ token: Token) -> Bool { finder.bytes[Int(token.end) - 1] == 0x73 }
    private func endsLikeVerb(_ token: Token) -> Bool { ends(token, "ing") || ends(token, "ly") || ends(token, "ed") }
    private func endsLikeCommonWord(_ token: Token) -> Bool { Self.nounEndings.contains { ends(token, $0) } }

    private func ends(_ token: Token, _ ending: String) -> Bool {
        let suffix = ending.utf8
        guard Int(token.end - token.start) > suffix.count + 1 else { return false }
        return suffix.elementsEqual(finder.bytes[Int(token.end) - suffix.count..<Int(token.end)])
    }

    // MARK: Runs

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
    private func extend(from start: Int) -> Int {
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
    private func joins(_ next: Token, at index: Int, start: Int) -> Bool {
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

    private func numberIsPart(_ index: Int, start: Int) -> Bool {
        guard let after = token(index + 1) else { return index - start >= 1 }
        if after.isMark("%") || after.isMark("-") || after.isMark(",") && false { return false }
        if after.isWord, !after.isCapital, after.classes.isEmpty { return false }
        return !tokens[index - 1].classes.contains(.knownPlace)
    }

    /// The index past what stands between two parts of one name and the first word of the second; `index` where nothing joins them.
    private func bridge(at index: Int, start: Int) -> Int {
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

    private func isPlainCapital(_ index: Int) -> Bool {
        guard let word = token(index), word.isWord, word.isCapital else { return false }
        return word.classes.intersection([.function, .calendar]).isEmpty
    }

    private func hasHead(_ range: Range<Int>, _ classes: WordClass) -> Bool {
        range.contains { !tokens[$0].classes.intersection(classes).isEmpty }
    }

    private func bridgeOf(at index: Int, start: Int) -> Int {
        guard headsOfPhrase(index - 1, start: start) else { return index }
        var past = index + 1
        if let article = token(past), article.hash == Self.the, !article.isCapital { past += 1 }
        guard isPlainCapital(past), let word = token(past) else { return index }
        // "Gov. of", "General of": a role of a place is not a name, unless the head says so.
        if word.classes.contains(.title), !word.classes.contains(.ofHead) { return index }
        return past + 1
    }

    /// Whether "of" may follow the word at `index` inside a name: Bank of England, Journal of Physics; not President of France.
    private func headsOfPhrase(_ index: Int, start: Int) -> Bool {
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
    private func bridgePrize(at index: Int, start: Int) -> Int {
        guard index - start > 1, isPlainCapital(index + 1) else { return index }
        let last = tokens[index - 1].classes
        if tokens[start].shape.contains(.number), last.contains(.event) { return index + 2 }
        guard last.contains(.work), tokens[index + 1].classes.intersection([.knownPlace, .demonym]).isEmpty else { return index }
        return index + 2
    }

    /// "Department of Health and Human Services", "Food and Drug Administration", "Procter and Gamble Co.".
    private func bridgeAnd(at index: Int, start: Int) -> Int {
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
    private func quotedTitle(at index: Int) -> Range<Int>? {
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

    // MARK: What is told

    /// Parts a run where titles, peoples and roles stand in it, and tells the parts.
    private func emit(_ run: Range<Int>, to spans: inout [NameSpan]) {
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
    private func changesCase(_ index: Int) -> Bool {
        let token = tokens[index]
        return token.shape.contains(.upper) && token.end - token.start > 2 && !tokens[index - 1].shape.contains(.upper)
            && !token.classes.contains(.roman)
    }

    private func isHeadWithOf(_ index: Int, in run: Range<Int>) -> Bool {
        index + 1 < run.upperBound && tokens[index + 1].hash == Self.of && tokens[index].classes.contains(.ofHead)
    }

    /// Whether the title at `index` parts the run, and is not a word of an institution's name ("Attorney General's Office",
    /// "Secretary General", "General Motors").
    private func splitsAtTitle(_ index: Int, in run: Range<Int>, start: Int) -> Bool {
        let rest = index + 1..<run.upperBound
        if rest.contains(where: { !tokens[$0].classes.intersection([.organization, .legalForm, .place, .event, .work]).isEmpty }),
            !tokens[index].classes.contains(.abbreviation) || rest.count < 2
        {
            return false
        }
        return true
    }

    private func part(_ range: Range<Int>, to spans: inout [NameSpan]) {
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
    private func hyphenHead(_ token: Token) -> Range<Int>? {
        let range = token.range
        guard let hyphen = finder.bytes[range].firstIndex(of: 0x2D), hyphen - range.lowerBound >= 2 else { return nil }
        let next = finder.bytes[hyphen + 1]
        return next >= 0x61 && next <= 0x7A && finder.bytes[hyphen + 1..<range.upperBound].count > 2
            ? range.lowerBound..<hyphen : nil
    }

    private func isJunk(_ index: Int) -> Bool {
        let token = tokens[index]
        return !token.shape.contains(.word) || token.classes.contains(.particle) && !token.isCapital
    }

    private func isJunkAtEnd(_ index: Int) -> Bool {
        let token = tokens[index]
        return !token.shape.contains(.word) || token.hash == Self.of || token.hash == Self.the || token.hash == Self.and
    }

    private func append(_ range: Range<Int>, to spans: inout [NameSpan], type: NameType? = nil) {
        let bytes = Int(tokens[range.lowerBound].start)..<Int(tokens[range.upperBound - 1].end)
        spans.append(NameSpan(range: bytes, type: type ?? NameTyping(self).type(of: range), tokens: range))
    }
}

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
