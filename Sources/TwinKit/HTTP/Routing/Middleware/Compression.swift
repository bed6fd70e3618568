import TwinSupport

/// Sends text as gzip to clients that accept it (RFC 9110 section 12.5.3). Never a stream, whose events would wait in the
/// compressor; never a small response, which would not gain.
package struct Compression: Middleware {
    private let minimumSize: Int

    /// - Parameter minimumSize: bytes of content from which on it is compressed.
    package init(minimumSize: Int = 1400) { self.minimumSize = minimumSize }

    /// Compresses text that is whole and long enough with gzip, for clients that accept it (RFC 9110 section 12.5.3), and only
    /// where that makes it shorter. Streams and files go as they are.
    package func respond(to request: Request, next: any Responder) throws -> Response {
        var response = try next.respond(to: request)
        guard case .bytes(let bytes) = response.body, bytes.count >= minimumSize,
            response.headers["content-encoding"] == nil, Self.isText(response.headers["content-type"] ?? "")
        else { return response }
        response.headers.addMember("vary", "Accept-Encoding")
        guard Self.accepts(request.headers.members("accept-encoding")), let packed = Deflate.gzip(bytes),
            packed.count < bytes.count
        else { return response }
        response.body = .bytes(packed)
        response.headers.set("content-encoding", "gzip")
        // Another representation, another strong tag (RFC 9110 section 8.8.3.3).
        if let tag = response.headers["etag"], tag.hasSuffix("\"") {
            response.headers.set("etag", tag.hasPrefix("W/") ? tag : "W/" + tag)
        }
        return response
    }

    private static func isText(_ type: String) -> Bool {
        type.hasPrefix("application/json") || type.hasPrefix("text/") && !type.hasPrefix("text/event-stream")
            || type.hasPrefix("application/x-ndjson") || type.hasPrefix("application/javascript")
            || type.hasPrefix("image/svg+xml")
    }

    /// Whether `Accept-Encoding` allows gzip: by name or by `*`, with a weight above 0.
    package static func accepts(_ members: [String]) -> Bool {
        var any = false
        for member in members {
            guard let value = FieldValue(member) else { continue }
            let isAllowed = value["q"].map { (Double($0) ?? 1) > 0 } ?? true
            if value.value.equalsIgnoringCase("gzip") || value.value.equalsIgnoringCase("x-gzip") { return isAllowed }
            if value.value == "*" { any = isAllowed }
        }
        return any
    }
}
