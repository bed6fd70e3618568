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
        let stamp = Self.stamp(time)
        let day = String(stamp.prefix(8))
        let scope = "\(day)/\(region)/\(Self.service)/aws4_request"
        let names = content.headers.map(\.name).joined(separator: ";")
        let canonical =
            [content.method, content.path, content.query].joined(separator: "\n") + "\n"
            + content.headers.map { "\($0.name):\($0.value)\n" }.joined() + "\n\(names)\n\(content.bodyHash)"
        let toSign = [Self.algorithm, stamp, scope, Hex.encode(try SHA256.hash(canonical))].joined(separator: "\n")
        var key = Array("AWS4\(secret.reveal())".utf8)
        for part in [day, region, Self.service, "aws4_request"] { key = try Crypto.hmacSHA256(key: key, Array(part.utf8)) }
        let signature = Hex.encode(try Crypto.hmacSHA256(key: key, Array(toSign.utf8)))
        return Secret("\(Self.algorithm) Credential=\(keyID)/\(scope),SignedHeaders=\(names),Signature=\(signature)")
    }

    /// `20130524T000000Z`: ISO 8601 without separators.
    package static func stamp(_ time: Timestamp) -> String {
        String(time.description.prefix(19).filter { $0 != "-" && $0 != ":" }) + "Z"
    }
}
