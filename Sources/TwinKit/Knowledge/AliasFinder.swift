/// Finds which names of one document name the same thing.
///
/// Names are joined by what the document itself says ("World Health Organization (WHO)", "also known as"), by initials, by a
/// surname that belongs to exactly one full name, by legal forms and articles. Nothing is joined across documents by this.
struct AliasFinder {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let tokens: [Token]
    private let spans: [NameSpan]
    /// For each span its name's index, and for each name one span and its words.
    private var nameOfSpan: [Int] = []
    private var names: [Name] = []

    private struct Name {
        var span: Int
        var hash: UInt64
        /// Hashes of the words without a leading article.
        var words: [UInt64]
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
                names.append(Name(span: index, hash: hash.value, words: meaning.map { tokens[$0].hash }, type: span.type))
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
        for (first, second) in partPairs() { join(first, second) }
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

    private static let linking = Set(
        "as aka a.k.a. nicknamed formerly née called abbreviated dubbed".split(separator: " ").map { WordHash.of(String($0)) })
    private static let known = Set("known referred abbreviated".split(separator: " ").map { WordHash.of(String($0)) })
    private static let born = WordHash.of("born")

    private func statedPairs() -> [(Int, Int)] {
        var pairs: [(Int, Int)] = []
        for index in spans.indices.dropLast() {
            let (first, second) = (spans[index], spans[index + 1])
            let gap = first.tokens.upperBound..<max(first.tokens.upperBound, second.tokens.lowerBound)
            guard gap.count >= 1, gap.count <= 7 else { continue }
            if gap.count == 1, tokens[gap.lowerBound].isMark("("), isClosed(after: second) {
                if abbreviates(second, first) || abbreviates(first, second) {
                    pairs.append((nameOfSpan[index], nameOfSpan[index + 1]))
                }
                continue
            }
            let words = gap.filter { tokens[$0].isWord }.map { tokens[$0].hash }
            guard let last = words.last, Self.linking.contains(last) else {
                if words == [Self.born], tokens[gap.lowerBound].isMark("("), second.tokens.count > 1, first.type == .person,
                    second.type == .person
                {
                    pairs.append((nameOfSpan[index], nameOfSpan[index + 1]))
                }
                continue
            }
            let isKnownAs = words.count > 1 && words.contains(where: Self.known.contains) && last == WordHash.of("as")
            let isSingle = last != WordHash.of("as") && last != WordHash.of("called")
            if isKnownAs || isSingle && words.count <= 2, first.tokens.upperBound == gap.lowerBound,
                !gap.contains(where: { tokens[$0].isMark(".") })
            {
                pairs.append((nameOfSpan[index], nameOfSpan[index + 1]))
            }
        }
        return pairs
    }

    private func isClosed(after span: NameSpan) -> Bool {
        guard span.tokens.upperBound < tokens.count else { return false }
        let next = tokens[span.tokens.upperBound]
        return next.isMark(")") || next.isMark(",") || next.isMark(";")
    }

    /// Whether `short` is letters of `long` in order, beginning with its first.
    private func abbreviates(_ short: NameSpan, _ long: NameSpan) -> Bool {
        let letters = upperLetters(short.range)
        guard short.tokens.count == 1, letters.count >= 2, letters.count <= 10, long.tokens.count > 1 else { return false }
        guard letters.count * 2 >= short.range.count else { return false }
        let name = bytes[long.range].compactMap { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A ? $0 | 0x20 : nil }
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

    // MARK: Parts

    private func partPairs() -> [(Int, Int)] {
        var byLast: [UInt64: [Int]] = [:]
        var byFirst: [UInt64: [Int]] = [:]
        for (index, name) in names.enumerated() where name.words.count > 1 {
            var words = name.words
            while words.count > 1, WordTable.english.classes(of: words[words.count - 1]).intersection([.suffix, .roman]) != [] {
                words.removeLast()
            }
            if let last = words.last { byLast[last, default: []].append(index) }
            if let first = words.first { byFirst[first, default: []].append(index) }
        }
        var pairs: [(Int, Int)] = []
        for (index, name) in names.enumerated() {
            let classes = WordTable.english.classes(of: name.words.first ?? 0)
            if name.words.count == 1, let word = name.words.first {
                let full = (byLast[word] ?? []).filter { isPersonLike($0) }
                if !full.isEmpty, name.type != .place, name.type != .event,
                    classes.intersection([.knownPlace, .demonym, .organization, .place, .event, .work, .ofHead]) == []
                {
                    if let one = samePerson(full), isIntroduced(index, by: one) { pairs.append((index, one)) }
                    continue
                }
                let given = (byFirst[word] ?? []).filter { names[$0].type == .person }
                if classes.contains(.givenName), given.count == 1, byFirst[word]?.count == 1, isIntroduced(index, by: given[0]) {
                    pairs.append((index, given[0]))
                    continue
                }
            }
            // Conoco, Conoco Inc.; Iowa Telecom, Iowa Telecom Group.
            let longer = (byFirst[name.words.first ?? 0] ?? []).filter { other in
                let long = names[other].words
                guard long.count > name.words.count, long.starts(with: name.words) else { return false }
                return long.dropFirst(name.words.count)
                    .allSatisfy { !WordTable.english.classes(of: $0).intersection([.legalForm, .suffix]).isEmpty }
            }
            if longer.count == 1 { pairs.append((index, longer[0])) }
            // Christine Razanamahasoa, Christine Harijaona Razanamahasoa.
            if name.words.count == 2, isPersonLike(index) {
                for other in byFirst[name.words[0]] ?? []
                where names[other].words.count == 3 && names[other].words.last == name.words.last && isPersonLike(other) {
                    pairs.append((index, other))
                }
            }
        }
        return pairs
    }

    /// Whether the full name stands before the short one, as prose introduces people.
    private func isIntroduced(_ short: Int, by full: Int) -> Bool { names[full].span < names[short].span }

    private func isPersonLike(_ index: Int) -> Bool {
        let name = names[index]
        guard name.words.count > 1, name.words.count < 5 else { return false }
        if name.type == .person { return true }
        return name.type == .concept
            && name.words.allSatisfy {
                WordTable.english.classes(of: $0).intersection([
                    .organization, .place, .event, .work, .knownPlace, .demonym, .function, .legalForm, .common, .ofHead,
                ]).isEmpty
            }
    }

    /// The one name of those that the others shorten; none where two different people are meant.
    private func samePerson(_ full: [Int]) -> Int? {
        guard let first = full.first else { return nil }
        return full.allSatisfy { names[$0].words.first == names[first].words.first } ? first : nil
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
