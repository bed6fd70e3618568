/// The English stemmer known as Porter2, as Snowball 3.1 defines it
/// (https://snowballstem.org/algorithms/english/stemmer.html).
///
/// It takes a lower-case word of the letters `a` to `z` and apostrophes and cuts it down to its stem: `relational` and
/// `relate` both become `relat`. A stem is a key for matching, not a word to show.
package enum Porter2 {
    /// The stem of `word`. A word with other bytes than `a`...`z` and `'` comes back as it is.
    package static func stem(_ word: String) -> String {
        var bytes = Array(word.utf8)
        let count = bytes.withUnsafeMutableBufferPointer { buffer -> Int in
            guard buffer.allSatisfy({ ($0 >= 0x61 && $0 <= 0x7A) || $0 == 0x27 }) else { return buffer.count }
            return stem(buffer)
        }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    /// Stems in place, and returns the length of the stem, which is at most that of the word.
    static func stem(_ word: UnsafeMutableBufferPointer<UInt8>) -> Int {
        guard let base = word.baseAddress, word.count > 2 else { return word.count }
        var stemming = Stemming(bytes: base, count: word.count)
        stemming.run()
        return stemming.count
    }

    /// A word while it is cut. `Y` stands for a `y` that works as a consonant.
    private struct Stemming {
        let bytes: UnsafeMutablePointer<UInt8>
        var count: Int
        /// Where the regions R1 and R2 begin.
        var r1 = 0
        var r2 = 0

        init(bytes: UnsafeMutablePointer<UInt8>, count: Int) {
            self.bytes = bytes
            self.count = count
        }

        mutating func run() {
            if replaceException() { return }
            let marked = markConsonants()
            markRegions()
            removePlural()
            removePast()
            replaceFinalY()
            replaceDerivation()
            reduceDerivation()
            removeDerivation()
            removeFinalLetter()
            if marked { for index in 0..<count where bytes[index] == UInt8(ascii: "Y") { bytes[index] = UInt8(ascii: "y") } }
        }

        // MARK: Letters

        func isVowel(_ index: Int) -> Bool {
            switch bytes[index] {
            case UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "i"), UInt8(ascii: "o"), UInt8(ascii: "u"),
                UInt8(ascii: "y"):
                true
            default: false
            }
        }

        func containsVowel(before end: Int) -> Bool {
            for index in 0..<Swift.max(end, 0) where isVowel(index) { return true }
            return false
        }

        func matches(_ text: StaticString, at start: Int) -> Bool {
            guard start >= 0, start + text.utf8CodeUnitCount <= count else { return false }
            for index in 0..<text.utf8CodeUnitCount where bytes[start + index] != text.utf8Start[index] { return false }
            return true
        }

        func ends(_ suffix: StaticString) -> Bool { matches(suffix, at: count - suffix.utf8CodeUnitCount) }

        func isExactly(_ word: StaticString) -> Bool { count == word.utf8CodeUnitCount && matches(word, at: 0) }

        /// Puts `text` where the last `removed` letters stand.
        mutating func replace(last removed: Int, by text: StaticString) {
            let start = count - removed
            for index in 0..<text.utf8CodeUnitCount { bytes[start + index] = text.utf8Start[index] }
            count = start + text.utf8CodeUnitCount
        }

        /// Whether the word ends in a short syllable: consonant, vowel, and a consonant other than w, x and Y; or a vowel
        /// that begins the word and a consonant; or `past`.
        var endsInShortSyllable: Bool {
            if count >= 3, !isVowel(count - 1), isVowel(count - 2), !isVowel(count - 3) {
                switch bytes[count - 1] {
                case UInt8(ascii: "w"), UInt8(ascii: "x"), UInt8(ascii: "Y"): break
                default: return true
                }
            }
            if count == 2, !isVowel(1), isVowel(0) { return true }
            return ends("past")
        }

        // MARK: Before the steps

        /// Words that the rules would spoil.
        mutating func replaceException() -> Bool {
            for (word, stem) in Porter2.exceptions where isExactly(word) {
                replace(last: count, by: stem)
                return true
            }
            return false
        }

        mutating func markConsonants() -> Bool {
            if bytes[0] == UInt8(ascii: "'") {
                for index in 1..<count { bytes[index - 1] = bytes[index] }
                count -= 1
            }
            var marked = false
            for index in 0..<count where bytes[index] == UInt8(ascii: "y") {
                if index == 0 || isVowel(index - 1) {
                    bytes[index] = UInt8(ascii: "Y")
                    marked = true
                }
            }
            return marked
        }

        /// R1 is the part after the first consonant that follows a vowel; R2 is the same of R1.
        mutating func markRegions() {
            func region(from start: Int) -> Int {
                var index = start
                while index < count, !isVowel(index) { index += 1 }
                while index < count, isVowel(index) { index += 1 }
                return index < count ? index + 1 : count
            }
            r1 = Porter2.prefixes.first { matches($0, at: 0) }?.utf8CodeUnitCount ?? region(from: 0)
            r2 = region(from: r1)
        }

        // MARK: The steps

        /// Step 1a.
        mutating func removePlural() {
            if ends("'s'") { count -= 3 } else if ends("'s") { count -= 2 } else if ends("'") { count -= 1 }
            if ends("sses") {
                count -= 2
            } else if ends("ied") || ends("ies") {
                count -= count > 4 ? 2 : 1
            } else if ends("s"), !ends("ss"), !ends("us"), containsVowel(before: count - 2) {
                count -= 1
            }
        }

        /// Step 1b.
        mutating func removePast() {
            let removed: Int
            if ends("eedly") || ends("eed") {
                let length = ends("eed") ? 3 : 5
                let start = count - length
                guard start >= r1 else { return }
                if (start == 4 && (matches("succ", at: 0) || matches("proc", at: 0))) || (start == 3 && matches("exc", at: 0)) {
                    return
                }
                replace(last: length, by: "ee")
                return
            } else if ends("ingly") {
                removed = 5
            } else if ends("edly") {
                removed = 4
            } else if ends("ing") {
                if count == 5, bytes[1] == UInt8(ascii: "y"), !isVowel(0) {
                    replace(last: 4, by: "ie")
                    return
                }
                for word in Porter2.nounsInIng where isExactly(word) { return }
                removed = 3
            } else if ends("ed") {
                removed = 2
            } else {
                return
            }
            guard containsVowel(before: count - removed) else { return }
            count -= removed
            if ends("at") || ends("bl") || ends("iz") {
                replace(last: 0, by: "e")
            } else if endsInDouble {
                if count == 3, [UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "o")].contains(bytes[0]) { return }
                count -= 1
            } else if count == r1, endsInShortSyllable {
                replace(last: 0, by: "e")
            }
        }

        var endsInDouble: Bool {
            guard count >= 2, bytes[count - 1] == bytes[count - 2] else { return false }
            switch bytes[count - 1] {
            case UInt8(ascii: "b"), UInt8(ascii: "d"), UInt8(ascii: "f"), UInt8(ascii: "g"), UInt8(ascii: "m"),
                UInt8(ascii: "n"), UInt8(ascii: "p"), UInt8(ascii: "r"), UInt8(ascii: "t"):
                return true
            default: return false
            }
        }

        /// Step 1c.
        mutating func replaceFinalY() {
            if count > 2, ends("y") || ends("Y"), !isVowel(count - 2) { bytes[count - 1] = UInt8(ascii: "i") }
        }

        /// Step 2.
        mutating func replaceDerivation() {
            for (suffix, replacement) in Porter2.derivations where ends(suffix) {
                if count - suffix.utf8CodeUnitCount >= r1 { replace(last: suffix.utf8CodeUnitCount, by: replacement) }
                return
            }
            if ends("ogi") {
                if count - 3 >= r1, count > 3, bytes[count - 4] == UInt8(ascii: "l") { count -= 1 }
            } else if ends("li"), count - 2 >= r1, count > 2 {
                switch bytes[count - 3] {
                case UInt8(ascii: "c"), UInt8(ascii: "d"), UInt8(ascii: "e"), UInt8(ascii: "g"), UInt8(ascii: "h"),
                    UInt8(ascii: "k"), UInt8(ascii: "m"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
                    count -= 2
                default: break
                }
            }
        }

        /// Step 3.
        mutating func reduceDerivation() {
            for (suffix, replacement) in Porter2.reductions where ends(suffix) {
                if count - suffix.utf8CodeUnitCount >= r1 { replace(last: suffix.utf8CodeUnitCount, by: replacement) }
                return
            }
            if ends("ative"), count - 5 >= r2 { count -= 5 }
        }

        /// Step 4.
        mutating func removeDerivation() {
            for suffix in Porter2.removals where ends(suffix) {
                if count - suffix.utf8CodeUnitCount >= r2 { count -= suffix.utf8CodeUnitCount }
                return
            }
            if ends("ion"), count - 3 >= r2, count > 3 {
                let letter = bytes[count - 4]
                if letter == UInt8(ascii: "s") || letter == UInt8(ascii: "t") { count -= 3 }
            }
        }

        /// Step 5.
        mutating func removeFinalLetter() {
            if ends("e") {
                count -= 1
                if !(count >= r2 || (count >= r1 && !endsInShortSyllable)) { count += 1 }
            } else if ends("ll"), count - 1 >= r2 {
                count -= 1
            }
        }
    }

    private static let exceptions: [(StaticString, StaticString)] = [
        ("skis", "ski"), ("skies", "sky"), ("idly", "idl"), ("gently", "gentl"), ("ugly", "ugli"), ("early", "earli"),
        ("only", "onli"), ("singly", "singl"), ("andes", "andes"), ("atlas", "atlas"), ("bias", "bias"),
        ("cosmos", "cosmos"), ("howe", "howe"), ("news", "news"), ("sky", "sky"),
    ]
    /// Beginnings after which R1 starts, so that for example `general` and `generate` stay apart.
    private static let prefixes: [StaticString] = [
        "arsen", "commun", "emerg", "gener", "inter", "later", "organ", "past", "univers",
    ]
    private static let nounsInIng: [StaticString] = ["evening", "canning", "inning", "earring", "herring", "outing"]
    // The longest suffix that fits decides, so each of these lists has the longer of two overlapping suffixes first.
    private static let derivations: [(StaticString, StaticString)] = [
        ("ization", "ize"), ("ational", "ate"), ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"),
        ("tional", "tion"), ("biliti", "ble"), ("lessli", "less"), ("entli", "ent"), ("ation", "ate"), ("alism", "al"),
        ("aliti", "al"), ("fulli", "ful"), ("ousli", "ous"), ("iviti", "ive"), ("ogist", "og"), ("enci", "ence"),
        ("anci", "ance"), ("abli", "able"), ("izer", "ize"), ("ator", "ate"), ("alli", "al"), ("bli", "ble"),
    ]
    private static let reductions: [(StaticString, StaticString)] = [
        ("ational", "ate"), ("tional", "tion"), ("alize", "al"), ("icate", "ic"), ("iciti", "ic"), ("ical", "ic"),
        ("ness", ""), ("ful", ""),
    ]
    private static let removals: [StaticString] = [
        "ement", "ment", "ance", "ence", "able", "ible", "ant", "ent", "ism", "ate", "iti", "ous", "ive", "ize", "al", "er",
        "ic",
    ]
}
