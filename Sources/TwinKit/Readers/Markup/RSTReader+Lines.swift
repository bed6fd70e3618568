import TwinSupport

/// What one line says: how deep it stands, whether it begins an item, and its words without roles and references.
extension RSTReader {
    static func indent(_ line: ByteView) -> Int { line.contents.prefix { $0 == 0x20 || $0 == 0x09 }.count }

    static func item(_ line: ByteView) -> (mark: [UInt8], place: Int)? {
        if line[0] == UInt8(ascii: "-") || line[0] == UInt8(ascii: "*") || line[0] == UInt8(ascii: "+"), line[1].isSpace {
            return ([UInt8(ascii: "-")], 2)
        }
        if line.hasPrefix("#. ") { return ([UInt8(ascii: "-")], 3) }
        if line.hasPrefix("| ") { return ([], 2) }
        var digits = 0
        while line[digits].isDigit, digits < 4 { digits += 1 }
        guard digits > 0, line[digits] == UInt8(ascii: ".") || line[digits] == UInt8(ascii: ")"), line[digits + 1].isSpace else {
            return nil
        }
        return (Array(line.slice(0, digits).contents) + [UInt8(ascii: ".")], digits + 2)
    }

    /// Roles, references and substitutions become their words.
    func inline(_ line: ByteView) -> [UInt8] {
        var result: [UInt8] = []
        var index = 0
        while index < line.count {
            let byte = line[index]
            if byte == UInt8(ascii: "\\") {
                if !line[index + 1].isSpace, index + 1 < line.count { result.append(line[index + 1]) }
                index += 2
            } else if byte == UInt8(ascii: "`") {
                let isLiteral = line[index + 1] == byte
                let start = index + (isLiteral ? 2 : 1)
                guard let close = line.first(byte, from: start), close > start, !isLiteral || line[close + 1] == byte else {
                    result.append(byte)
                    index += 1
                    continue
                }
                var inside = line.slice(start, close)
                index = close + (isLiteral ? 2 : 1)
                if !isLiteral {
                    // `words <target>`_ shows its words.
                    if inside[inside.count - 1] == UInt8(ascii: ">"), let open = inside.first(UInt8(ascii: "<"), from: 1) {
                        inside = inside.slice(0, open).trimmed
                    }
                    if inside[0] == UInt8(ascii: "~") { inside = inside.slice(1, inside.count) }
                    while line[index] == UInt8(ascii: "_") { index += 1 }
                }
                result.append(inside)
            } else if byte == UInt8(ascii: "|"), !substitutions.isEmpty,
                let close = line.first(byte, from: index + 1, to: index + 200),
                let words = substitutions[line.slice(index + 1, close).string.lowercased()]
            {
                result += words
                index = close + 1
                while line[index] == UInt8(ascii: "_") { index += 1 }
            } else if byte == UInt8(ascii: ":"), index == 0 || !line[index - 1].isAlphanumeric, line[index + 1].isLetter,
                let close = line.first(byte, from: index + 1, to: index + 40), line[close + 1] == UInt8(ascii: "`")
            {
                index = close + 1
            } else if byte == UInt8(ascii: "["), let close = line.first(UInt8(ascii: "]"), from: index, to: index + 40),
                line[close + 1] == UInt8(ascii: "_"),
                !line[close + 2].isAlphanumeric
            {
                // The number of a note.
                while result.last == 0x20 { result.removeLast() }
                index = close + 2
            } else if byte == UInt8(ascii: "_"), index > 0, line[index - 1].isAlphanumeric, !line[index + 1].isAlphanumeric,
                line[index + 1] != byte
            {
                index += 1
            } else {
                result.append(byte)
                index += 1
            }
        }
        return InlineMarks.dropped(result, marks: "*|")
    }
}
