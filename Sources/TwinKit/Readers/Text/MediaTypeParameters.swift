import TwinSupport

/// The parameters of a media type (RFC 9110, section 8.3.1).
enum MediaTypeParameters {
    static func value(_ name: String, of type: String) -> String? {
        for part in type.split(separator: ";").dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, String(pair[0]).trimmedText.lowercased() == name else { continue }
            return String(pair[1]).trimmedText.filter { $0 != "\"" && $0 != "'" }.nonBlank
        }
        return nil
    }
}
