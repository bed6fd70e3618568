import TwinSupport

/// A run of characters that can end a sentence.
struct Terminator {
    /// Bytes of the first character; 0 when there is none.
    let length: Int
    let isFullStop: Bool
    /// Of Chinese or Japanese, where no white space follows.
    let isWide: Bool
    private let start: Int

    init(_ text: ByteView, at index: Int) {
        start = index
        switch text[index] {
        case UInt8(ascii: "."): (length, isFullStop, isWide) = (1, true, false)
        case UInt8(ascii: "!"), UInt8(ascii: "?"): (length, isFullStop, isWide) = (1, false, false)
        case 0xE2 where text[index + 1] == 0x80 && text[index + 2] == 0xA6:  // …
            (length, isFullStop, isWide) = (3, true, false)
        case 0xE3 where text[index + 1] == 0x80 && text[index + 2] == 0x82,  // 。
            0xEF where text[index + 1] == 0xBC && (text[index + 2] == 0x81 || text[index + 2] == 0x9F),  // ！？
            0xEF where text[index + 1] == 0xBD && text[index + 2] == 0xA1:  // ｡
            (length, isFullStop, isWide) = (3, false, true)
        default: (length, isFullStop, isWide) = (0, false, false)
        }
    }

    /// The place behind the run, its closing quotes and brackets, and marks of notes such as `[12]`.
    func end(in text: ByteView) -> Int {
        var place = start + length
        while place < text.count {
            switch text[place] {
            case UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?"), UInt8(ascii: "\""), UInt8(ascii: "'"),
                UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
                place += 1
            case UInt8(ascii: "["):
                guard let close = text.first(UInt8(ascii: "]"), from: place, to: place + 32) else { return place }
                place = close + 1
            case 0xE2 where text[place + 1] == 0x80 && [0x99, 0x9D, 0xA6].contains(text[place + 2]): place += 3  // ’ ” …
            case 0xC2 where text[place + 1] == 0xBB: place += 2  // »
            case 0xE3 where text[place + 1] == 0x80 && (0x8B...0x8F).contains(text[place + 2]): place += 3  // 」』
            default: return place
            }
        }
        return place
    }
}
