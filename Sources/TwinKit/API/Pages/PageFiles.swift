import CPages
import TwinHTTP
import TwinSupport

/// The files of the pages that twin serves itself, as they were compiled into the program.
///
/// What pages load stands under an address that names the version of all of them together, so that it never changes there;
/// relative addresses between the files keep to one version.
package enum PageFiles {
    /// A file with its entity tag, packed once when it is first asked for.
    package struct File: Sendable {
        let type: String
        let bytes: [UInt8]
        /// The same as gzip; none without zlib.
        let packed: [UInt8]?
        let tag: String

        init(_ bytes: [UInt8], type: String) {
            self.bytes = bytes
            self.type = type
            packed = Deflate.gzip(bytes)
            tag = EntityTag.of(bytes)
        }

        /// What a client may be sent. `lifetime` is a value of `Cache-Control`.
        func response(to request: Request, lifetime: String, headers: [HeaderField] = []) -> Response {
            let fields = headers + [HeaderField("cache-control", lifetime), HeaderField("vary", "Accept-Encoding")]
            guard let packed, Compression.accepts(request.headers.members("accept-encoding")) else {
                return Response.bytes(bytes, type: type, headers: fields).conditional(on: request, tag: tag)
            }
            // Another representation, another strong tag (RFC 9110 section 8.8.3.3).
            return Response.bytes(packed, type: type, headers: fields + [HeaderField("content-encoding", "gzip")])
                .conditional(on: request, tag: "\"gz-" + tag.dropFirst())
        }
    }

    /// Where the files of this version are, without slashes around it.
    package static let folder = "assets/\(version)"

    /// What the bytes of all files decide.
    static let version = String(EntityTag.of(raw.flatMap { Array($0.name.utf8) + $0.bytes }).filter { $0 != "\"" })

    /// By name. Pages (`.html`) know where the rest is, seen from themselves: a proxy may have twin below a path of its own.
    package static let all: [String: File] = Dictionary(
        raw.map { file in
            guard file.name.hasSuffix(".html") else { return (file.name, File(file.bytes, type: type(of: file.name))) }
            // Links have a page two folders down, the console is at the top.
            let base = (file.name == "console.html" ? "" : "../../") + folder
            let page = String(decoding: file.bytes, as: UTF8.self).replacing("{{base}}", with: base)
            return (file.name, File(Array(page.utf8), type: type(of: file.name)))
        }, uniquingKeysWith: { first, _ in first })

    private static let raw: [(name: String, bytes: [UInt8])] = (0..<twin_page_count()).compactMap { index in
        var length = 0
        guard let name = twin_page_name(index), let bytes = twin_page_bytes(index, &length) else { return nil }
        return (String(cString: name), Array(UnsafeBufferPointer(start: bytes, count: length)))
    }

    private static func type(of name: String) -> String {
        switch name.split(separator: ".").last {
        case "html": "text/html; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "svg": "image/svg+xml"
        default: "text/javascript; charset=utf-8"
        }
    }
}

/// What a page of twin's may do: run and show what comes from here, and nothing else. Text that scripts put together never
/// becomes markup.
enum PagePolicy {
    /// - Parameter frames: sources of `frame-ancestors`: who may show the page inside of theirs.
    static func field(frames: String = "'none'") -> HeaderField {
        HeaderField(
            "content-security-policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
                + "frame-ancestors \(frames); base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'")
    }
}
