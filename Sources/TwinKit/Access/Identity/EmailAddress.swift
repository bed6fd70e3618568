import TwinSupport

/// E-mail addresses as far as they are checked here: sane enough to store and to show. Whether one exists, only a letter to
/// it tells.
enum EmailAddress {
    /// The longest that mail can be sent to (RFC 5321 section 4.5.3.1.3, less the angle brackets), in bytes.
    static let maximumLength = 254

    /// The address in lower case. Throws `TwinError` (`invalid`).
    static func checked(_ text: String) throws -> String {
        let address = text.trimmed.lowercased()
        let parts = address.split(separator: "@", omittingEmptySubsequences: false)
        guard address.utf8.count <= maximumLength, parts.count == 2, isLocalPart(parts[0]), isDomain(parts[1]) else {
            throw TwinError(.invalid, "that is not an e-mail address; give one such as ada@example.org")
        }
        return address
    }

    private static func isLocalPart(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.count <= 64
            && text.unicodeScalars.allSatisfy {
                !$0.properties.isWhitespace && !isForbidden($0) && !"<>()[],;:\\\"".unicodeScalars.contains($0)
            }
    }

    private static func isDomain(_ text: Substring) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        return labels.allSatisfy { label in
            !label.isEmpty && label.utf8.count <= 63 && label.first != "-" && label.last != "-"
                && label.unicodeScalars.allSatisfy { $0 == "-" || $0.properties.isAlphabetic || $0.properties.numericType != nil }
        }
    }

    /// Control and format characters: nobody sees them, and they make two addresses look the same.
    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
