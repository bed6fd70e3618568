/// Finds which names of one document name the same thing.
///
/// Names are joined by what the document itself says ("World Health Organization (WHO)", "also known as"), by initials, by a
/// surname that belongs to exactly one full name, by legal forms and articles. Nothing is joined across documents by this.
struct AliasFinder {
    let bytes: UnsafeBufferPointer<UInt8>
    let tokens: [Token]
    let spans: [NameSpan]
    /// For each span its name's index, and for each name one span and its words.
    private var nameOfSpan: [Int] = []
    private(set) var names: [Name] = []

    struct Name {
        /// The span that has it first.
        var span: Int
        var hash: UInt64
        /// Hashes of the words without a leading article.
        var words: [UInt64]
        /// The tokens of these words.
        var tokens: [Int]
        var type: NameType
    }

    init(_ bytes: UnsafeBufferPointer<UInt8>, _ text: TokenizedText, _ spans: [NameSpan]) {
        self.bytes = bytes
        tokens = text.tokens
        self.spans = spans
        var known: [UInt64: Int] = [:]
        for (index, span) in spans.enumerated() {
            let words = span.tokens.filter { tokens[$0].shape.contains(.word) }
            let meaning =
                words.count > 1 && words.first.map { tokens[$0].hash == NameRun.the } == true ? Array(words.dropFirst()) : words
            var hash = WordHash()
            for word in meaning {
                if word != meaning.first { hash.add(0x20) }
                hash.add(bytes, tokens[word].range.clamped(to: span.range))
            }
            if let name = known[hash.value] {
                nameOfSpan.append(name)
                if names[name].type == .concept { names[name].type = span.type }
            } else {
                known[hash.value] = names.count
                nameOfSpan.append(names.count)
                names.append(
                    Name(
                        span: index, hash: hash.value, words: meaning.map { tokens[$0].hash }, tokens: meaning, type: span.type))
            }
        }
    }

    /// For each span the number of the thing it names, counted from 0 in the order of first mention.
    func clusters() -> [Int] {
        var parent = Array(names.indices)
        func root(_ index: Int) -> Int {
            var index = index
            while parent[index] != index { index = parent[index] }
            return index
        }
        func join(_ first: Int, _ second: Int) {
            let (low, high) = (min(root(first), root(second)), max(root(first), root(second)))
            parent[high] = low
        }
        for (first, second) in statedPairs() { join(first, second) }
        for (first, second) in initialPairs() { join(first, second) }
        for (first, second) in spellingPairs() { join(first, second) }
        for (first, second) in personPairs() { join(first, second) }
        for (first, second) in shortFormPairs() { join(first, second) }
        for (first, second) in statePairs() { join(first, second) }
        for (first, second) in abbreviationPairs() { join(first, second) }
        var numbers: [Int: Int] = [:]
        return nameOfSpan.map { name in
            let found = root(name)
            if let number = numbers[found] { return number }
            numbers[found] = numbers.count
            return numbers.count - 1
        }
    }

    // MARK: What the text says

    private static func words(_ text: String) -> Set<UInt64> {
        Set(text.split(whereSeparator: \.isWhitespace).map { WordHash.of(String($0)) })
    }
    /// Words that say a second name by themselves, and participles that say it with "as".
    private static let naming = words("aka a.k.a. nicknamed née called renamed named dubbed abbreviated formerly")
    private static let known = words("known referred abbreviated renamed")
    /// Words that may stand with these and change nothing.
    private static let passing = words(
        """
        also commonly later sometimes often popularly officially originally better best more most simply which is was who previously
        otherwise the and but or to by formally locally informally widely alternatively then now in english still as known referred
        """)
    /// Words that say it alone at the beginning of brackets.
    private static let parenthetic = words("or now also formerly originally then née")
    private static let asWord = WordHash.of("as")
    private static let born = WordHash.of("born")
    private static let orWord = WordHash.of("or")
    private static let called = WordHash.of("called")
    private static let simply = WordHash.of("simply")

    private func statedPairs() -> [(Int, Int)] {
        spans.indices.dropLast().compactMap { index in
            let (first, second) = (spans[index], spans[index + 1])
            let gap = first.tokens.upperBound..<max(first.tokens.upperBound, second.tokens.lowerBound)
            guard gap.count >= 1, gap.count <= 16, says(gap, that: first, is: second) else { return nil }
            return (nameOfSpan[index], nameOfSpan[index + 1])
        }
    }

    /// Whether the tokens between two names say that both are of one thing.
    private func says(_ gap: Range<Int>, that first: NameSpan, is second: NameSpan) -> Bool {
        // After a closing quotation mark; in brackets a mark may open another.
        let marks = gap.filter { !tokens[$0].isWord && !tokens[$0].shape.contains(.quote) }
        let words = gap.filter { tokens[$0].isWord }.map { tokens[$0].hash }
        if marks.count == 1, tokens[marks[0]].isMark("("), words.count <= 2, isClosed(after: second),
            marks[0] <= first.tokens.upperBound + 1
        {
            if words.isEmpty {
                return abbreviates(second, first) || abbreviates(first, second)
                    || first.type == second.type && isLatin(first) != isLatin(second)
            }
            if words == [Self.born] { return second.tokens.count > 1 && first.type == .person && second.type == .person }
            if words.allSatisfy({ Self.parenthetic.contains($0) || $0 == NameRun.the }), words != [NameRun.the] {
                return isComparable(first, second)
            }
        }
        guard let last = words.last, isComparable(first, second), !hasStop(gap), !hasNumber(gap) else { return false }
        let isSaid =
            last == Self.asWord && words.contains(where: Self.known.contains)
            || words.contains(where: Self.naming.contains) && !words.contains(Self.asWord)
            || words == [Self.orWord, Self.simply]
        return isSaid
            && (words != [Self.called] || tokens[gap.lowerBound].isMark(","))
            && gap.allSatisfy { index in
                let token = tokens[index]
                if !token.isWord { return true }
                return Self.passing.contains(token.hash) || Self.naming.contains(token.hash) || token.classes.contains(.calendar)
                    || token.hash == NameRun.the
            }
    }

    private func hasStop(_ gap: Range<Int>) -> Bool {
        gap.contains { tokens[$0].isMark(".") || tokens[$0].isMark("?") || tokens[$0].isMark("!") }
    }

    /// Whether a number stands outside brackets; years of life stand in them.
    private func hasNumber(_ gap: Range<Int>) -> Bool {
        var depth = 0
        for index in gap {
            if tokens[index].isMark("(") { depth += 1 }
            if tokens[index].isMark(")") { depth -= 1 }
            if tokens[index].shape.contains(.number), depth == 0 { return true }
        }
        return false
    }

    /// Whether two names can be of one thing as far as their types tell.
    private func isComparable(_ first: NameSpan, _ second: NameSpan) -> Bool {
        if first.type == second.type { return true }
        let types = [first.type, second.type]
        return types.contains(.concept) && !types.contains(.place) && !types.contains(.person)
    }

    private func isLatin(_ span: NameSpan) -> Bool { bytes[span.range.lowerBound] < 0xCD }

    private func isClosed(after span: NameSpan) -> Bool {
        guard span.tokens.upperBound < tokens.count else { return false }
        let next = tokens[span.tokens.upperBound]
        return next.isMark(")") || next.isMark(",") || next.isMark(";")
    }

    /// Whether `short` is letters of `long` in order, beginning with its first.
    private func abbreviates(_ short: NameSpan, _ long: NameSpan) -> Bool {
        let letters = upperLetters(short.range)
        guard short.tokens.count == 1, letters.count >= 2, letters.count <= 10, long.tokens.count > 1,
            KnownAbbreviations.name(of: tokens[short.tokens.lowerBound].hash) == nil
        else { return false }
        guard letters.count * 2 >= short.range.count else { return false }
        let name = bytes[long.range].compactMap { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A ? $0 | 0x20 : nil }
        // Letters of the last words alone: Cy Becker Neighbourhood Structure Plan (NSP).
        let initials = long.tokens.filter { tokens[$0].isCapital }.map { tokens[$0].first }
        if letters.count > 2, initials.suffix(letters.count) == letters[...] { return true }
        guard let first = name.first, letters[0] | 0x20 == first else { return false }
        var position = 0
        for letter in letters {
            guard let found = name[position...].firstIndex(of: letter | 0x20) else { return false }
            position = found + 1
        }
        return true
    }

    private func upperLetters(_ range: Range<Int>) -> [UInt8] { bytes[range].filter { $0 >= 0x41 && $0 <= 0x5A } }

    // MARK: Initials

    private func initialPairs() -> [(Int, Int)] {
        var byInitials: [[UInt8]: [Int]] = [:]
        for (index, name) in names.enumerated() where name.words.count > 1 {
            let isProper = spans[name.span].tokens.allSatisfy {
                !tokens[$0].isWord || tokens[$0].isCapital || tokens[$0].classes.contains(.function)
            }
            guard isProper else { continue }
            let initials = spans[name.span].tokens.compactMap { token -> UInt8? in
                let token = tokens[token]
                return token.isCapital && token.isWord && !token.classes.contains(.function) ? token.first : nil
            }
            if initials.count > 1 { byInitials[initials, default: []].append(index) }
            // Fall Out Boy, Tears for Fears: little words may count.
            let all = name.tokens.map { tokens[$0].first & 0xDF }
            if all.count > 2, all != initials { byInitials[all, default: []].append(index) }
        }
        guard !byInitials.isEmpty else { return [] }
        return names.indices.compactMap { index in
            let name = names[index]
            guard name.words.count == 1 else { return nil }
            let token = tokens[spans[name.span].tokens.lowerBound]
            guard token.shape.contains(.upper), KnownAbbreviations.name(of: token.hash) == nil else { return nil }
            let letters = upperLetters(spans[name.span].range)
            guard letters.count >= 3, letters.count <= 8, let long = byInitials[letters], long.count == 1 else { return nil }
            return names[long[0]].type == .person ? nil : (index, long[0])
        }
    }

    private func abbreviationPairs() -> [(Int, Int)] {
        var byPlace: [UInt64: Int] = [:]
        for (index, name) in names.enumerated() {
            let place = KnownAbbreviations.name(of: name.hash) ?? name.hash
            if byPlace[place] == nil { byPlace[place] = index }
        }
        return names.indices.compactMap { index in
            guard let place = KnownAbbreviations.name(of: names[index].hash), let first = byPlace[place], first != index else {
                return nil
            }
            return (index, first)
        }
    }
}
