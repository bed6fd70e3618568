/// The words that one mistake of typing makes a word of, each with what that mistake costs: one letter is put in, left out,
/// replaced or swapped with the next, as four of five misspellings are (Damerau, 1964).
struct TypingMistake {
    /// What the word may have been meant to be, with the mistake's cost: about 1, less for mistakes that are made more often.
    private(set) var readings: [String: Double] = [:]

    /// Of a word in lower case, a to z.
    init(_ word: String) {
        let letters = Array(word.utf8)
        for place in letters.indices.dropLast() where letters[place] != letters[place + 1] {
            var other = letters
            other.swapAt(place, place + 1)
            add(other, Cost.swapped, isAtStart: place == 0)
        }
        for place in letters.indices {
            var shorter = letters
            shorter.remove(at: place)
            let isDoubled = place > 0 && letters[place - 1] == letters[place]
            add(shorter, isDoubled ? Cost.doubled : Cost.tooMany, isAtStart: place == 0)
            for letter in Self.alphabet where letter != letters[place] {
                var replaced = letters
                replaced[place] = letter
                add(replaced, Cost.replaced, isAtStart: place == 0)
            }
        }
        for place in 0...letters.count {
            for letter in Self.alphabet {
                var longer = letters
                longer.insert(letter, at: place)
                let isDoubled = place > 0 && letters[place - 1] == letter || place < letters.count && letters[place] == letter
                add(longer, isDoubled ? Cost.doubled : Cost.leftOut, isAtStart: place == 0 && !isDoubled)
            }
        }
        readings[word] = nil
    }

    private mutating func add(_ letters: [UInt8], _ cost: Double, isAtStart: Bool) {
        let cost = isAtStart ? cost + Cost.first : cost
        let word = String(decoding: letters, as: UTF8.self)
        readings[word] = min(readings[word] ?? cost, cost)
    }

    /// What mistakes cost, by how often they are made: hardly anybody mistypes the first letter (Pollock and Zamora, 1984).
    private enum Cost {
        static let swapped = 0.8
        static let doubled = 0.85
        static let leftOut = 1.0
        static let tooMany = 1.05
        static let replaced = 1.15
        static let first = 0.3
    }

    private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz".utf8)
}
