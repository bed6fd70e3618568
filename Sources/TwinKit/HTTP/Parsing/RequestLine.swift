import TwinSupport

/// A checked request line (RFC 9112 section 3): `method SP request-target SP HTTP-version`, with single spaces.
struct RequestLine: Sendable {
    var method: HTTPMethod
    var path: Range<Int>
    var query: Range<Int>?
    /// The authority of a target in absolute form, which replaces the `Host` field (RFC 9112 section 3.2.2).
    var authority: Range<Int>?
    var isVersion1_0: Bool

    init(_ bytes: UnsafeRawBufferPointer, _ content: Range<Int>, _ limits: RequestLimits) throws(HTTPError) {
        var index = content.lowerBound
        while index < content.upperBound, HTTPByte.isToken(bytes[index]) { index += 1 }
        let methodEnd = index
        guard methodEnd > content.lowerBound, methodEnd < content.upperBound, bytes[methodEnd] == 0x20 else {
            throw HTTPError(.badRequest, "The request line must begin with a method and one space")
        }
        let target = methodEnd + 1
        index = target
        var needsPathCheck = false
        var queryMark: Int?
        while index < content.upperBound, HTTPByte.isTarget(bytes[index]) {
            switch bytes[index] {
            case UInt8(ascii: "%"), UInt8(ascii: "."): if queryMark == nil { needsPathCheck = true }
            case UInt8(ascii: "?"): if queryMark == nil { queryMark = index }
            default: break
            }
            index += 1
        }
        guard index > target, index < content.upperBound, bytes[index] == 0x20 else {
            throw HTTPError(
                .badRequest, "The request target must be visible ASCII without a fragment, followed by one space and the version")
        }
        guard index - target <= limits.targetSize else {
            throw HTTPError(.uriTooLong, "The request target is longer than \(limits.targetSize) bytes")
        }
        isVersion1_0 = try Self.isVersion1_0(bytes.part(index + 1, content.upperBound))
        guard let method = HTTPMethod(bytes: bytes.part(content.lowerBound, methodEnd)) else {
            throw HTTPError(.notImplemented, "The method is not one that this server implements")
        }
        self.method = method
        let pathEnd = queryMark ?? index
        query = queryMark.map { extent($0 + 1, index) }
        authority = nil
        if bytes[target] == UInt8(ascii: "/") {
            path = extent(target, pathEnd)
        } else if index - target == 1, bytes[target] == UInt8(ascii: "*") {
            guard method == .options else { throw HTTPError(.badRequest, "Only OPTIONS may have the target *") }
            path = extent(target, index)
        } else {
            let scheme = Self.schemeLength(bytes.part(target, index))
            guard scheme > 0 else {
                throw HTTPError(.badRequest, "The request target must begin with / or be an http URL")
            }
            var end = target + scheme
            while end < index, HTTPByte.isHost(bytes[end]) { end += 1 }
            guard end > target + scheme,
                end == index || bytes[end] == UInt8(ascii: "/") || bytes[end] == UInt8(ascii: "?")
            else { throw HTTPError(.badRequest, "The request target's host is not valid") }
            authority = extent(target + scheme, end)
            path = extent(end, pathEnd)
            needsPathCheck = true
        }
        if needsPathCheck, let problem = PercentCoding.problem(inPath: bytes.part(path)) {
            throw HTTPError(.badRequest, problem)
        }
    }

    /// RFC 9112 section 2.3: a later minor version of HTTP/1 is answered as 1.1; another major version is not served.
    private static func isVersion1_0(_ version: UnsafeRawBufferPointer) throws(HTTPError) -> Bool {
        if version.matches("HTTP/1.1") { return false }
        if version.matches("HTTP/1.0") { return true }
        guard version.count == 8, version.part(0, 5).matches("HTTP/"), HTTPByte.isDigit(version[5]),
            version[6] == UInt8(ascii: "."), HTTPByte.isDigit(version[7])
        else { throw HTTPError(.badRequest, "The request line must end with the HTTP version") }
        guard version[5] == UInt8(ascii: "1") else {
            throw HTTPError(.versionNotSupported, "Only HTTP/1.0 and HTTP/1.1 are served")
        }
        return false
    }

    private static func schemeLength(_ target: UnsafeRawBufferPointer) -> Int {
        for (scheme, length) in [("http://", 7), ("https://", 8)]
        where target.count > length && target.part(0, length).matchesIgnoringCase(scheme.utf8) {
            return length
        }
        return 0
    }
}
