/// How many columns of a terminal text takes: 2 for East Asian wide characters and emoji, 0 for marks that combine.
enum DisplayWidth {
    static func of(_ text: String) -> Int {
        // Printable ASCII, the common case, needs no look at characters.
        var utf8 = text.utf8.makeIterator()
        var count = 0
        while let byte = utf8.next() {
            guard byte < 0x80 else { return text.reduce(0) { $0 + of($1) } }
            if byte >= 0x20, byte != 0x7F { count += 1 }
        }
        return count
    }

    /// The columns of one grapheme cluster, which terminals draw as one cell or two.
    static func of(_ character: Character) -> Int {
        var widest = 0
        for scalar in character.unicodeScalars {
            // VARIATION SELECTOR-16 asks for the emoji picture of the character before it (Unicode UTS #51).
            if scalar.value == 0xFE0F { return 2 }
            widest = max(widest, of(scalar))
        }
        return widest
    }

    static func of(_ scalar: Unicode.Scalar) -> Int {
        let value = scalar.value
        if value < 0x20 || (0x7F...0x9F).contains(value) { return 0 }
        if value < 0x300 { return value == 0xAD ? 0 : 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        if scalar.properties.isEmojiPresentation { return 2 }
        return isWide(value) ? 2 : 1
    }

    /// The longest prefix that fits into `columns`.
    static func prefix(of text: String, columns: Int) -> String {
        var left = columns
        return String(
            text.prefix {
                left -= of($0)
                return left >= 0
            })
    }

    /// The ranges of East_Asian_Width W and F (Unicode UAX #11), joined where only unassigned characters lie between.
    private static func isWide(_ value: UInt32) -> Bool {
        switch value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
            0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60,
            0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF, 0x1F200...0x1F2FF, 0x20000...0x3FFFD:
            true
        default: false
        }
    }
}
