import Glibc
import TwinKit
import TwinSupport

/// Documents of 120 words drawn from a vocabulary by Zipf's law, and queries of six words from common to rare.
enum SyntheticCorpus {
    private static let vocabulary = 200_000
    private static let words = 120
    private static let queriesEach = 50
    /// Ranks of the words of each band of queries.
    private static let bands: [(String, ClosedRange<Int>)] = [
        ("common", 5...60), ("medium", 60...300), ("uncommon", 500...3_000), ("rare", 5_000...40_000),
    ]

    static func write(to folder: String, documents: Int) throws {
        var random = Generator(state: 42)
        // Words of syllables, so that stemming has something to do.
        var known: Set<String> = []
        var list: [String] = []
        let onsets = ["b", "c", "d", "f", "g", "l", "m", "n", "p", "r", "s", "t", "v", "st", "tr", "pl", "sh"]
        let vowels = ["a", "e", "i", "o", "u", "ea", "ou"]
        let endings = ["", "", "", "n", "r", "s", "ed", "ing", "ly", "tion", "ness", "al"]
        while list.count < vocabulary {
            var word = ""
            for _ in 0..<(1 + list.count.bitWidth - (list.count + 1).leadingZeroBitCount) / 6 + 1 {
                word += onsets[random.below(onsets.count)] + vowels[random.below(vowels.count)]
            }
            word += endings[random.below(endings.count)]
            if known.insert(word).inserted { list.append(word) }
        }
        var cumulative: [Double] = []
        var total = 0.0
        for rank in 1...vocabulary {
            total += 1 / Double(rank)
            cumulative.append(total)
        }
        func draw() -> String {
            let target = Double(random.next() >> 11) / Double(1 << 53) * total
            var low = 0
            var high = vocabulary - 1
            while low < high {
                let middle = (low + high) / 2
                if cumulative[middle] < target { low = middle + 1 } else { high = middle }
            }
            return list[low]
        }
        mkdir(folder, 0o755)
        guard let file = fopen(folder + "/documents.txt", "w"), let queries = fopen(folder + "/queries.txt", "w") else {
            throw TwinError(.failed, "\(folder) cannot be written")
        }
        for _ in 0..<documents {
            fputs((0..<words).map { _ in draw() }.joined(separator: " ") + "\n", file)
        }
        fclose(file)
        for (name, ranks) in bands {
            for _ in 0..<queriesEach {
                let chosen = (0..<6).map { _ in list[ranks.lowerBound + random.below(ranks.count)] }
                fputs(name + "\t" + chosen.joined(separator: " ") + "\n", queries)
            }
        }
        fclose(queries)
    }

    /// SplitMix64.
    private struct Generator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
        mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
    }
}
