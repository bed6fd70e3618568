import TwinSearch

/// Passages of different sources that say the same: the same document read twice, or two editions of it. One stands for all,
/// so that a copy neither halves what is said of a source nor takes another passage's place.
enum NearDuplicates {
    /// From this share of common words on two passages are one, as a Jaccard index.
    private static let sameShare = 0.8

    /// The passages without the copies, in their order, and the copies of each. Of two editions whose names differ by a year the
    /// newer stands for both, else the one that was found first.
    static func parted(_ passages: [StoredPassage]) -> (kept: [StoredPassage], copies: [Int: [StoredPassage]]) {
        var kept: [StoredPassage] = []
        var words: [Set<Substring>] = []
        var copies: [Int: [StoredPassage]] = [:]
        for passage in passages {
            let own = Set(passage.passage.text.split { !$0.isLetter && !$0.isNumber })
            let match = kept.indices.first { place in
                kept[place].passage.source != passage.passage.source && isSame(own, words[place])
            }
            guard let match else {
                kept.append(passage)
                words.append(own)
                continue
            }
            if isNewer(passage, than: kept[match]) {
                var newer = passage
                newer.passage.score = max(newer.passage.score, kept[match].passage.score)
                copies[match, default: []].append(kept[match])
                kept[match] = newer
                words[match] = own
            } else {
                copies[match, default: []].append(passage)
            }
        }
        return (kept, copies)
    }

    private static func isSame(_ one: Set<Substring>, _ other: Set<Substring>) -> Bool {
        let (few, many) = one.count < other.count ? (one, other) : (other, one)
        guard !few.isEmpty, Double(few.count) >= sameShare * Double(many.count) else { return false }
        let common = few.count { many.contains($0) }
        return Double(common) >= sameShare * Double(one.count + other.count - common)
    }

    /// Whether two sources have the same name but for a year, and the first has the later one.
    private static func isNewer(_ one: StoredPassage, than other: StoredPassage) -> Bool {
        guard let first = edition(one.locator), let second = edition(other.locator) else { return false }
        return first.name == second.name && first.year > second.year
    }

    /// A name without its last number of four digits, and that number.
    private static func edition(_ locator: String) -> (name: String, year: Int)? {
        let name = locator.split(separator: "/").last.map(String.init) ?? locator
        var digits: [Character] = []
        var found: (start: Int, year: Int)?
        let characters = Array(name)
        for (place, character) in (characters + [" "]).enumerated() {
            if character.isASCII, character.isNumber {
                digits.append(character)
                continue
            }
            if digits.count == 4, let year = Int(String(digits)), (1900...2199).contains(year) { found = (place - 4, year) }
            digits = []
        }
        guard let found else { return nil }
        return (String(characters[..<found.start] + characters[(found.start + 4)...]), found.year)
    }
}
