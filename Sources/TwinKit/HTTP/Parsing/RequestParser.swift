import TwinSupport

/// An incremental, strict parser of a request's head (RFC 9112 sections 2 to 5). Each call sees the head's bytes from
/// their beginning, one read longer than before; lines already checked are not looked at again. Whatever two parsers
/// could read differently is refused, because a proxy in front may be the other parser.
struct RequestParser: Sendable {
    enum Outcome {
        case incomplete
        /// The head, and how many bytes it took with its final empty line.
        case complete(RequestHead, consumed: Int)
        case failed(HTTPError)
    }

    private var limits: RequestLimits
    /// Where the request line starts: after empty lines that RFC 9112 section 2.2 lets a server skip.
    private var start = 0
    private var position = 0
    private var entries: [HeaderFields.Entry] = []
    private var line: RequestLine?
    private var framing = FramingFields()

    init(limits: RequestLimits) { self.limits = limits }

    mutating func parse(_ bytes: UnsafeRawBufferPointer) -> Outcome {
        do throws(HTTPError) {
            while let end = bytes.firstOffset(of: 0x0A, from: position) {
                guard end > position, bytes[end - 1] == 0x0D else {
                    throw HTTPError(.badRequest, "A line must end with CR LF")
                }
                let content = extent(position, end - 1)
                position = end + 1
                guard position - start <= limits.headSize else { throw tooLarge(bytes) }
                if line == nil {
                    if content.isEmpty {
                        guard position <= 4 else { throw HTTPError(.badRequest, "The request line is empty") }
                        start = position
                    } else {
                        line = try RequestLine(bytes, content, limits)
                    }
                } else if content.isEmpty {
                    return .complete(try finish(bytes), consumed: position)
                } else {
                    try field(bytes, content)
                }
            }
            // A line that has not ended: refuse it as soon as it is too long, or cannot become a request.
            guard bytes.count - start <= limits.headSize else { throw tooLarge(bytes) }
            if line == nil {
                if bytes.count - position > limits.targetSize + 32 { throw tooLarge(bytes) }
                if position < bytes.count, bytes[position] != 0x0D, !HTTPByte.isToken(bytes[position]) {
                    throw HTTPError(.badRequest, "The request line must begin with a method")
                }
            }
            return .incomplete
        } catch {
            return .failed(error)
        }
    }

    private func tooLarge(_ bytes: UnsafeRawBufferPointer) -> HTTPError {
        line == nil
            ? HTTPError(.uriTooLong, "The request target is longer than \(limits.targetSize) bytes")
            : HTTPError(.headerFieldsTooLarge, "The request head is larger than \(limits.headSize) bytes")
    }

    private mutating func field(_ bytes: UnsafeRawBufferPointer, _ content: Range<Int>) throws(HTTPError) {
        guard entries.count < limits.fieldCount else {
            throw HTTPError(.headerFieldsTooLarge, "The request has more than \(limits.fieldCount) fields")
        }
        var index = content.lowerBound
        while index < content.upperBound, HTTPByte.isToken(bytes[index]) { index += 1 }
        guard index > content.lowerBound, index < content.upperBound, bytes[index] == UInt8(ascii: ":") else {
            if HTTPByte.isSpace(bytes[content.lowerBound]) {
                throw HTTPError(.badRequest, "A field line must not begin with white space")
            }
            throw HTTPError(.badRequest, "A field line must be a name, a colon and a value, with no space before the colon")
        }
        let name = extent(content.lowerBound, index)
        var first = index + 1
        var last = content.upperBound
        while first < last, HTTPByte.isSpace(bytes[first]) { first += 1 }
        while last > first, HTTPByte.isSpace(bytes[last - 1]) { last -= 1 }
        for index in extent(first, last) where !HTTPByte.isFieldContent(bytes[index]) {
            throw HTTPError(.badRequest, "A field value has a control character")
        }
        try framing.read(bytes, name: name, value: extent(first, last))
        if entries.isEmpty { entries.reserveCapacity(12) }
        entries.append(
            HeaderFields.Entry(
                name: UInt16(truncatingIfNeeded: name.lowerBound - start), nameCount: UInt16(truncatingIfNeeded: name.count),
                value: UInt16(truncatingIfNeeded: first - start), valueCount: UInt16(truncatingIfNeeded: last - first)))
    }

    private mutating func finish(_ bytes: UnsafeRawBufferPointer) throws(HTTPError) -> RequestHead {
        guard let line else { throw HTTPError(.badRequest, "The request has no request line") }
        guard framing.host != nil || line.isVersion1_0 else {
            throw HTTPError(.badRequest, "The request has no Host field")
        }
        let body = try framing.framing(isVersion1_0: line.isVersion1_0)
        if framing.unknownExpectation {
            throw HTTPError(.expectationFailed, "The only expectation served is 100-continue")
        }
        let offset = start
        func relative(_ range: Range<Int>) -> Range<Int> { extent(range.lowerBound - offset, range.upperBound - offset) }
        return RequestHead(
            method: line.method,
            fields: HeaderFields(storage: Array(bytes.part(start, position)), entries: entries),
            framing: body,
            keepsAlive: !framing.closes && (!line.isVersion1_0 || framing.keepsAlive),
            expectsContinue: framing.expectsContinue && !line.isVersion1_0 && body != .none && body != .length(0),
            isVersion1_0: line.isVersion1_0,
            pathRange: relative(line.path),
            queryRange: line.query.map(relative),
            hostRange: (line.authority ?? framing.host).map(relative))
    }
}
