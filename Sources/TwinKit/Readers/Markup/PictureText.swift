import TwinSupport

/// What documents say in words of their pictures.
enum PictureText {
    /// What a picture shows in words, without what programs put there themselves; none when nothing is said.
    static func words(_ text: String?) -> String? {
        guard let text = text?.split(whereSeparator: \.isWhitespace).joined(separator: " ").nonBlank else { return nil }
        let lower = text.lowercased()
        let isName =
            !text.contains(" ")
            && (lower.hasPrefix("http")
                || [".png", ".jpg", ".jpeg", ".gif", ".svg", ".bmp", ".emf", ".wmf", ".webp"].contains { lower.hasSuffix($0) })
        return isName ? nil : String(text.prefix(2000))
    }

    /// A picture's words as a line of the document.
    static func line(_ words: String) -> String { "[Picture: \(words)]" }
}
