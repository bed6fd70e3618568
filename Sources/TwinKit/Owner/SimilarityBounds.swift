/// Cheap upper bounds of the Ratcliff/Obershelp ratio with one text, so that few texts need the whole comparison.
struct SimilarityBounds {
    private let length: Int
    private let isASCII: Bool
    private let counts: [Int32]

    init(_ text: String) {
        length = text.utf8.count
        isASCII = text.utf8.allSatisfy { $0 < 0x80 }
        var counts = [Int32](repeating: 0, count: 128)
        for byte in text.utf8 where byte < 0x80 { counts[Int(byte)] += 1 }
        self.counts = counts
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

    /// Whether the characters that both have, in whatever order, would suffice.
    func mayReach(_ threshold: Double, _ other: UnsafeRawBufferPointer) -> Bool {
        guard isASCII else { return true }
        return withUnsafeTemporaryAllocation(of: Int32.self, capacity: 128) { left in
            _ = left.initialize(from: counts)
            var common = 0
            for byte in other {
                // A character outside ASCII is in no text of ASCII.
                guard byte < 0x80 else { continue }
                if left[Int(byte)] > 0 {
                    left[Int(byte)] -= 1
                    common += 1
                }
            }
            // Continuation bytes are no characters.
            let characters = other.count { $0 & 0xC0 != 0x80 }
            return 2 * Double(common) >= threshold * Double(length + characters)
        }
    }
}
