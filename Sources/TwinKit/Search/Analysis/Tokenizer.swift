/// Cuts UTF-8 text into folded words, one call of `next` a word. It is the part of the analysis before stemming.
///
/// A word is a run of letters, digits and marks. On top of that:
/// - English keeps an apostrophe between letters (`don't`); other languages separate there.
/// - A number keeps its decimal point and loses its thousands separators (`1,299.99` is `1299.99`).
/// - Words joined by `- . _ @ & / :` give a compound where that is an identifier: one with a digit, an underscore, an `@`
///   or a dot inside (`ISO-9001`, `v2.1`, `jane@example.com`), `AT&T`; `/` and `:` join digits only. The compound
///   comes first, then its parts. `C++` and `C#` are compounds too.
/// - Scripts without spaces give overlapping pairs of characters.
///
/// Bytes that are not UTF-8 separate words. A term has at most 64 bytes; a longer word is cut there.
struct Tokenizer: ~Copyable {
    static let maximumTermLength = 64

    private let input: UnsafePointer<UInt8>
    private let count: Int
    private let keepsApostrophe: Bool
    private var cursor = 0
    /// Up to here a compound has been given already and its parts follow.
    private var compoundEnd = 0
    /// The character at the cursor was the second one of a pair.
    private var isInsidePair = false
    private var nextPosition = 0

    /// The term of the current token.
    let term: UnsafeMutablePointer<UInt8>
    private(set) var termCount = 0
    private(set) var start = 0
    private(set) var end = 0
    private(set) var position = 0
    private(set) var isCompound = false
    /// The term has nothing but the letters a to z and apostrophes.
    private(set) var isPlain = false

    /// The bytes must outlive the tokenizer.
    init(_ bytes: UnsafeBufferPointer<UInt8>, language: Language) {
        term = .allocate(capacity: Self.maximumTermLength + 8)
        // An empty buffer may have no address; nothing is read from the stand-in.
        input = bytes.baseAddress ?? UnsafePointer(term)
        count = bytes.count
        keepsApostrophe = language == .english
    }

    deinit { term.deallocate() }

    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: term, count: termCount) }

    /// Finds the next token. False at the end of the text.
    mutating func next() -> Bool {
        let classes = ByteClass.table
        while cursor < count {
            let kind = classes[Int(input[cursor])]
            if kind & ByteClass.word != 0 {
                isInsidePair = false
                if cursor >= compoundEnd {
                    if kind == ByteClass.digit, scanNumber() { return true }
                }
                if scanWord(classes) { return true }
            } else if kind == ByteClass.other {
                if scanUnicode() { return true }
            } else {
                isInsidePair = false
                cursor += 1
            }
        }
        return false
    }

    private mutating func emit(from start: Int, to end: Int, isCompound: Bool = false) {
        self.start = start
        self.end = end
        self.isCompound = isCompound
        position = nextPosition
        if !isCompound {
            nextPosition += 1
            cursor = end
        }
    }

    /// An ASCII word from the cursor. False when it turned out to go on beyond ASCII and left no term.
    @inline(__always)
    private mutating func scanWord(_ classes: UnsafePointer<UInt8>) -> Bool {
        let begin = cursor
        var index = begin
        var length = 0
        var seen: UInt8 = 0
        while index < count {
            let byte = input[index]
            let kind = classes[Int(byte)]
            if kind & ByteClass.word == 0 {
                if kind == ByteClass.other {
                    // U+2019, the apostrophe that word processors write.
                    guard keepsApostrophe, byte == 0xE2, index + 3 < count, input[index + 1] == 0x80, input[index + 2] == 0x99,
                        classes[Int(input[index + 3])] == ByteClass.letter, seen == ByteClass.letter
                    else {
                        // Punctuation ends the word; what is not seen, U+200B to U+200F and U+202A to U+202E, does not.
                        if byte == 0xE2, index + 2 < count, input[index + 1] == 0x80,
                            !(0x8B...0x8F).contains(input[index + 2]), !(0xAA...0xAE).contains(input[index + 2])
                        {
                            break
                        }
                        return scanUnicode()
                    }
                    if length < Self.maximumTermLength {
                        term[length] = 0x27
                        length += 1
                    }
                    index += 3
                    continue
                }
                if byte == 0x27, keepsApostrophe, index + 1 < count, classes[Int(input[index + 1])] == ByteClass.letter,
                    seen == ByteClass.letter
                {
                    if length < Self.maximumTermLength {
                        term[length] = byte
                        length += 1
                    }
                    index += 1
                    continue
                }
                break
            }
            seen |= kind
            if length < Self.maximumTermLength {
                // Upper-case letters differ from lower-case ones in this bit; digits have it set already.
                term[length] = byte | 0x20
                length += 1
            }
            index += 1
        }
        if index < count, begin >= compoundEnd, classes[Int(input[index])] == ByteClass.connector,
            scanCompound(from: begin, wordEnd: index)
        {
            return true
        }
        termCount = length
        // Not of a word that may have been cut: whether a term is stemmed must follow from its bytes alone.
        isPlain = seen == ByteClass.letter && length < Self.maximumTermLength
        emit(from: begin, to: index)
        return true
    }

    /// A number with a decimal point or thousands separators from the cursor; false for plain digits.
    private mutating func scanNumber() -> Bool {
        func digits(from start: Int) -> Int {
            var index = start
            while index < count, input[index] &- 0x30 < 10 { index += 1 }
            return index
        }
        let begin = cursor
        var index = digits(from: begin)
        let integerEnd = index
        if integerEnd - begin <= 3 {
            while index + 3 < count, input[index] == 0x2C, digits(from: index + 1) == index + 4 { index += 4 }
        }
        while index + 1 < count, input[index] == 0x2E, input[index + 1] &- 0x30 < 10 { index = digits(from: index + 1) }
        guard index > integerEnd else { return false }
        termCount = 0
        for offset in begin..<index where input[offset] != 0x2C && termCount < Self.maximumTermLength {
            term[termCount] = input[offset]
            termCount += 1
        }
        isPlain = false
        emit(from: begin, to: index)
        return true
    }

    /// Tries whether the word at `begin` starts an identifier made of several words, and gives that.
    private mutating func scanCompound(from begin: Int, wordEnd: Int) -> Bool {
        let limit = min(count, begin + Self.maximumTermLength + 1)
        func isWord(_ index: Int) -> Bool { index < limit && ByteClass.table[Int(input[index])] & ByteClass.word != 0 }
        func isDigit(_ index: Int) -> Bool { index < limit && input[index] &- 0x30 < 10 }

        var index = begin
        var isIdentifier = false
        var isInitials = true
        var parts = 0
        scan: while true {
            let partStart = index
            while isWord(index) {
                if isDigit(index) { isIdentifier = true }
                index += 1
            }
            parts += 1
            if index - partStart != 1 || isDigit(partStart) { isInitials = false }
            guard index < limit, isWord(index + 1) else { break }
            switch input[index] {
            case UInt8(ascii: "."): isIdentifier = true
            case UInt8(ascii: "_"), UInt8(ascii: "@"), UInt8(ascii: "&"):
                isIdentifier = true
                isInitials = false
            case UInt8(ascii: "-"): isInitials = false
            case UInt8(ascii: "/"), UInt8(ascii: ":"):
                guard isDigit(index - 1), isDigit(index + 1) else { break scan }
                isInitials = false
            default: break scan
            }
            index += 1
        }
        guard index <= begin + Self.maximumTermLength else { return false }
        if parts == 1 { return scanSymbol(from: begin, wordEnd: wordEnd) }
        guard isIdentifier else {
            // Words joined by hyphens only: no need to look again at each of them.
            compoundEnd = index
            return false
        }
        isInitials = isInitials && parts > 2
        termCount = 0
        for offset in begin..<index where !(isInitials && input[offset] == UInt8(ascii: ".")) {
            term[termCount] = ByteClass.folded(input[offset])
            termCount += 1
        }
        isPlain = isInitials
        compoundEnd = index
        emit(from: begin, to: index, isCompound: true)
        return true
    }

    /// `C++`, `C#` and the like: a word with `+`, `++` or `#` at its end.
    private mutating func scanSymbol(from begin: Int, wordEnd: Int) -> Bool {
        let symbol = input[wordEnd]
        guard symbol == UInt8(ascii: "+") || symbol == UInt8(ascii: "#"), wordEnd - begin <= 12 else { return false }
        var index = wordEnd + 1
        if symbol == UInt8(ascii: "+"), index < count, input[index] == symbol { index += 1 }
        if index < count, ByteClass.table[Int(input[index])] & (ByteClass.word | ByteClass.connector) != 0,
            ![UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: ":")].contains(input[index])
        {
            return false
        }
        for offset in begin..<index { term[offset - begin] = ByteClass.folded(input[offset]) }
        termCount = index - begin
        isPlain = false
        compoundEnd = index
        emit(from: begin, to: index, isCompound: true)
        return true
    }

    // MARK: Beyond ASCII

    /// The scalar at `index` and its length in bytes; none where the bytes are not UTF-8.
    private func scalar(at index: Int) -> (scalar: Unicode.Scalar, length: Int)? {
        let first = UInt32(input[index])
        if first < 0x80 { return (Unicode.Scalar(UInt8(first)), 1) }
        func trailing(_ offset: Int) -> UInt32? {
            guard index + offset < count, input[index + offset] & 0xC0 == 0x80 else { return nil }
            return UInt32(input[index + offset] & 0x3F)
        }
        switch first {
        case 0xC2...0xDF:
            guard let second = trailing(1) else { return nil }
            return Unicode.Scalar((first & 0x1F) << 6 | second).map { ($0, 2) }
        case 0xE0...0xEF:
            guard let second = trailing(1), let third = trailing(2) else { return nil }
            let value = (first & 0x0F) << 12 | second << 6 | third
            return value < 0x800 ? nil : Unicode.Scalar(value).map { ($0, 3) }
        case 0xF0...0xF4:
            guard let second = trailing(1), let third = trailing(2), let fourth = trailing(3) else { return nil }
            let value = (first & 0x07) << 18 | second << 12 | third << 6 | fourth
            return value < 0x1_0000 ? nil : Unicode.Scalar(value).map { ($0, 4) }
        default: return nil
        }
    }

    private mutating func append(_ scalar: Unicode.Scalar) {
        let encoded = UTF8.encode(scalar)
        guard let encoded, termCount + encoded.count <= Self.maximumTermLength else { return }
        for byte in encoded {
            term[termCount] = byte
            termCount += 1
        }
    }

    /// A word from the cursor that has letters beyond ASCII. False when there was none; the cursor has moved on.
    private mutating func scanUnicode() -> Bool {
        let begin = cursor
        termCount = 0
        var index = begin
        var plain = true
        while index < count {
            let byte = input[index]
            if byte < 0x80 {
                let kind = ByteClass.table[Int(byte)]
                if kind & ByteClass.word == 0 {
                    guard byte == 0x27, keepsApostrophe, plain, termCount > 0, index + 1 < count,
                        ByteClass.table[Int(input[index + 1])] == ByteClass.letter
                    else { break }
                }
                if kind == ByteClass.digit { plain = false }
                if termCount < Self.maximumTermLength {
                    term[termCount] = ByteClass.folded(byte)
                    termCount += 1
                }
                index += 1
                continue
            }
            guard let (scalar, length) = scalar(at: index) else { break }
            switch CharacterFolding.kind(of: scalar) {
            case .separator:
                guard index == begin else { return finishUnicode(from: begin, to: index, plain: plain) }
                cursor = index + length
                isInsidePair = false
                return false
            case .bigram:
                guard index == begin else { return finishUnicode(from: begin, to: index, plain: plain) }
                return scanPair(scalar, length: length)
            case .ignorable: break
            case .letter(let folded):
                if !(0x61...0x7A).contains(folded.value) { plain = false }
                append(folded)
            case .letters(let folded):
                for offset in 0..<folded.utf8CodeUnitCount { append(Unicode.Scalar(folded.utf8Start[offset])) }
            }
            index += length
        }
        return finishUnicode(from: begin, to: index, plain: plain)
    }

    private mutating func finishUnicode(from begin: Int, to end: Int, plain: Bool) -> Bool {
        isInsidePair = false
        guard termCount > 0 else {
            cursor = max(end, begin + 1)
            return false
        }
        isPlain = plain && termCount < Self.maximumTermLength
        emit(from: begin, to: end)
        return true
    }

    private mutating func scanPair(_ first: Unicode.Scalar, length: Int) -> Bool {
        let begin = cursor
        let second = begin + length
        isPlain = false
        append(first)
        if second < count, let (scalar, secondLength) = scalar(at: second),
            case .bigram = CharacterFolding.kind(of: scalar)
        {
            append(scalar)
            emit(from: begin, to: second + secondLength)
            cursor = second
            isInsidePair = true
            return true
        }
        defer { isInsidePair = false }
        guard !isInsidePair else {
            cursor = second
            return false
        }
        emit(from: begin, to: second)
        return true
    }
}

/// What a byte means to the tokenizer.
enum ByteClass {
    static let separator: UInt8 = 0
    static let letter: UInt8 = 1
    static let digit: UInt8 = 2
    static let word: UInt8 = letter | digit
    /// May join two words into an identifier, or end one (`C++`).
    static let connector: UInt8 = 4
    /// Part of a character beyond ASCII.
    static let other: UInt8 = 8

    /// 256 entries, allocated once and never freed.
    nonisolated(unsafe) static let table: UnsafePointer<UInt8> = {
        let table = UnsafeMutablePointer<UInt8>.allocate(capacity: 256)
        for value in 0..<256 {
            switch UInt8(value) {
            case 0x41...0x5A, 0x61...0x7A: table[value] = letter
            case 0x30...0x39: table[value] = digit
            case 0x80...0xFF: table[value] = other
            case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "@"), UInt8(ascii: "&"),
                UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: "+"), UInt8(ascii: "#"):
                table[value] = connector
            default: table[value] = separator
            }
        }
        return UnsafePointer(table)
    }()

    /// The lower-case letter for an upper-case one.
    static func folded(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
}
