extension String {
    /// The text without white space at its ends.
    package var trimmed: String {
        var scalars = Substring(self).unicodeScalars
        while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        return String(scalars)
    }

    /// The text with a lower-case first letter, as a part of a sentence.
    package var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }

    /// The first `maximum` characters, with an ellipsis in the place of the rest.
    package func shortened(to maximum: Int) -> String {
        guard let end = index(startIndex, offsetBy: maximum, limitedBy: endIndex), end < endIndex else { return self }
        return self[..<end] + "…"
    }

    /// The text in ASCII as far as Unicode's names tell: `é`, "LATIN SMALL LETTER E WITH ACUTE", becomes `e`. Other
    /// scripts stay as they are.
    package var latinLettersWithoutMarks: String {
        var result = ""
        for scalar in unicodeScalars {
            guard !scalar.isASCII, let name = scalar.properties.name, name.hasPrefix("LATIN "),
                let letter = name.split(separator: " ").firstIndex(of: "LETTER")
            else {
                // A combining mark belongs to the letter before it, which stands without it.
                if scalar.properties.canonicalCombiningClass == .notReordered { result.unicodeScalars.append(scalar) }
                continue
            }
            let words = name.split(separator: " ")
            guard words.indices.contains(letter + 1), words[letter + 1].utf8.count <= 2 else { continue }
            result += words[letter + 1].lowercased()
        }
        return result
    }
}
