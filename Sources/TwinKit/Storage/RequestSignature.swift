import TwinSupport

/// Signature Version 4 of Amazon's services, which every S3-compatible storage checks
/// (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html). The keyed hash is libcrypto's.
package struct RequestSignature: Sendable {
    package var region: String
    package var keyID: String
    package var secret: Secret

    private static let service = "s3"
    private static let algorithm = "AWS4-HMAC-SHA256"

    /// What is signed of a request. Header names are in lower case and in order; `path` and `query` are encoded already, the
    /// query's members in order.
    package struct Content: Sendable {
        package var method: String
        package var path: String
        package var query = ""
        package var headers: [(name: String, value: String)]
        /// SHA-256 of the body in hexadecimal.
        package var bodyHash: String
    }

    /// The value of `Authorization` for a request at `time`, as the `x-amz-date` among its headers says.
    package func authorization(_ content: Content, at time: Timestamp) throws -> Secret {
        let names = content.headers.map(\.name).joined(separator: ";")
        return Secret(
            "\(Self.algorithm) Credential=\(keyID)/\(scope(time)),SignedHeaders=\(names),Signature=\(try signature(content, at: time))"
        )
    }

    /// The query of an address that is good for one request until so many seconds after `time`
    /// (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html). The body may be any.
    package func query(
        method: String, path: String, headers: [(name: String, value: String)], seconds: Int, at time: Timestamp
    ) throws -> String {
        let members = [
            ("X-Amz-Algorithm", Self.algorithm), ("X-Amz-Credential", "\(keyID)/\(scope(time))"),
            ("X-Amz-Date", Self.stamp(time)), ("X-Amz-Expires", String(seconds)),
            ("X-Amz-SignedHeaders", headers.map(\.name).joined(separator: ";")),
        ]
        let query = members.map { "\($0.0)=\(Self.encoded($0.1))" }.joined(separator: "&")
        let content = Content(method: method, path: path, query: query, headers: headers, bodyHash: "UNSIGNED-PAYLOAD")
        return "\(query)&X-Amz-Signature=\(try signature(content, at: time))"
    }

    /// What is not one of the unreserved characters of RFC 3986 is written as percent and two digits.
    private static func encoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default: encoded += "%" + Hex.encode([byte]).uppercased()
            }
        }
        return encoded
    }

    private func scope(_ time: Timestamp) -> String {
        "\(Self.stamp(time).prefix(8))/\(region)/\(Self.service)/aws4_request"
    }

    private func signature(_ content: Content, at time: Timestamp) throws -> String {
        let stamp = Self.stamp(time)
        let names = content.headers.map(\.name).joined(separator: ";")
        let canonical =
            [content.method, content.path, content.query].joined(separator: "\n") + "\n"
            + content.headers.map { "\($0.name):\($0.value)\n" }.joined() + "\n\(names)\n\(content.bodyHash)"
        let toSign = [Self.algorithm, stamp, scope(time), Hex.encode(try SHA256.hash(canonical))].joined(separator: "\n")
        var key = Array("AWS4\(secret.reveal())".utf8)
        for part in [String(stamp.prefix(8)), region, Self.service, "aws4_request"] {
            key = try Crypto.hmacSHA256(key: key, Array(part.utf8))
        }
        return Hex.encode(try Crypto.hmacSHA256(key: key, Array(toSign.utf8)))
    }

    /// `20130524T000000Z`: ISO 8601 without separators.
    package static func stamp(_ time: Timestamp) -> String {
        String(time.description.prefix(19).filter { $0 != "-" && $0 != ":" }) + "Z"
    }
}
