/// Names that are one name written differently.
extension AliasFinder {
    func letters(of name: Int) -> [UInt8] {
        let range = spans[names[name].span].range
        guard let first = names[name].tokens.first else { return [] }
        return NameLetters.of(bytes, min(max(range.lowerBound, Int(tokens[first].start)), range.upperBound)..<range.upperBound)
    }

    /// Durán and Duran, Qur'an and Quran, Native American and Native Americans.
    func spellingPairs() -> [(Int, Int)] {
        var known: [[UInt8]: Int] = [:]
        var pairs: [(Int, Int)] = []
        for index in names.indices {
            var letters = letters(of: index)
            guard letters.count > 2 else { continue }
            // Peoples and parties are spoken of by their members.
            let isPeople = names[index].type == .organization || names[index].type == .concept && isDemonym(names[index])
            if isPeople, letters.count > 4, letters.last == 0x73, letters[letters.count - 2] != 0x73 { letters.removeLast() }
            if let first = known[letters] { pairs.append((first, index)) } else { known[letters] = index }
        }
        return pairs
    }

    private func isDemonym(_ name: Name) -> Bool { name.words.allSatisfy { classes($0).contains(.demonym) } }

    /// Kingdom of Thailand, Thailand; People's Republic of China, PRC.
    func statePairs() -> [(Int, Int)] {
        var places: [[UInt8]: Int] = [:]
        for (index, name) in names.enumerated() where name.type == .place && name.words.count <= 2 {
            let letters = letters(of: index)
            if places[letters] == nil { places[letters] = index }
        }
        guard !places.isEmpty else { return [] }
        return names.indices.compactMap { index in
            guard let place = formal(names[index]).flatMap({ places[$0] }), place != index else { return nil }
            return (place, index)
        }
    }

    /// The letters of a state's short name in its long one.
    private func formal(_ name: Name) -> [UInt8]? {
        guard name.type == .place, let of = name.words.firstIndex(of: NameRun.of), of > 0, of <= 3, of + 1 < name.words.count,
            Self.states.contains(name.words[of - 1]), let last = name.tokens.last
        else { return nil }
        let first = Int(tokens[name.tokens[of + 1]].start)
        return NameLetters.of(bytes, first..<max(first, Int(tokens[last].end)))
    }

    private static let states = Set("republic kingdom commonwealth state".split(separator: " ").map { WordHash.of(String($0)) })

    func classes(_ word: UInt64) -> WordClass { WordTable.english.classes(of: word) }
}
