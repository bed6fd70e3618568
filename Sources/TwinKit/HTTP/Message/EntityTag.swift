import TwinSupport

/// Entity tags and conditional requests (RFC 9110 sections 8.8 and 13).
package enum EntityTag {
    /// A strong tag that the bytes alone decide: two 64-bit FNV-1a hashes with different starts. It tells versions apart;
    /// it is no proof against a forger.
    package static func of(_ bytes: [UInt8]) -> String {
        var first: UInt64 = 0xCBF2_9CE4_8422_2325
        var second: UInt64 = 0x9AE1_6A3B_2F90_404F
        for byte in bytes {
            first = (first ^ UInt64(byte)) &* 0x100_0000_01B3
            second = (second ^ UInt64(byte)) &* 0x1000_0000_0000_0159
        }
        return "\"\(String(first, radix: 36))-\(String(second ^ UInt64(bytes.count), radix: 36))\""
    }

    /// Whether a list of tags from `If-Match` or `If-None-Match` has this one, or is `*`.
    static func matches(_ list: [String], _ tag: String, weakly: Bool) -> Bool {
        list.contains { entry in
            if entry == "*" { return true }
            guard weakly else { return entry == tag && !entry.hasPrefix("W/") }
            return opaque(entry) == opaque(tag)
        }
    }

    private static func opaque(_ tag: String) -> Substring { tag.hasPrefix("W/") ? tag.dropFirst(2) : tag[...] }
}

extension Response {
    /// This response with an `ETag` and, where given, `Last-Modified`; or 304 without content when the client's
    /// `If-None-Match`, or in its absence `If-Modified-Since`, says that it has this version already.
    package func conditional(on request: Request, tag: String? = nil, lastModified: Timestamp? = nil) -> Response {
        guard status == .ok, request.method == .get || request.method == .head else { return self }
        var result = self
        let tag = tag ?? { if case .bytes(let bytes) = body { EntityTag.of(bytes) } else { nil } }()
        if let tag { result.headers.set("etag", tag) }
        if let lastModified { result.headers.set("last-modified", HTTPDate.text(lastModified)) }
        let known = request.headers.members("if-none-match")
        let isFresh: Bool
        if !known.isEmpty {
            isFresh = tag.map { EntityTag.matches(known, $0, weakly: true) } ?? false
        } else if let since = request.headers["if-modified-since"].flatMap(HTTPDate.parse), let lastModified {
            isFresh = lastModified.milliseconds / 1000 <= since.milliseconds / 1000
        } else {
            isFresh = false
        }
        guard isFresh else { return result }
        result.status = .notModified
        result.body = .empty
        result.headers.removeAll { $0.name.equalsIgnoringCase("content-type") }
        return result
    }
}

extension Request {
    /// Throws 412 when `If-Match` names other versions than `tag`: the resource has changed since the client read it.
    package func requireMatch(_ tag: String) throws(HTTPError) {
        let wanted = headers.members("if-match")
        guard wanted.isEmpty || EntityTag.matches(wanted, tag, weakly: false) else {
            throw HTTPError(.preconditionFailed, "The resource has changed since it was read")
        }
    }
}
