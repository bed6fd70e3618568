import TwinSupport

/// Which line breaks inside of a paragraph of plain text are meant. Text that was wrapped for its width goes on in the next line; entries
/// of logs, chats, lists of changes and the like end with theirs, with or without a full stop.
package struct LineBreaks {
    /// Scalars of the longest line.
    private var width = 0
    private var lineCount = 0
    private var beginsSmall = false
    /// Lines behind which the next word would have had room, and to spare.
    private var roomy = 0

    /// Looks at the lines of one paragraph.
    package init(_ text: ByteView, in block: Range<Int>) {
        var index = block.lowerBound
        while index < block.upperBound {
            let line = Self.trimmed(text, extent(index, min(text.lineEnd(from: index), block.upperBound)))
            if !line.isEmpty {
                if lineCount == 0 { beginsSmall = text[line.lowerBound].isLower }
                lineCount += 1
                width = max(width, text[line].scalarCount)
            }
            index = min(text.lineEnd(from: index), block.upperBound) + 1
        }
        guard lineCount > 1 else { return }
        var last = 0
        index = block.lowerBound
        while index < block.upperBound {
            let line = Self.trimmed(text, extent(index, min(text.lineEnd(from: index), block.upperBound)))
            if last > 0, (last + 1 + Self.firstWord(text, line)) * 4 <= width * 3 { roomy += 1 }
            last = text[line].scalarCount
            index = min(text.lineEnd(from: index), block.upperBound) + 1
        }
    }

    /// Scalars of a line's first word.
    private static func firstWord(_ text: ByteView, _ line: Range<Int>) -> Int {
        var word = line.lowerBound
        while word < line.upperBound, !text[word].isSpace { word += 1 }
        return text.slice(line.lowerBound, word).scalarCount
    }

    /// Whether the line feed at `lineFeed`, inside of the paragraph, ends an entry.
    package func isMeant(_ text: ByteView, at lineFeed: Int, in block: Range<Int>) -> Bool {
        guard lineCount > 1 else { return false }
        var start = lineFeed
        while start > block.lowerBound, text[start - 1] != 0x0A { start -= 1 }
        let line = Self.trimmed(text, extent(start, lineFeed))
        let next = Self.trimmed(text, extent(lineFeed + 1, min(text.lineEnd(from: lineFeed + 1), block.upperBound)))
        guard !line.isEmpty, !next.isEmpty else { return false }
        if Self.moment(text, next) > 0 { return true }
        let (shape, nextShape) = (Self.shape(text, line), Self.shape(text, next))
        if shape == nextShape, shape.contains(where: { !"aA'-".utf8.contains($0) }) { return true }
        // A small letter goes on with what begins with a large one.
        if text[next.lowerBound].isLower, !beginsSmall { return false }
        // Nobody breaks lines at so few characters for their width.
        if width < 45 { return true }
        // One short line stands in many a paragraph; most of them do in a list.
        return roomy * 2 > lineCount - 1 && !Self.endsClause(text[line.upperBound - 1])
    }

    private static func endsClause(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ",") || byte == UInt8(ascii: "-") }

    /// What a line's first word looks like: letters, digits, and its signs as they stand, at most twelve of them, each run once.
    private static func shape(_ text: ByteView, _ line: Range<Int>) -> [UInt8] {
        var result: [UInt8] = []
        for index in line {
            let byte = text[index]
            if byte.isSpace || result.count == 12 { break }
            let kind: UInt8 = byte.isUpper ? 0x41 : byte.isLetter || byte >= 0x80 ? 0x61 : byte.isDigit ? 0x30 : byte
            if result.last != kind { result.append(kind) }
        }
        // What ends a word in any sentence says nothing of the line.
        while let last = result.last, ",.;!?)\"'".utf8.contains(last) { result.removeLast() }
        return result
    }

    /// The bytes of a day or a time of day, or both, that a line begins with, in brackets or not; 0 when it begins with neither. It says
    /// that the line is an entry of its own.
    package static func moment(_ text: ByteView, _ line: Range<Int>) -> Int {
        var place = line.lowerBound
        place = skipMarks(text, place)
        let isBracketed = text[place] == UInt8(ascii: "[") || text[place] == UInt8(ascii: "(")
        if isBracketed { place += 1 }
        guard text[place].isDigit else { return 0 }
        var groups: [Int] = []
        var separators: [UInt8] = []
        let limit = min(line.upperBound, place + 40)
        var end = place
        scan: while place < limit {
            var digits = 0
            while place < limit, text[place].isDigit {
                digits += 1
                place += 1
            }
            guard digits > 0, digits <= 6 else { break }
            groups.append(digits)
            end = place
            // What stands between two groups of digits.
            var sign = text[place]
            if sign == 0x20 || sign == UInt8(ascii: ",") || sign == UInt8(ascii: "T") {
                while place < limit, text[place] == 0x20 || text[place] == UInt8(ascii: ",") || text[place] == UInt8(ascii: "T") {
                    place += 1
                }
                sign = 0x20
            } else if sign == UInt8(ascii: "-") || sign == UInt8(ascii: ".") || sign == UInt8(ascii: "/")
                || sign == UInt8(ascii: ":")
            {
                place += 1
            } else {
                break scan
            }
            guard text[place].isDigit else { break }
            separators.append(sign)
        }
        // `10:15`, `2024-01-05`, `5.1.24`, and both one after the other.
        let colons = separators.count { $0 == UInt8(ascii: ":") }
        let days = separators.count { [UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/")].contains($0) }
        let isDay = days >= 2 && groups.prefix(3).allSatisfy { $0 <= 4 } && groups.prefix(3).contains { $0 <= 2 }
        let isTime = colons >= 1 && groups.count >= 2 && groups.contains(2)
        guard isDay || isTime && separators.first == UInt8(ascii: ":") && groups.first.map({ $0 <= 2 }) == true else { return 0 }
        place = end
        // `AM`, `Z`, an offset, and the closing bracket.
        while place < limit {
            let byte = text[place]
            if byte == UInt8(ascii: "]") || byte == UInt8(ascii: ")") {
                place += 1
                break
            }
            let rest = text.slice(place, min(place + 3, line.upperBound))
            if rest.hasPrefixIgnoringCase("am") || rest.hasPrefixIgnoringCase("pm") {
                place += 2
            } else if byte == UInt8(ascii: "Z") || byte == UInt8(ascii: "+")
                || isBracketed && (byte == 0x20 || byte == 0xE2 || byte >= 0x80)
            {
                place += 1
            } else if byte == 0x20,
                text.hasPrefixIgnoringCase("am", at: place + 1) || text.hasPrefixIgnoringCase("pm", at: place + 1)
            {
                place += 1
            } else if byte == 0xE2, text[place + 1] == 0x80, text[place + 2] == 0xAF {
                place += 3
            } else if byte.isDigit,
                text[place - 1] == UInt8(ascii: "+") || text[place - 1].isDigit || text[place - 1] == UInt8(ascii: ":")
            {
                place += 1
            } else if byte == UInt8(ascii: ":"), text[place + 1].isDigit {
                place += 1
            } else {
                break
            }
        }
        return place - line.lowerBound
    }

    /// Whether a line is what somebody said at a moment: `[10:15] Ivy: the winch is broken`, `05/01/2024, 10:15 - Ivy: …`.
    package static func isMessage(_ text: ByteView, _ line: Range<Int>) -> Bool {
        let length = moment(text, line)
        guard length > 0 else { return false }
        var place = line.lowerBound + length
        while place < line.upperBound, text[place].isSpace || text[place] == UInt8(ascii: "-") || text[place] == UInt8(ascii: "|")
        {
            place += 1
        }
        if text[place] == UInt8(ascii: "<"),
            let close = text.first(UInt8(ascii: ">"), from: place, to: min(place + 64, line.upperBound))
        {
            return close > place + 1
        }
        guard let colon = text.first(UInt8(ascii: ":"), from: place, to: min(place + 64, line.upperBound)), colon > place else {
            return false
        }
        return text[colon + 1].isSpace || colon + 1 == line.upperBound
    }

    /// Marks of direction that some programs put at the beginning of a line.
    private static func skipMarks(_ text: ByteView, _ start: Int) -> Int {
        var place = start
        while text[place] == 0xE2, text[place + 1] == 0x80,
            (0x8B...0x8F).contains(text[place + 2]) || (0xAA...0xAE).contains(text[place + 2])
        {
            place += 3
        }
        return place
    }

    private static func trimmed(_ text: ByteView, _ range: Range<Int>) -> Range<Int> {
        var (lower, upper) = (range.lowerBound, range.upperBound)
        while lower < upper, text[lower].isSpace { lower += 1 }
        while upper > lower, text[upper - 1].isSpace { upper -= 1 }
        return extent(lower, upper)
    }
}
