import TwinSupport

extension AccessLogEntry {
    /// The entry without what looks like a token in its path, whatever the path is: links are mistyped, proxies add prefixes,
    /// and whoever reads the log must not be able to use what stands there. Ids, slugs and names of files stay readable.
    package func withoutTokens() -> AccessLogEntry {
        var entry = self
        entry.path = TokenLikeText.redacted(path)
        return entry
    }
}

/// Tells secrets from names by their looks.
package enum TokenLikeText {
    /// Tokens have 128 bits or more, which is 22 characters of base64 or 32 of hexadecimal; a cut one is shorter.
    private static let shortestToken = 20
    private static let mark = "[redacted]"

    /// A path, percent-encoded as it came, with each segment that looks like a token replaced.
    package static func redacted(_ path: String) -> String {
        path.split(separator: "/", omittingEmptySubsequences: false)
            .map { isToken(decoded($0)) ? mark : String($0) }
            .joined(separator: "/")
    }

    private static func decoded(_ segment: Substring) -> String {
        Array(segment.utf8).withUnsafeBytes { PercentCoding.decodeForm($0) }
    }

    /// Whether a text looks like a key, a JSON Web Token, or random bytes in hexadecimal or base64. A UUID does not: it names
    /// something and opens nothing.
    package static func isToken(_ text: String) -> Bool {
        if text.hasPrefix("tenant_") || text.hasPrefix("whsec_") || text.hasPrefix("sk-") || text.hasPrefix("eyJ") { return true }
        // Words that are joined, such as a name with its extension, are looked at one by one; a token's parts are long.
        return text.utf8.split(whereSeparator: { !isTokenByte($0) }).contains { isRandom($0) }
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        byte.isAlphanumeric || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }

    private static func isRandom(_ part: Substring.UTF8View) -> Bool {
        guard part.count >= shortestToken, !Identifier.isValid(String(Substring(part)).lowercased()) else { return false }
        let runs = part.split { !$0.isAlphanumeric }
        return runs.contains { $0.count >= shortestOddRun && !isWord($0) }
            // Letters and digits without a break, of one case by chance.
            || runs.contains { $0.count >= longestWord && $0.contains(where: \.isDigit) && $0.contains(where: \.isLetter) }
    }

    /// Shorter ones are names too, such as H2O.
    private static let shortestOddRun = 4
    private static let longestWord = 32

    /// Whether letters and digits are in an order that names have: letters of one case or with a capital, then digits.
    private static func isWord(_ run: Substring.UTF8View) -> Bool {
        let letters = run.prefix { !$0.isDigit }
        guard run.dropFirst(letters.count).allSatisfy(\.isDigit) else { return false }
        return letters.dropFirst().allSatisfy(\.isLower) || letters.allSatisfy(\.isUpper)
    }
}
