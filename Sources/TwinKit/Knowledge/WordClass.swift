/// What is known of a word whatever stands around it. A word may be in several classes ("May" is a month and a name).
struct WordClass: OptionSet {
    let rawValue: UInt32

    /// Articles, pronouns, prepositions, conjunctions, auxiliaries: capitalised only because a sentence begins with them.
    static let function = WordClass(rawValue: 1 << 0)
    /// Ordinary words that sentences often begin with.
    static let common = WordClass(rawValue: 1 << 1)
    /// Stands before a person's name and is not part of it.
    static let title = WordClass(rawValue: 1 << 2)
    /// Weekdays and months.
    static let calendar = WordClass(rawValue: 1 << 3)
    /// The noun that makes a name one of an organization: University, Committee.
    static let organization = WordClass(rawValue: 1 << 4)
    /// Legal forms that end a company's name.
    static let legalForm = WordClass(rawValue: 1 << 5)
    /// The noun that makes a name one of a place: County, River.
    static let place = WordClass(rawValue: 1 << 6)
    /// Stands before the rest of a place's name: Lake, Mount, San.
    static let placePrefix = WordClass(rawValue: 1 << 7)
    /// The noun that makes a name one of an event: War, Olympics.
    static let event = WordClass(rawValue: 1 << 8)
    /// Peoples, languages and what belongs to them: German, Islamic.
    static let demonym = WordClass(rawValue: 1 << 9)
    /// Countries, states, continents, capitals.
    static let knownPlace = WordClass(rawValue: 1 << 10)
    static let givenName = WordClass(rawValue: 1 << 11)
    /// Lower-case words inside names: de, von, bin.
    static let particle = WordClass(rawValue: 1 << 12)
    static let roman = WordClass(rawValue: 1 << 13)
    /// Verbs that only people and organizations do: said, argued.
    static let speech = WordClass(rawValue: 1 << 14)
    /// Nouns that may be followed by "of" inside a name: Bank, Battle, Republic.
    static let ofHead = WordClass(rawValue: 1 << 15)
    /// The noun that makes a name one of a work, a prize or a law.
    static let work = WordClass(rawValue: 1 << 16)
    /// Auxiliaries and frequent verbs that follow a subject.
    static let verb = WordClass(rawValue: 1 << 17)
    /// Occupations and roles: what a person is, not who.
    static let role = WordClass(rawValue: 1 << 18)
    /// Abbreviations that keep their full stop and end no sentence.
    static let abbreviation = WordClass(rawValue: 1 << 19)
    /// Suffixes of persons' names: Jr., Sr.
    static let suffix = WordClass(rawValue: 1 << 20)
    /// Capitalised words and acronyms that name nothing: TV, CEO.
    static let noName = WordClass(rawValue: 1 << 21)
    /// Words that may follow "of" or stand in names but are parted from them in front: former, northern.
    static let modifier = WordClass(rawValue: 1 << 22)
}

/// The hash by which words are compared: FNV-1a over bytes in lower case, where the typographic apostrophe is the plain one.
struct WordHash {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    @inline(__always)
    mutating func add(_ byte: UInt8) {
        value = (value ^ UInt64(byte)) &* 0x100_0000_01B3
    }

    /// Adds bytes as they stand in a text, in lower case where they are ASCII or Latin-1.
    @inline(__always)
    mutating func add(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = bytes[index]
            if byte < 0x80 {
                add(byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte)
            } else if byte == 0xC3, index + 1 < range.upperBound {
                add(byte)
                index += 1
                let second = bytes[index]
                add(second >= 0x80 && second <= 0x9E && second != 0x97 ? second + 0x20 : second)
            } else if byte == 0xE2, index + 2 < range.upperBound, bytes[index + 1] == 0x80, bytes[index + 2] == 0x99 {
                add(0x27)
                index += 2
            } else {
                add(byte)
            }
            index += 1
        }
    }

    static func of(_ word: String) -> UInt64 {
        var hash = WordHash()
        var word = word
        word.withUTF8 { hash.add($0, 0..<$0.count) }
        return hash.value
    }
}

/// A table from words to what is known of them, made once. Looking a word up costs one probe as a rule.
struct WordTable: Sendable {
    private var keys: [UInt64]
    private var values: [UInt32]
    private let mask: Int

    init(_ classes: [(WordClass, String)]) {
        let words = classes.flatMap { entry in entry.1.split(whereSeparator: \.isWhitespace).map { (entry.0, String($0)) } }
        var capacity = 1024
        while capacity < words.count * 3 { capacity *= 2 }
        keys = [UInt64](repeating: 0, count: capacity)
        values = [UInt32](repeating: 0, count: capacity)
        mask = capacity - 1
        for (kind, word) in words {
            let hash = WordHash.of(word)
            var slot = Int(truncatingIfNeeded: hash) & mask
            while keys[slot] != 0, keys[slot] != hash { slot = (slot + 1) & mask }
            keys[slot] = hash
            values[slot] |= kind.rawValue
        }
    }

    @inline(__always)
    func classes(of hash: UInt64) -> WordClass {
        var slot = Int(truncatingIfNeeded: hash) & mask
        while keys[slot] != 0 {
            if keys[slot] == hash { return WordClass(rawValue: values[slot]) }
            slot = (slot + 1) & mask
        }
        return []
    }
}
