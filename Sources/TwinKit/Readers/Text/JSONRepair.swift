import TwinSupport

/// What many programs and people write into JSON although RFC 8259 does not have it, and every tool of theirs reads.
enum JSONRepair {
    static let commentNotice = "comments and commas at the end of lists, which JSON does not have, were passed over"
    static let numberNotice = "NaN and Infinity, which are no numbers of JSON, stand as they are written"
    static let sequenceNotice = "several JSON values follow each other; each was read as a record"

    /// The text without comments and without commas before a closing bracket; none when there are none.
    static func withoutComments(_ text: ByteView) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var index = 0
        var isChanged = false
        /// Where in the result a comma stands that nothing but white space follows.
        var comma: Int?
        while index < text.count {
            let byte = text[index]
            switch byte {
            case UInt8(ascii: "\""):
                let end = stringEnd(text, from: index)
                result.append(text.slice(index, end))
                index = end
                comma = nil
                continue
            case UInt8(ascii: "/") where text[index + 1] == byte:
                index = text.lineEnd(from: index)
                isChanged = true
                continue
            case UInt8(ascii: "/") where text[index + 1] == UInt8(ascii: "*"):
                var end = index + 2
                while end < text.count, !(text[end] == UInt8(ascii: "*") && text[end + 1] == byte) { end += 1 }
                guard end < text.count else { return nil }
                index = end + 2
                isChanged = true
                continue
            case UInt8(ascii: ","): comma = result.count
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if let place = comma {
                    result[place] = 0x20
                    isChanged = true
                }
                comma = nil
            default: if !byte.isSpace { comma = nil }
            }
            result.append(byte)
            index += 1
        }
        return isChanged ? result : nil
    }

    /// The ranges of objects and lists that follow each other with nothing between them, two or more; none for anything else.
    static func sequence(_ text: ByteView) -> [Range<Int>]? {
        var result: [Range<Int>] = []
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte.isSpace || byte == 0x1E {
                // A record separator may stand in front (RFC 7464).
                index += 1
                continue
            }
            guard byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") else { return nil }
            let start = index
            var depth = 0
            repeat {
                switch text[index] {
                case UInt8(ascii: "\""):
                    index = stringEnd(text, from: index)
                    continue
                case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
                default: break
                }
                index += 1
            } while depth > 0 && index < text.count
            guard depth == 0 else { return nil }
            result.append(extent(start, index))
        }
        return result.count >= 2 ? result : nil
    }

    /// Whether `NaN` or `Infinity` stands as a value.
    static func hasOtherNumbers(_ text: ByteView) -> Bool {
        guard text.firstIgnoringCase("nan", from: 0) != nil || text.firstIgnoringCase("infinity", from: 0) != nil else {
            return false
        }
        var index = 0
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "\""): index = stringEnd(text, from: index)
            case UInt8(ascii: "N"), UInt8(ascii: "I"): return true
            default: index += 1
            }
        }
        return false
    }

    /// The place behind a string's closing quote.
    private static func stringEnd(_ text: ByteView, from start: Int) -> Int {
        var index = start + 1
        while index < text.count, text[index] != UInt8(ascii: "\"") { index += text[index] == UInt8(ascii: "\\") ? 2 : 1 }
        return min(index + 1, text.count)
    }
}
