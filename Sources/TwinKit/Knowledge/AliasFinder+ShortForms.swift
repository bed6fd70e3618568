/// Names that are a part of a longer name of the same document.
extension AliasFinder {
    /// The names with a word at one end, as long as they are few: where hundreds share one, it tells none of them apart, and a
    /// text that is made of such names takes no longer than another.
    private func few(_ names: [UInt64: [Int]], _ word: UInt64) -> [Int] {
        guard let found = names[word], found.count <= 64 else { return [] }
        return found
    }

    // MARK: People

    func personPairs() -> [(Int, Int)] {
        var byLast: [UInt64: [Int]] = [:]
        var byFirst: [UInt64: [Int]] = [:]
        for (index, name) in names.enumerated() where name.words.count > 1 && isPersonLike(index) {
            if let last = plainWords(name).last { byLast[last, default: []].append(index) }
            if let first = name.words.first { byFirst[first, default: []].append(index) }
        }
        var pairs: [(Int, Int)] = []
        for (index, name) in names.enumerated() {
            if name.words.count == 1, let word = name.words.first {
                if let one = bearer(of: word, index, few(byLast, word)) {
                    pairs.append((index, one))
                } else if byLast[word] == nil, name.type == .person || classes(word).contains(.givenName),
                    byFirst[word]?.count == 1,
                    let given = byFirst[word]?.first, names[given].type == .person, isIntroduced(index, by: given)
                {
                    pairs.append((index, given))
                }
                continue
            }
            guard isPersonLike(index), let last = plainWords(name).last else { continue }
            for other in few(byLast, last) where other != index && isSamePerson(name, names[other]) {
                // A father and a son who share a name are two, and the name alone is of neither.
                let plain = suffix(name).isEmpty ? name : names[other]
                let suffixes = few(byLast, last).map { names[$0] }.filter { isSamePerson(plain, $0) }.map(suffix)
                if Set(suffixes).subtracting([[]]).count <= 1 { pairs.append((index, other)) }
            }
            // De Masi, Francesco De Masi.
            let longer = few(byLast, last).filter {
                names[$0].words.count > name.words.count && names[$0].words.suffix(name.words.count) == name.words[...]
            }
            if longer.count == 1, classes(name.words[0]).contains(.particle) { pairs.append((index, longer[0])) }
            // Gregorio Pacheco, Gregorio Pacheco Leyes.
            let fuller = few(byFirst, name.words[0]).filter {
                plainWords(names[$0]).count > name.words.count && names[$0].words.starts(with: name.words)
            }
            if fuller.count == 1, name.type == .person, names[fuller[0]].type == .person { pairs.append((index, fuller[0])) }
        }
        return pairs
    }

    /// The one person of the full names with this surname that a mention of the surname alone means; none where there are two.
    private func bearer(of word: UInt64, _ index: Int, _ full: [Int]) -> Int? {
        guard let first = full.first, names[index].type != .place, names[index].type != .event else { return nil }
        guard
            classes(word).isDisjoint(with: [.knownPlace, .demonym, .organization, .place, .event, .work, .ofHead]),
            full.allSatisfy({ $0 == first || isSamePerson(names[first], names[$0]) }), isIntroduced(index, by: first),
            names[index].type == .person || names[first].type == .person
        else { return nil }
        return first
    }

    /// The words of a person's name without Jr. and III.
    private func plainWords(_ name: Name) -> [UInt64] {
        var words = name.words
        while words.count > 1, let last = words.last, !classes(last).isDisjoint(with: [.suffix, .roman]) { words.removeLast() }
        return words
    }

    /// What stands behind a person's name: Jr., III.
    private func suffix(_ name: Name) -> [UInt64] { Array(name.words.dropFirst(plainWords(name).count)) }

    /// Whether two full names with one surname are of one person: J. H. Dearle, John Henry Dearle, John Dearle.
    private func isSamePerson(_ first: Name, _ second: Name) -> Bool {
        let (one, other) = (suffix(first), suffix(second))
        // Jr. may be left off, a king's number may not.
        guard one == other || one.isEmpty != other.isEmpty && (one + other).allSatisfy({ classes($0).contains(.suffix) }) else {
            return false
        }
        guard first.type == .person || second.type == .person else { return false }
        var (short, long) = (given(first), given(second))
        if short.count > long.count { swap(&short, &long) }
        guard let one = short.first, let other = long.first, isSameGivenName(one, other) else { return false }
        var rest = long.dropFirst()
        for name in short.dropFirst() {
            guard let found = rest.firstIndex(where: { isSameGivenName(name, $0) }) else { return false }
            rest = rest[(found + 1)...]
        }
        return true
    }

    /// The tokens of a person's given names.
    private func given(_ name: Name) -> [Int] { Array(name.tokens.prefix(max(0, plainWords(name).count - 1))) }

    private func isSameGivenName(_ first: Int, _ second: Int) -> Bool {
        if tokens[first].hash == tokens[second].hash { return true }
        return (isInitial(first) || isInitial(second)) && tokens[first].first == tokens[second].first
    }

    private func isInitial(_ token: Int) -> Bool {
        let range = tokens[token].range
        return range.count == 1 || range.count == 2 && bytes[range.lowerBound + 1] == 0x2E
    }

    /// Whether the full name stands before the short one, as prose introduces people.
    private func isIntroduced(_ short: Int, by full: Int) -> Bool { names[full].span < names[short].span }

    func isPersonLike(_ index: Int) -> Bool {
        let name = names[index]
        guard name.words.count > 1, name.words.count < 6 else { return false }
        if name.type == .person { return true }
        return name.type == .concept && name.words.count < 5
            && name.words.allSatisfy {
                classes($0).isDisjoint(with: [
                    .organization, .place, .event, .work, .knownPlace, .demonym, .function, .legalForm, .common, .ofHead,
                ])
            }
    }

    // MARK: Everything else

    /// Names in which another is a part: with a legal form, an institution's noun, its place or its people before it.
    func shortFormPairs() -> [(Int, Int)] {
        var byFirst: [UInt64: [Int]] = [:]
        var byLast: [UInt64: [Int]] = [:]
        for (index, name) in names.enumerated() where name.words.count > 1 {
            if let first = name.words.first { byFirst[first, default: []].append(index) }
            if let last = name.words.last { byLast[last, default: []].append(index) }
        }
        var pairs: [(Int, Int)] = []
        for (index, name) in names.enumerated() {
            guard let first = name.words.first, let last = name.words.last else { continue }
            let extended = few(byFirst, first).filter { isExtension($0, of: index) }
            if extended.count == 1 { pairs.append((index, extended[0])) }
            let qualified = few(byLast, last).filter { isQualified($0, index) }
            if qualified.count == 1 { pairs.append((index, qualified[0])) }
            if name.words.count == 1, !classes(first).isDisjoint(with: Self.heads), extended.isEmpty, qualified.isEmpty {
                let whole = Set(few(byLast, first) + few(byFirst, first)).filter { isHead(first, of: $0) }
                if whole.count == 1, let one = whole.first, isIntroduced(index, by: one), isAlike(index, one) {
                    pairs.append((index, one))
                }
            }
        }
        return pairs
    }

    private static let heads: WordClass = [.organization, .event, .work]

    private func isAlike(_ first: Int, _ second: Int) -> Bool {
        let (first, second) = (names[first].type, names[second].type)
        return first != .person && second != .person && (first == second || first == .concept)
    }

    /// Conoco, Conoco Inc.; Yale, Yale College; Supreme Court, Supreme Court of Pakistan.
    private func isExtension(_ long: Int, of short: Int) -> Bool {
        let (words, part) = (names[long].words, names[short].words)
        guard words.count > part.count, words.starts(with: part) else { return false }
        let rest = words.dropFirst(part.count)
        if rest.allSatisfy({ classes($0).contains(.legalForm) }) { return names[short].type != .person }
        guard isAlike(short, long) else { return false }
        if rest.first == NameRun.of, rest.count > 1, part.contains(where: { !classes($0).isDisjoint(with: Self.heads) }) {
            return isIntroduced(short, by: long)
                && rest.dropFirst().allSatisfy { classes($0).contains(.knownPlace) || $0 == NameRun.the }
        }
        return names[long].type == .organization && part.allSatisfy { classes($0).isDisjoint(with: [.knownPlace, .demonym]) }
            && rest.count == 1 && rest.allSatisfy(Self.plainExtensions.contains)
    }

    /// What is left off when an institution is spoken of again. Studios, departments and orchestras are others than their houses.
    private static let plainExtensions = Set(
        "university college school records associates partners foundation airlines airways bank brewery"
            .split(separator: " ").map { WordHash.of(String($0)) })

    /// Vikings, Minnesota Vikings; Navy, U.S. Navy.
    private func isQualified(_ long: Int, _ short: Int) -> Bool {
        let (words, part) = (names[long].words, names[short].words)
        guard words.count > part.count, words.suffix(part.count) == part[...], isAlike(short, long),
            isIntroduced(short, by: long),
            names[long].type != .place || part.count > 1, classes(part[0]).isDisjoint(with: [.knownPlace, .demonym])
        else { return false }
        return words.dropLast(part.count).allSatisfy { !classes($0).isDisjoint(with: [.knownPlace, .demonym]) }
    }

    /// Whether a word is what the name says the thing to be: Rockefeller Brothers Fund, Committee against the White Terror.
    private func isHead(_ word: UInt64, of name: Int) -> Bool {
        let words = names[name].words
        if words.last == word { return !words.contains(NameRun.of) }
        return words.first == word && words.count > 2 && classes(words[1]).contains(.function)
    }
}
