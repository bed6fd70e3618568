import TwinSupport

/// The fields that decide where a message ends and whether the connection goes on, collected while the head is parsed.
/// RFC 9112 section 6.3 lists the cases; every one that has been used to smuggle a request is refused.
struct FramingFields: Sendable {
    private(set) var host: Range<Int>?
    private(set) var closes = false
    private(set) var keepsAlive = false
    private(set) var expectsContinue = false
    private(set) var unknownExpectation = false
    private var length: Int?
    private var isChunked = false

    /// The longest `Content-Length` text: enough for 999 petabytes, and no overflow.
    private static let maximumLengthDigits = 18

    mutating func read(_ bytes: UnsafeRawBufferPointer, name: Range<Int>, value: Range<Int>) throws(HTTPError) {
        switch name.count {
        case 4 where bytes.part(name).matchesIgnoringCase("host"):
            guard host == nil else { throw HTTPError(.badRequest, "The request has more than one Host field") }
            for index in value where !HTTPByte.isHost(bytes[index]) {
                throw HTTPError(.badRequest, "The Host field is not a host name with an optional port")
            }
            host = value
        case 6 where bytes.part(name).matchesIgnoringCase("expect"):
            if bytes.part(value).matchesIgnoringCase("100-continue") {
                expectsContinue = true
            } else {
                unknownExpectation = true
            }
        case 10 where bytes.part(name).matchesIgnoringCase("connection"):
            Self.eachMember(bytes.part(value)) { member in
                if member.matchesIgnoringCase("close") { closes = true }
                if member.matchesIgnoringCase("keep-alive") { keepsAlive = true }
            }
        case 14 where bytes.part(name).matchesIgnoringCase("content-length"):
            guard length == nil else { throw HTTPError(.badRequest, "The request has more than one Content-Length") }
            guard !value.isEmpty, value.count <= Self.maximumLengthDigits else {
                throw HTTPError(.badRequest, "Content-Length must be a decimal number of bytes")
            }
            var number = 0
            for index in value {
                guard HTTPByte.isDigit(bytes[index]) else {
                    throw HTTPError(.badRequest, "Content-Length must be a decimal number of bytes")
                }
                number = number * 10 + Int(bytes[index] - 0x30)
            }
            length = number
        case 17 where bytes.part(name).matchesIgnoringCase("transfer-encoding"):
            guard !isChunked else { throw HTTPError(.badRequest, "The request has more than one transfer coding") }
            guard bytes.part(value).matchesIgnoringCase("chunked") else {
                throw HTTPError(.notImplemented, "The only transfer coding served is chunked")
            }
            isChunked = true
        default: break
        }
    }

    func framing(isVersion1_0: Bool) throws(HTTPError) -> RequestHead.Framing {
        guard isChunked else { return length.map(RequestHead.Framing.length) ?? .none }
        if length != nil {
            throw HTTPError(.badRequest, "A request must not have both Content-Length and Transfer-Encoding")
        }
        if isVersion1_0 { throw HTTPError(.badRequest, "HTTP/1.0 has no Transfer-Encoding") }
        return .chunked
    }

    /// Calls `body` with each member of a comma-separated list, without the white space around it.
    private static func eachMember(_ list: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void) {
        var start = 0
        while start < list.count {
            let end = list.firstOffset(of: UInt8(ascii: ","), from: start) ?? list.count
            var first = start
            var last = end
            while first < last, HTTPByte.isSpace(list[first]) { first += 1 }
            while last > first, HTTPByte.isSpace(list[last - 1]) { last -= 1 }
            if last > first { body(list.part(first, last)) }
            start = end + 1
        }
    }
}
