/// A name reduced to its letters and digits in lower case, without accents: what is left is equal for two spellings of one name.
enum NameLetters {
    /// What the letters from U+00C0 to U+017F are without their marks.
    private static let plain = Array(
        """
        aaaaaaaceeeeiiiidnoooooxouuuuytsaaaaaaaceeeeiiiidnoooooxouuuuytyaaaaaaccccccccddddeeeeeeeeeegggggggg\
        hhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs
        """.utf8)

    static func of(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> [UInt8] {
        var letters: [UInt8] = []
        letters.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = bytes[index]
            if byte < 0x80 {
                let lower = byte | 0x20
                if lower >= 0x61 && lower <= 0x7A { letters.append(lower) }
                if byte >= 0x30 && byte <= 0x39 { letters.append(byte) }
                index += 1
            } else if byte >= 0xC3 && byte <= 0xC5, index + 1 < range.upperBound {
                let place = (Int(byte) - 0xC3) * 64 + Int(bytes[index + 1] & 0x3F)
                if plain.indices.contains(place) { letters.append(plain[place]) }
                index += 2
            } else if byte == 0xC8, index + 1 < range.upperBound, (0x98...0x9B).contains(bytes[index + 1]) {
                letters.append(bytes[index + 1] < 0x9A ? 0x73 : 0x74)  // ș ț
                index += 2
            } else if byte == 0xCA || byte == 0xCC || byte == 0xCD, index + 1 < range.upperBound {
                index += 2  // Modifiers such as ʿ, and marks that combine.
            } else if byte == 0xE2, index + 2 < range.upperBound {
                index += 3  // Punctuation.
            } else {
                letters.append(byte)
                index += 1
            }
        }
        return letters
    }
}
