/// A word, a number or a mark of punctuation of a text.
struct Token {
    struct Shape: OptionSet {
        let rawValue: UInt8
        static let word = Shape(rawValue: 1)
        /// Begins with an upper-case letter.
        static let capital = Shape(rawValue: 2)
        /// Has two letters or more and none in lower case.
        static let upper = Shape(rawValue: 4)
        /// Begins with a digit.
        static let number = Shape(rawValue: 8)
        /// A blank or a line's end stands before it.
        static let spaced = Shape(rawValue: 16)
        /// Has a capital after a letter in lower case: iPhone, McDonald.
        static let inner = Shape(rawValue: 32)
        /// A quotation mark.
        static let quote = Shape(rawValue: 64)
    }

    /// Byte offsets in the text.
    var start: Int32
    var end: Int32
    var shape: Shape
    /// The first byte: what a mark of punctuation is.
    var first: UInt8
    var hash: UInt64
    var classes: WordClass

    var range: Range<Int> { Int(start)..<Int(end) }
    @inline(__always) func isMark(_ mark: Unicode.Scalar) -> Bool {
        !shape.contains(.word) && first == UInt8(truncatingIfNeeded: mark.value) && end - start == 1
    }
    var isWord: Bool { shape.contains(.word) && !shape.contains(.number) }
    var isCapital: Bool { shape.contains(.capital) }
}

/// A text cut into tokens and sentences, in one pass over its bytes.
struct TokenizedText {
    private(set) var tokens: [Token] = []
    /// Ranges of `tokens`; each token belongs to one.
    private(set) var sentences: [Range<Int>] = []

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        tokens.reserveCapacity(bytes.count / 5 + 8)
        var cutter = TokenCutter(bytes: bytes)
        var first = 0
        while let token = cutter.next() {
            if !tokens.isEmpty, cutter.beginsLine || endsSentence(before: token, bytes), first < tokens.count {
                sentences.append(first..<tokens.count)
                first = tokens.count
            }
            tokens.append(token)
        }
        if first < tokens.count { sentences.append(first..<tokens.count) }
    }

    /// Whether the last token ends a sentence when `next` follows.
    private func endsSentence(before next: Token, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard next.shape.contains(.spaced) else { return false }
        var index = tokens.count - 1
        // Quotation marks and brackets may close after the full stop.
        while index > 0, tokens[index].shape.contains(.quote) || tokens[index].isMark(")"), !tokens[index].shape.contains(.spaced)
        {
            index -= 1
        }
        let last = tokens[index]
        let opensNext = next.isCapital || !next.shape.contains(.word) || next.shape.contains(.number)
        if last.isMark(".") || last.isMark("?") || last.isMark("!") {
            return opensNext && !next.isMark(",") && !next.isMark(".") && !next.isMark(")")
        }
        // An abbreviation ends the sentence where what follows can only begin one.
        if last.shape.contains(.word), bytes[Int(last.end) - 1] == 0x2E, next.isCapital,
            !last.classes.contains(.title), last.end - last.start > 2
        {
            return next.classes.contains(.function) && !next.classes.contains(.particle)
        }
        return false
    }
}

/// Cuts one token after the other.
private struct TokenCutter {
    let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0
    private var lineStart = 0
    /// Whether a new paragraph, heading or list item begins at the last token.
    private(set) var beginsLine = false
    private let table = WordTable.english

    init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// Lines shorter than this are no lines of running prose, so that their end is a sentence's.
    private static let shortLine = 48

    mutating func next() -> Token? {
        var spaced = position == 0
        beginsLine = false
        var lineEnds = 0
        while position < bytes.count, bytes[position] <= 0x20 {
            if bytes[position] == 0x0A {
                lineEnds += 1
                if lineEnds == 1, position - lineStart < Self.shortLine { beginsLine = true }
                lineStart = position + 1
            }
            spaced = true
            position += 1
        }
        guard position < bytes.count else { return nil }
        if lineEnds > 1 { beginsLine = true }
        let start = position
        let byte = bytes[position]
        if lineEnds == 1, byte == 0x2D || byte == 0x2A || byte == 0x23 || byte == 0x7C || byte == 0x3E { beginsLine = true }
        let length = letterLength(at: position)
        if length > 0 { return word(from: start, spaced: spaced) }
        if byte >= 0x30 && byte <= 0x39 { return number(from: start, spaced: spaced) }
        return mark(from: start, spaced: spaced)
    }

    private func finish(_ start: Int, _ shape: Token.Shape, spaced: Bool) -> Token {
        var hash = WordHash()
        hash.add(bytes, start..<position)
        let shape = spaced ? shape.union(.spaced) : shape
        let classes = shape.contains(.word) && !shape.contains(.number) ? table.classes(of: hash.value) : []
        return Token(
            start: Int32(truncatingIfNeeded: start), end: Int32(truncatingIfNeeded: position), shape: shape, first: bytes[start],
            hash: hash.value, classes: classes)
    }

    /// The bytes of a letter at `index`; 0 where none stands.
    @inline(__always)
    private func letterLength(at index: Int) -> Int {
        guard index < bytes.count else { return 0 }
        let byte = bytes[index]
        if byte < 0x80 { return (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A ? 1 : 0 }
        if byte < 0xC2 || byte >= 0xF8 { return 0 }
        if byte == 0xC2 { return 0 }
        if byte < 0xE0 { return index + 1 < bytes.count ? 2 : 0 }
        if byte < 0xF0 {
            guard index + 2 < bytes.count else { return 0 }
            // General punctuation, arrows, mathematics, boxes, CJK punctuation are no letters.
            if byte == 0xE2 || byte == 0xE3 && bytes[index + 1] == 0x80 || byte == 0xEF { return 0 }
            return 3
        }
        return 0
    }

    private func isDigit(_ index: Int) -> Bool { index < bytes.count && bytes[index] >= 0x30 && bytes[index] <= 0x39 }

    /// Whether the letter at `index` is in upper case.
    private func isUpper(at index: Int) -> Bool {
        let byte = bytes[index]
        if byte < 0x80 { return byte >= 0x41 && byte <= 0x5A }
        let length = letterLength(at: index)
        guard length > 1 else { return false }
        var value = UInt32(byte & (length == 2 ? 0x1F : 0x0F))
        for offset in 1..<length { value = value << 6 | UInt32(bytes[index + offset] & 0x3F) }
        return Unicode.Scalar(value)?.properties.isUppercase ?? false
    }

    private func apostropheLength(at index: Int) -> Int {
        guard index < bytes.count else { return 0 }
        if bytes[index] == 0x27 { return 1 }
        return bytes[index] == 0xE2 && index + 2 < bytes.count && bytes[index + 1] == 0x80 && bytes[index + 2] == 0x99 ? 3 : 0
    }

    private mutating func word(from start: Int, spaced: Bool) -> Token {
        var shape: Token.Shape = [.word]
        if isUpper(at: start) { shape.insert(.capital) }
        var letters = 0
        var lower = 0
        var dots = 0
        scan: while position < bytes.count {
            let length = letterLength(at: position)
            if length > 0 {
                letters += 1
                if isUpper(at: position) { if lower > 0 { shape.insert(.inner) } } else { lower += 1 }
                position += length
                continue
            }
            let byte = bytes[position]
            if isDigit(position) {
                position += 1
                continue
            }
            let apostrophe = apostropheLength(at: position)
            if apostrophe > 0 {
                let after = position + apostrophe
                guard letterLength(at: after) > 0 else { break }
                // A possessive is no part of the word.
                if bytes[after] | 0x20 == 0x73, letterLength(at: after + 1) == 0, !isDigit(after + 1), letters > 0,
                    !isContraction(start)
                {
                    break scan
                }
                position = after
                continue
            }
            if byte == 0x2D {  // A hyphen between letters.
                guard letterLength(at: position + 1) > 0 || isDigit(position + 1), position > start else { break }
                position += 1
                continue
            }
            if byte == 0x26, letters > 0, letters <= 2, letterLength(at: position + 1) > 0 {  // AT&T
                position += 1
                continue
            }
            if byte == 0x2E {
                // Initials and abbreviations keep their full stops: J., U.S., e.g.
                if letterLength(at: position + 1) > 0, letters == dots + 1 {
                    dots += 1
                    position += 1
                    continue
                }
                if letters == dots + 1, dots > 0 || shape.contains(.capital) && letters == 1 {
                    position += 1
                    break
                }
                // Names of sites and files: twin.example, main.swift.
                if dots == 0, letterLength(at: position + 1) > 0, bytes[position + 1] | 0x20 == bytes[position + 1] {
                    position += 1
                    continue
                }
                var hash = WordHash()
                hash.add(bytes, start..<position + 1)
                if table.classes(of: hash.value).contains(.abbreviation) { position += 1 }
                break
            }
            break
        }
        if letters > 1, lower == 0 { shape.insert(.upper) }
        return finish(start, shape, spaced: spaced)
    }

    /// Whether "'s" after the word from `start` is a verb's: it's, that's, let's.
    private func isContraction(_ start: Int) -> Bool {
        var hash = WordHash()
        hash.add(bytes, start..<position)
        hash.add(0x27)
        hash.add(0x73)
        return table.classes(of: hash.value).contains(.function)
    }

    private mutating func number(from start: Int, spaced: Bool) -> Token {
        while position < bytes.count {
            if isDigit(position) || letterLength(at: position) == 1 {
                position += 1
            } else if bytes[position] == 0x2C || bytes[position] == 0x2E, isDigit(position + 1) {
                position += 1
            } else {
                break
            }
        }
        return finish(start, [.word, .number], spaced: spaced)
    }

    private mutating func mark(from start: Int, spaced: Bool) -> Token {
        let byte = bytes[position]
        var shape: Token.Shape = []
        var length = 1
        if byte >= 0xC2 {
            length = byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
            length = min(length, bytes.count - position)
            // ‘ ’ “ ” „
            if length == 3, byte == 0xE2, bytes[position + 1] == 0x80, (0x98...0x9F).contains(bytes[position + 2]) {
                shape.insert(.quote)
            }
        } else if byte == 0x22 {
            shape.insert(.quote)
        } else if byte == 0x27, letterLength(at: position + 1) == 1, bytes[position + 1] | 0x20 == 0x73,
            letterLength(at: position + 2) == 0
        {
            length = 2  // 's
        } else if byte == 0x27 || byte == 0x60 {
            if position + 1 < bytes.count, bytes[position + 1] == byte { length = 2 }
            shape.insert(.quote)
        }
        let apostrophe = apostropheLength(at: start)
        if apostrophe == 3, letterLength(at: start + 3) == 1, bytes[start + 3] | 0x20 == 0x73, letterLength(at: start + 4) == 0 {
            length = 4
            shape.remove(.quote)
        }
        position += length
        return finish(start, shape, spaced: spaced)
    }
}

extension Token {
    /// Whether this is the "'s" of a possessive.
    var isPossessive: Bool {
        !shape.contains(.word) && !shape.contains(.quote) && (first == 0x27 || first == 0xE2) && end - start > 1
    }
}
