import Testing

@testable import TwinKit

@Suite struct `Typing mistakes` {
    private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz".utf8)

    @Test func `a word is among the readings of every word that one mistake makes of it`() {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<300 {
            let word = (0..<Int.random(in: 2...12, using: &random)).map { _ in Self.alphabet.randomElement(using: &random) ?? 0x61
            }
            var typed = word
            let place = Int.random(in: 0..<word.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: typed.remove(at: place)
            case 1: typed.insert(Self.alphabet.randomElement(using: &random) ?? 0x61, at: place)
            case 2: typed[place] = Self.alphabet.randomElement(using: &random) ?? 0x61
            default: if place + 1 < typed.count { typed.swapAt(place, place + 1) }
            }
            guard typed != word else { continue }
            let cost = TypingMistake(String(decoding: typed, as: UTF8.self)).readings[String(decoding: word, as: UTF8.self)]
            #expect(cost.map { (0.5...1.5).contains($0) } == true, "\(String(decoding: typed, as: UTF8.self))")
        }
    }

    @Test func `no reading is further away than one mistake, and the word itself is none`() {
        for word in ["", "a", "aa", "ab", "letter", "mississippi"] {
            let readings = TypingMistake(word).readings
            #expect(readings[word] == nil)
            for reading in readings.keys {
                #expect(EditDistance.between(Array(word.utf8), Array(reading.utf8), limit: 1) == 1, "\(word) \(reading)")
            }
        }
    }

    @Test func `mistakes that are made often cost less, and those of the first letter more`() throws {
        let readings = TypingMistake("lettre").readings
        let swapped = try #require(readings["letter"])
        let replaced = try #require(readings["lettme"])
        #expect(swapped < replaced)
        let first = try #require(readings["bettre"])
        #expect(replaced < first)
        let doubled = try #require(TypingMistake("leter").readings["letter"])
        let left = try #require(TypingMistake("leter").readings["lenter"])
        #expect(doubled < left)
    }
}
