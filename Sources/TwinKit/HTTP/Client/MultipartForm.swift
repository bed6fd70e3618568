import TwinSupport

/// A form with files, as `multipart/form-data` (RFC 7578).
package struct MultipartForm: Sendable {
    private let boundary: String
    private var bytes: [UInt8] = []

    /// The boundary is random, so that no content can contain it but by a chance of one in 2^128.
    package init() { boundary = "twin-" + Hex.encode(Crypto.random(count: 16)) }

    /// What `Content-Type` has to say, the boundary included.
    package var contentType: String { "multipart/form-data; boundary=\(boundary)" }

    /// Adds a field of text.
    package mutating func append(_ name: String, _ value: String) {
        bytes += "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(Self.quoted(name))\"\r\n\r\n\(value)\r\n".utf8
    }

    /// Adds a file, whose content is copied. Quotes and line breaks in either name are encoded, so that no name can end its
    /// field.
    package mutating func append(_ name: String, fileName: String, mediaType: String, _ content: [UInt8]) {
        bytes += "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(Self.quoted(name))\"; ".utf8
        bytes += "filename=\"\(Self.quoted(fileName))\"\r\nContent-Type: \(mediaType)\r\n\r\n".utf8
        bytes += content
        bytes += "\r\n".utf8
    }

    /// The whole body.
    package func body() -> [UInt8] { bytes + Array("--\(boundary)--\r\n".utf8) }

    /// The three characters that would end the quotation or the line, encoded as the WHATWG's URL standard has browsers
    /// do.
    private static func quoted(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "%22"
            case "\r": result += "%0D"
            case "\n": result += "%0A"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
