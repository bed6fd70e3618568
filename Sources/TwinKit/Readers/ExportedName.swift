import TwinSupport

/// Titles as Notion exports them: with the page's number of 32 hexadecimal digits behind the words.
enum ExportedName {
    /// The title without the number; none when there is no title.
    static func without(_ title: String?) -> String? {
        guard let title, title.utf8.count > 33 else { return title }
        let bytes = Array(title.utf8)
        let number = bytes.suffix(32)
        guard bytes[bytes.count - 33] == 0x20, number.allSatisfy({ $0.hexValue != nil && !$0.isUpper }),
            number.contains(where: \.isDigit)
        else { return title }
        return Array(bytes.dropLast(33)).string.nonBlank ?? title
    }

    /// The title that an exported file's name holds; none for other names.
    static func title(ofFile name: String) -> String? {
        guard let dot = name.lastIndex(of: ".") else { return nil }
        let stem = String(name[..<dot])
        let title = without(stem)
        return title == stem ? nil : title
    }
}
