#if canImport(Glibc)
    import Glibc
    import TwinSupport
#endif

/// An incremental parser of `multipart/form-data` (RFC 7578, RFC 2046 section 5.1). It keeps at most one part's header
/// and one delimiter's length of bytes; content goes to the caller as it comes.
struct MultipartParser {
    enum Event {
        case begin([HeaderField])
        case content(UnsafeRawBufferPointer)
        case end
    }

    private enum State {
        case preamble
        /// After a delimiter: `--` ends the body, white space and CR LF begin a part.
        case afterDelimiter
        case header
        case content
        case epilogue
    }

    /// Bytes of one part's header.
    private static let maximumHeader = 8192
    private static let maximumFields = 16

    /// CR LF `--` boundary. The body is read as if a CR LF stood before it, so that the first delimiter is like the rest.
    private let delimiter: [UInt8]
    private var state = State.preamble
    private var kept: [UInt8] = [13, 10]

    init(boundary: String) { delimiter = Array("\r\n--\(boundary)".utf8) }

    /// The boundary of a `multipart/form-data` content type. Throws 400 when there is none that RFC 2046 allows.
    static func boundary(contentType: String?) throws(HTTPError) -> String {
        let missing = HTTPError(.badRequest, "The content type must be multipart/form-data with a boundary")
        guard let contentType, let value = FieldValue(contentType),
            value.value.equalsIgnoringCase("multipart/form-data"), let boundary = value["boundary"]
        else { throw missing }
        let isAllowed = boundary.utf8.allSatisfy { byte in
            HTTPByte.isToken(byte) || "()/:=?, ".utf8.contains(byte)
        }
        guard (1...70).contains(boundary.utf8.count), isAllowed, !boundary.hasSuffix(" ") else { throw missing }
        return boundary
    }

    /// Parses further bytes. What `handle` is given is valid only during the call. Throws 400 for what is not multipart.
    mutating func parse(_ bytes: UnsafeRawBufferPointer, _ handle: (Event) throws -> Void) throws {
        if kept.isEmpty {
            let used = try consume(bytes, handle)
            kept.append(contentsOf: bytes[used...])
        } else {
            kept.append(contentsOf: bytes)
            let whole = kept
            let used = try whole.withUnsafeBytes { try consume($0, handle) }
            kept = Array(whole[used...])
        }
    }

    /// Throws 400 unless the closing delimiter has come.
    func finish() throws(HTTPError) {
        guard state == .epilogue else {
            throw HTTPError(.badRequest, "The multipart content ends before its last boundary")
        }
    }

    private mutating func consume(_ bytes: UnsafeRawBufferPointer, _ handle: (Event) throws -> Void) throws -> Int {
        var index = 0
        while true {
            switch state {
            case .preamble, .content:
                let (end, found) = search(bytes, from: index)
                if state == .content, end > index { try handle(.content(bytes.part(index, end))) }
                guard found else { return end }
                if state == .content { try handle(.end) }
                index = end + delimiter.count
                state = .afterDelimiter
            case .afterDelimiter:
                guard bytes.count - index >= 2 else { return index }
                if bytes[index] == UInt8(ascii: "-"), bytes[index + 1] == UInt8(ascii: "-") {
                    state = .epilogue
                } else if bytes[index] == 0x0D, bytes[index + 1] == 0x0A {
                    // The header's end is looked for from this line break on, so that an empty header has one too.
                    state = .header
                } else {
                    throw HTTPError(.badRequest, "A multipart boundary must be followed by a line break")
                }
            case .header:
                guard let end = headerEnd(bytes, from: index) else {
                    guard bytes.count - index <= Self.maximumHeader else {
                        throw HTTPError(.badRequest, "A part's header is larger than \(Self.maximumHeader) bytes")
                    }
                    return index
                }
                guard end - index <= Self.maximumHeader else {
                    throw HTTPError(.badRequest, "A part's header is larger than \(Self.maximumHeader) bytes")
                }
                try handle(.begin(Self.fields(bytes.part(index + 2, max(end, index + 2)))))
                index = end + 4
                state = .content
            case .epilogue: return bytes.count
            }
        }
    }

    /// The offset of the next delimiter, or of what could be the beginning of one.
    private func search(_ bytes: UnsafeRawBufferPointer, from start: Int) -> (end: Int, found: Bool) {
        var index = start
        while let candidate = bytes.firstOffset(of: 0x0D, from: index) {
            let length = min(delimiter.count, bytes.count - candidate)
            let isMatch = delimiter.withUnsafeBytes { wanted in
                guard let left = wanted.baseAddress, let right = bytes.baseAddress else { return false }
                return memcmp(left, right + candidate, length) == 0
            }
            if isMatch { return (candidate, length == delimiter.count) }
            index = candidate + 1
        }
        return (bytes.count, false)
    }

    /// The offset of the CR LF CR LF at or after `start`.
    private func headerEnd(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        var index = start
        while let candidate = bytes.firstOffset(of: 0x0D, from: index), candidate + 4 <= bytes.count {
            if bytes.part(candidate, candidate + 4).matches("\r\n\r\n") { return candidate }
            index = candidate + 1
        }
        return nil
    }

    private static func fields(_ bytes: UnsafeRawBufferPointer) throws -> [HeaderField] {
        var result: [HeaderField] = []
        var start = 0
        while start < bytes.count {
            var end = start
            while end < bytes.count, bytes[end] != 0x0D { end += 1 }
            let line = bytes.part(start, end)
            start = end + 2
            guard let colon = line.firstOffset(of: UInt8(ascii: ":"), from: 0), colon > 0,
                line.part(0, colon).allSatisfy(HTTPByte.isToken), line.allSatisfy(HTTPByte.isFieldContent),
                result.count < maximumFields
            else { throw HTTPError(.badRequest, "A part's header is malformed") }
            result.append(
                HeaderField(
                    String(decoding: line.part(0, colon), as: UTF8.self),
                    String(decoding: line.part(colon + 1, line.count), as: UTF8.self).trimmingSpace()))
        }
        return result
    }
}
