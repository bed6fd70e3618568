import TwinSupport

/// The name of something that is stored: the SHA-256 of its bytes and what it is. Equal bytes have one name, so that nothing is
/// stored twice and nothing under a name ever changes.
package struct StoredName: Sendable, Hashable, CustomStringConvertible {
    /// What is stored, by the ending of its name.
    package enum Kind: String, Sendable, CaseIterable {
        case png
        case jpeg = "jpg"
        case webp
        /// Weights of a model (https://huggingface.co/docs/safetensors).
        case safetensors
        case zip
        /// Whatever somebody keeps here, taken for nothing but bytes.
        case binary = "bin"

        package var mediaType: String {
            switch self {
            case .png: "image/png"
            case .jpeg: "image/jpeg"
            case .webp: "image/webp"
            case .safetensors, .binary: "application/octet-stream"
            case .zip: "application/zip"
            }
        }

        package var isPicture: Bool { self == .png || self == .jpeg || self == .webp }
    }

    /// 64 hexadecimal digits in lower case.
    package let digest: String
    package let kind: Kind

    package init(digest: [UInt8], kind: Kind) {
        self.digest = Hex.encode(digest)
        self.kind = kind
    }

    /// Reads what `description` writes; none for anything else, so that no name leads out of a folder.
    package init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let kind = Kind(rawValue: String(parts[1])), parts[0].utf8.count == 64,
            let bytes = Hex.decode(parts[0])
        else { return nil }
        self.init(digest: bytes, kind: kind)
    }

    package var description: String { "\(digest).\(kind.rawValue)" }

    /// Where it lies below the root: `sha256/ab/ab….png`.
    var path: String { "sha256/\(digest.prefix(2))/\(self)" }
}
