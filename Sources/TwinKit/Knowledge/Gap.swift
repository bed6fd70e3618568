/// What stands between two names of a sentence.
struct Gap {
    private let tokens: [Token]
    private let range: Range<Int>

    init(_ tokens: [Token], _ range: Range<Int>) {
        self.tokens = tokens
        self.range = range
    }

    var count: Int { range.count }

    private static func words(_ text: String) -> Set<UInt64> {
        Set(text.split(whereSeparator: \.isWhitespace).map { WordHash.of(String($0)) })
    }

    static let was = words("was is were who")
    static let born = WordHash.of("born")
    static let died = WordHash.of("died")
    static let founded = WordHash.of("founded")
    static let established = WordHash.of("established")
    static let incorporated = WordHash.of("incorporated")
    static let isWord = WordHash.of("is")
    static let means = WordHash.of("means")
    static let articles = words("a an the")
    private static let by = WordHash.of("by")

    private static let workPrepositions = words("of for at with in")
    private static let workVerbs = words(
        "works worked work working serves served employed joined heads headed leads led runs ran founded manages managed chairs chaired directs directed"
    )
    /// Nouns for what somebody is in an institution, besides the occupations.
    private static let positions = words(
        """
        spokesman spokeswoman spokesperson correspondent reporter editor analyst economist aide adviser advisor official officer chief
        head member owner manager president chairman chairwoman chair director vice-president executive founder co-founder partner
        secretary general counsel attorney lawyer professor researcher scientist fellow dean superintendent supervisor commander
        trader star anchor host ecologist engineer expert specialist consultant representative leader deputy treasurer administrator
        employee colonel captain sergeant lieutenant chancellor rector principal teacher coach player striker goalkeeper ceo cto cfo
        minister commissioner inspector prosecutor judge justice ambassador envoy curator conductor producer critic columnist staffer
        activist candidate
        """)
    private static let placeRoles = words(
        """
        governor gov gov. mayor premier senator sen sen. president king queen prince princess sultan emperor prime minister
        chancellor businessman businesswoman architect lawyer native resident citizen ambassador congressman congresswoman rep rep.
        supreme court judge justice police chief attorney general democrat republican farmer artist writer singer actor dealer
        nightclub owner political
        """)
    private static let residence = words("lives lived living resides resided native from")
    private static let modifiers = words(
        """
        central southern northern eastern western northwest northeast southwest southeast north south east west nearby suburban
        downtown rural upstate the a an
        """)
    private static let killing = words("killed killing murdered murdering assassinated assassinating slew slain shooting")
    private static let deathNouns = words("assassin killer murderer assassination murder slaying slayings killing")

    private func hash(_ index: Int) -> UInt64? { range.contains(index) ? tokens[index].hash : nil }
    private func contains(_ words: Set<UInt64>) -> Bool { range.contains { words.contains(tokens[$0].hash) } }

    static func isAbbreviated(_ token: Token) -> Bool {
        token.classes.contains(.knownPlace) && token.classes.contains(.abbreviation)
            || token.isCapital && token.end - token.start <= 5 && token.classes.contains(.knownPlace)
                && !token.classes.contains(.givenName) && token.shape.contains(.upper)
    }

    var isComma: Bool { count == 1 && tokens[range.lowerBound].isMark(",") }
    var isPossessive: Bool { range.first.map { tokens[$0].isPossessive || tokens[$0].isMark("'") } ?? false }
    var isApposition: Bool {
        count == 2 && tokens[range.lowerBound].isMark(",") && hash(range.lowerBound + 1).map(Self.articles.contains) == true
    }

    private var hasStop: Bool {
        range.contains { index in
            let token = tokens[index]
            return token.isMark(";") || token.isMark(":") || token.isMark("?") || token.isMark("(") || token.isMark(")")
                || token.shape.contains(.quote) && !token.isMark("'")
        }
    }

    private static func isRole(_ token: Token) -> Bool {
        token.classes.contains(.role) || token.classes.contains(.title) || positions.contains(token.hash)
    }

    /// The last word before the second name that is no article and no direction.
    private var lastWord: Int? {
        var index = range.upperBound - 1
        while range.contains(index), tokens[index].isWord, Self.modifiers.contains(tokens[index].hash) { index -= 1 }
        return range.contains(index) ? index : nil
    }

    // MARK: Work

    /// ", chairman of the", ", who works for", " is Middle East correspondent for", " of the".
    func tellsWork(between hasNames: Bool) -> Bool {
        guard let last = lastWord, !hasStop else { return false }
        if !hasNames, count <= 2, tokens[last].hash == NameRun.of { return true }
        if !hasNames, Self.workVerbs.contains(tokens[last].hash),
            range.allSatisfy({ tokens[$0].isWord || tokens[$0].isMark(",") })
        {
            return !contains(Self.negations) && count <= 5 && !Self.hasOtherSubject(tokens, range)
        }
        guard Self.workPrepositions.contains(tokens[last].hash), count <= 14 else { return false }
        if range.contains(where: { Self.workVerbs.contains(tokens[$0].hash) && $0 == last - 1 }) { return !hasNames || count < 8 }
        // An apposition with a role, or a sentence that says what somebody is.
        guard let first = range.first, tokens[first].isMark(",") || Self.was.contains(tokens[first].hash) else { return false }
        var sawRole = false
        var commas = 0
        for index in first + 1..<max(last, first + 1) {
            let token = tokens[index]
            if Self.isRole(token) { sawRole = true }
            if token.isMark(",") { commas += 1 }
            if token.classes.contains(.verb) || token.classes.contains(.speech) || Self.inFinite.contains(token.hash) {
                return false
            }
        }
        guard sawRole, commas <= 2 else { return false }
        return tokens[last].hash != NameRun.inWord
    }

    private static let negations = words("not never no")
    private static let inFinite = words("said told has had have will would to and said that which whose where when but")

    private static func hasOtherSubject(_ tokens: [Token], _ range: Range<Int>) -> Bool {
        range.contains { tokens[$0].isCapital || inFinite.contains(tokens[$0].hash) }
    }

    /// "spokesman", "correspondent", "aide", "Gov.": only roles between an institution or a place and a person.
    var isRoleInFront: Bool {
        guard count >= 1, count <= 5 else { return false }
        var sawRole = false
        for index in range {
            let token = tokens[index]
            guard token.isWord else { return false }
            if token.classes.contains(.function) || token.hash == NameRun.of { return false }
            sawRole = sawRole || Self.isRole(token) || Self.placeRoles.contains(token.hash)
        }
        return sawRole && (range.last.map { Self.isRole(tokens[$0]) || Self.placeRoles.contains(tokens[$0].hash) } ?? false)
    }

    /// "'s chief executive", "'s governor, Democrat".
    var isRoleAfterPossessive: Bool {
        guard count >= 2, count <= 6 else { return false }
        let rest = range.dropFirst()
        return rest.allSatisfy { tokens[$0].isWord && !tokens[$0].classes.contains(.function) || tokens[$0].isMark(",") }
            && rest.contains { Self.isRole(tokens[$0]) || Self.placeRoles.contains(tokens[$0].hash) }
    }

    // MARK: Places

    /// " of", ", 83, of", " lives in", ", a native of", " is from".
    var tellsResidence: Bool {
        guard let last = lastWord, !hasStop, count <= 9 else { return false }
        if tokens[last].hash == NameRun.of {
            if count - (range.upperBound - 1 - last) == 1 { return true }
            guard let first = range.first, tokens[first].isMark(",") else { return false }
            // An age, or a role that a place has.
            let inner = first + 1..<last
            if inner.allSatisfy({ tokens[$0].shape.contains(.number) || tokens[$0].isMark(",") }) { return true }
            return inner.allSatisfy { tokens[$0].isWord } && inner.contains { Self.placeRoles.contains(tokens[$0].hash) }
                && inner.count <= 4
        }
        guard contains(Self.residence) else { return false }
        if tokens[last].hash == Self.from { return count <= 4 && range.contains { Self.was.contains(tokens[$0].hash) } }
        return tokens[last].hash == NameRun.inWord && range.allSatisfy { tokens[$0].isWord || tokens[$0].isMark(",") }
            && count <= 6
    }

    private static let from = WordHash.of("from")
    private static let basedWord = WordHash.of("based")
    private static let headquartered = words("based headquartered located situated")

    /// " of", " in", ", based in", " is headquartered in".
    var tellsSeat: Bool {
        guard let last = lastWord, !hasStop else { return false }
        let before = last - range.lowerBound
        if tokens[last].hash == NameRun.of || tokens[last].hash == NameRun.inWord {
            if before == 0 { return true }
            return before <= 4 && Self.headquartered.contains(tokens[last - 1].hash)
        }
        return count == 1 && tokens[range.lowerBound].isMark(",")
    }

    var isBased: Bool { count == 2 && tokens[range.lowerBound].isMark("-") && hash(range.lowerBound + 1) == Self.basedWord }

    /// " in", ", in central", " is a town in".
    var tellsPlace: Bool {
        guard let last = lastWord, tokens[last].hash == NameRun.inWord, !hasStop else { return false }
        let rest = range.lowerBound..<last
        if rest.isEmpty || rest.count == 1 && tokens[rest.lowerBound].isMark(",") { return true }
        if rest.count == 1, tokens[rest.lowerBound].hash == WordHash.of("located") { return true }
        // "is a city in", ", a village in".
        return rest.count <= 6
            && (tokens[rest.lowerBound].hash == Self.isWord || tokens[rest.lowerBound].isMark(","))
            && rest.contains { Self.articles.contains(tokens[$0].hash) }
            && !tokens[last - 1].classes.intersection([.place, .organization]).isEmpty
    }

    // MARK: Violence and books

    func tellsKilling(between hasNames: Bool) -> Bool {
        guard count <= 16, range.allSatisfy({ !tokens[$0].isMark(";") && !tokens[$0].isMark(":") }) else { return false }
        let last = range.upperBound - 1
        if contains(Self.negations) { return false }
        // Passive and the other way round: "was killed by".
        if range.contains(where: { tokens[$0].hash == Self.by })
            || range.first.map({ Self.was.contains(tokens[$0].hash) && tokens[$0].hash != Self.who }) == true
        {
            return false
        }
        let verb = range.last {
            Self.killing.contains(tokens[$0].hash) || Self.deathNouns.contains(tokens[$0].hash)
                || Self.shot.contains(tokens[$0].hash)
        }
        guard let verb else { return false }
        if Self.deathNouns.contains(tokens[verb].hash), !Self.killing.contains(tokens[verb].hash) {
            guard !hasNames, let of = hash(verb + 1), of == NameRun.of else { return false }
            return last - verb <= 7
        }
        return last - verb <= 6 && !hasNames
    }

    private static let who = WordHash.of("who")

    private static let shot = words("shot wounded kill murder assassinate")

    /// "'s assassin,", " was killed by", " was shot by".
    var tellsKiller: Bool {
        guard count <= 9 else { return false }
        if isPossessive { return range.contains { Self.deathNouns.contains(tokens[$0].hash) } && count <= 5 }
        guard let by = range.last(where: { tokens[$0].hash == Self.by }), by >= range.upperBound - 4 else {
            return count == 1 && hash(range.lowerBound) == WordHash.of("assassin")
        }
        return contains(Self.killing.union(Self.shot))
    }

    private static let writing = words("wrote authored published composed")
    private static let authorNouns = words("author writer")

    var tellsAuthor: Bool {
        guard count >= 1, count <= 6 else { return false }
        if range.contains(where: { Self.authorNouns.contains(tokens[$0].hash) }) {
            return range.contains { tokens[$0].hash == NameRun.of }
                && range.allSatisfy { tokens[$0].isWord || tokens[$0].isMark(",") || tokens[$0].shape.contains(.quote) }
        }
        return range.first.map { Self.writing.contains(tokens[$0].hash) } ?? false
    }

    /// "Dracula" by Bram Stoker.
    var tellsAuthorship: Bool {
        range.last.map { tokens[$0].hash == Self.by } == true && count <= 4
            && (count == 1
                || range.dropLast().allSatisfy {
                    tokens[$0].shape.contains(.quote) || Self.was.contains(tokens[$0].hash)
                        || Self.written.contains(tokens[$0].hash)
                })
    }

    private static let written = words("written authored composed")

    // MARK: Dates

    /// The tokens of a date that begins at `index`: "3 May 1901", "May 3, 1901", "May 1901", "1901"; 0 where none does.
    static func dateLength(_ tokens: [Token], from index: Int, in sentence: Range<Int>) -> Int {
        func isYear(_ index: Int) -> Bool {
            sentence.contains(index) && tokens[index].shape.contains(.number) && tokens[index].end - tokens[index].start == 4
                && (tokens[index].first == 0x31 || tokens[index].first == 0x32)
        }
        func isDay(_ index: Int) -> Bool {
            sentence.contains(index) && tokens[index].shape.contains(.number) && tokens[index].end - tokens[index].start <= 4
                && !isYear(index)
        }
        func isMonth(_ index: Int) -> Bool { sentence.contains(index) && tokens[index].classes.contains(.calendar) }
        if isYear(index) { return 1 }
        if isDay(index), isMonth(index + 1) { return isYear(index + 2) ? 3 : 2 }
        if isMonth(index) {
            if isYear(index + 1) { return 2 }
            if isDay(index + 1) {
                if isYear(index + 2) { return 3 }
                if sentence.contains(index + 2), tokens[index + 2].isMark(","), isYear(index + 3) { return 4 }
                return 2
            }
        }
        return 0
    }
}
