/// Cheap upper bounds of the Ratcliff/Obershelp ratio with one text, so that few texts need the whole comparison: by the
/// lengths, by the characters that both have, and by the longest common subsequence. The matching blocks of two texts stand
/// in the same order in both, so together they are a common subsequence and never longer than the longest.
struct SimilarityBounds {
    private let length: Int
    private let isASCII: Bool
    private let counts: [Int32]
    /// For each character of ASCII the places where the text has it, a bit a place, `words` words of 64.
    private let places: [UInt64]
    private let words: Int

    init(_ text: String) {
        length = text.utf8.count
        isASCII = text.utf8.allSatisfy { $0 < 0x80 }
        words = (length + 63) / 64
        var counts = [Int32](repeating: 0, count: 128)
        var places = [UInt64](repeating: 0, count: 128 * words)
        for (place, byte) in text.utf8.enumerated() where byte < 0x80 {
            counts[Int(byte)] += 1
            places[Int(byte) * words + place / 64] |= 1 << UInt64(place % 64)
        }
        self.counts = counts
        self.places = places
    }

    /// With lengths a and b the ratio is at most 2·min(a, b) / (a + b). Bytes stand for characters in ASCII only; other
    /// texts are let through up to four bytes a character.
    func leastBytes(_ threshold: Double) -> Int {
        let least = Double(length) * threshold / (2 - threshold)
        return Int((isASCII ? least : least / 4).rounded(.down))
    }

    func mostBytes(_ threshold: Double) -> Int {
        let most = Double(length) * (2 - threshold) / threshold
        return Int((most * 4).rounded(.up))
    }

    /// Whether what both texts have, in the same order, would suffice. Texts that are compared in part only are let through.
    func mayReach(_ threshold: Double, _ other: UnsafeRawBufferPointer) -> Bool {
        guard isASCII, max(length, other.count) <= TextSimilarity.maximumLength else { return true }
        // Continuation bytes are no characters.
        let characters = other.count { $0 & 0xC0 != 0x80 }
        func suffices(_ common: Int) -> Bool { 2 * Double(common) >= threshold * Double(length + characters) }
        guard suffices(min(length, characters)) else { return false }
        // In short texts the subsequence costs no more than counting characters.
        if words <= 2 { return suffices(commonSubsequenceOfShort(other)) }
        return suffices(commonCharacters(other)) && suffices(commonSubsequence(other))
    }

    /// The characters that both have, in whatever order.
    private func commonCharacters(_ other: UnsafeRawBufferPointer) -> Int {
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: 128) { left in
            _ = left.initialize(from: counts)
            var common = 0
            // A character outside ASCII is in no text of ASCII.
            for byte in other where byte < 0x80 && left[Int(byte)] > 0 {
                left[Int(byte)] -= 1
                common += 1
            }
            return common
        }
    }

    /// As `commonSubsequence`, for one or two words of places, kept in registers.
    private func commonSubsequenceOfShort(_ other: UnsafeRawBufferPointer) -> Int {
        places.withUnsafeBufferPointer { places in
            var (low, high) = (~UInt64(0), ~UInt64(0))
            let hasHigh = words == 2
            for byte in other where byte < 0x80 {
                let match = low & places[Int(byte) * words]
                let (sum, isCarried) = low.addingReportingOverflow(match)
                low = sum | (low & ~match)
                guard hasHigh else { continue }
                let highMatch = high & places[Int(byte) * words + 1]
                high = (high &+ highMatch &+ (isCarried ? 1 : 0)) | (high & ~highMatch)
            }
            // Places beyond the text never match, so what carries past its end must not count.
            let lowMask = length >= 64 ? ~UInt64(0) : (1 << UInt64(length)) - 1
            let highMask = length <= 64 ? 0 : length >= 128 ? ~UInt64(0) : (1 << UInt64(length - 64)) - 1
            return (~low & lowMask).nonzeroBitCount + (~high & highMask).nonzeroBitCount
        }
    }

    /// The length of the longest common subsequence, 64 places at a time (Hyyrö, "Bit-parallel LCS-length computation
    /// revisited", 2004): a place whose bit is 0 in the end ends a longer subsequence than the one before it.
    private func commonSubsequence(_ other: UnsafeRawBufferPointer) -> Int {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: max(1, words)) { row in
            row.initialize(repeating: ~0)
            for byte in other where byte < 0x80 {
                var carry: UInt64 = 0
                for word in 0..<words {
                    let value = row[word]
                    let match = value & places[Int(byte) * words + word]
                    let (partial, first) = value.addingReportingOverflow(match)
                    let (sum, second) = partial.addingReportingOverflow(carry)
                    carry = first || second ? 1 : 0
                    row[word] = sum | (value & ~match)
                }
            }
            var common = 0
            for place in 0..<length where row[place / 64] & (1 << UInt64(place % 64)) == 0 { common += 1 }
            return common
        }
    }
}
