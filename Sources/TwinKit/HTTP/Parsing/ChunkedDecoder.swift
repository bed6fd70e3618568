/// An incremental decoder of the chunked transfer coding (RFC 9112 section 7.1). Chunk extensions and trailers are
/// checked, counted and dropped.
struct ChunkedDecoder: Sendable {
    private enum State: Sendable {
        case size(digits: Int)
        case afterSize
        case `extension`
        case sizeLineFeed
        case data(left: Int)
        case dataReturn
        case dataLineFeed
        case trailerStart
        case trailerName
        case trailerValue
        case trailerLineFeed
        case finalLineFeed
        case done
    }

    /// Bytes of all chunk extensions and trailers together: nobody needs more, and a peer could send them for ever.
    private static let maximumOverhead = 8192
    /// Hexadecimal digits of a chunk size, which keeps it far from overflow.
    private static let maximumSizeDigits = 12

    private var state = State.size(digits: 0)
    private var size = 0
    private var overhead = 0

    var isDone: Bool { if case .done = state { true } else { false } }

    /// Decodes as much of `bytes` as there is, hands each piece of content to `content`, and returns how many bytes were
    /// used: all of them, unless the body ended before. Throws 400 for what is not the chunked coding.
    mutating func decode(
        _ bytes: UnsafeRawBufferPointer, content: (UnsafeRawBufferPointer) -> Void
    ) throws(HTTPError) -> Int {
        var index = 0
        while index < bytes.count {
            if case .data(let left) = state {
                let count = min(left, bytes.count - index)
                content(bytes.part(index, index + count))
                index += count
                state = count == left ? .dataReturn : .data(left: left - count)
                continue
            }
            if case .done = state { return index }
            try step(bytes[index])
            index += 1
        }
        return index
    }

    private mutating func step(_ byte: UInt8) throws(HTTPError) {
        switch state {
        case .size(let digits):
            if let value = HTTPByte.hexadecimal(byte) {
                guard digits < Self.maximumSizeDigits else { throw HTTPError(.badRequest, "A chunk size is too large") }
                size = size << 4 | Int(value)
                state = .size(digits: digits + 1)
            } else {
                guard digits > 0 else { throw HTTPError(.badRequest, "A chunk must begin with its size in hexadecimal") }
                try afterSize(byte)
            }
        case .afterSize: try afterSize(byte)
        case .extension:
            if byte == 0x0D {
                state = .sizeLineFeed
            } else {
                guard HTTPByte.isFieldContent(byte) else {
                    throw HTTPError(.badRequest, "A chunk extension has a control character")
                }
                try countOverhead()
            }
        case .sizeLineFeed:
            try expect(byte, 0x0A)
            state = size == 0 ? .trailerStart : .data(left: size)
            size = 0
        case .dataReturn:
            try expect(byte, 0x0D)
            state = .dataLineFeed
        case .dataLineFeed:
            try expect(byte, 0x0A)
            state = .size(digits: 0)
        case .trailerStart:
            try countOverhead()
            if byte == 0x0D {
                state = .finalLineFeed
            } else {
                guard HTTPByte.isToken(byte) else {
                    throw HTTPError(.badRequest, "A trailer must begin with a field name")
                }
                state = .trailerName
            }
        case .trailerName:
            try countOverhead()
            if byte == UInt8(ascii: ":") {
                state = .trailerValue
            } else {
                guard HTTPByte.isToken(byte) else {
                    throw HTTPError(.badRequest, "A trailer must be a name, a colon and a value")
                }
            }
        case .trailerValue:
            try countOverhead()
            if byte == 0x0D {
                state = .trailerLineFeed
            } else {
                guard HTTPByte.isFieldContent(byte) else {
                    throw HTTPError(.badRequest, "A trailer has a control character")
                }
            }
        case .trailerLineFeed:
            try expect(byte, 0x0A)
            state = .trailerStart
        case .finalLineFeed:
            try expect(byte, 0x0A)
            state = .done
        case .data, .done: break
        }
    }

    /// What follows a size: the line's end, or white space (which senders used to pad with) and extensions.
    private mutating func afterSize(_ byte: UInt8) throws(HTTPError) {
        switch byte {
        case 0x0D: state = .sizeLineFeed
        case UInt8(ascii: ";"): state = .extension
        case 0x20, 0x09:
            try countOverhead()
            state = .afterSize
        default: throw HTTPError(.badRequest, "A chunk size must be hexadecimal digits")
        }
    }

    private func expect(_ byte: UInt8, _ expected: UInt8) throws(HTTPError) {
        guard byte == expected else { throw HTTPError(.badRequest, "A chunk must end with CR LF") }
    }

    private mutating func countOverhead() throws(HTTPError) {
        overhead += 1
        guard overhead <= Self.maximumOverhead else {
            throw HTTPError(.badRequest, "Chunk extensions and trailers are larger than \(Self.maximumOverhead) bytes")
        }
    }
}
