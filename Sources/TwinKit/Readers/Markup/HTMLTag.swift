import TwinSupport

/// One tag of HTML as it stands in the bytes, read as tolerantly as browsers do (HTML Living Standard, section 13.2.5).
package struct HTMLTag {
    /// Lower case; empty for a comment, a declaration or a processing instruction.
    var name: String
    var isEnd: Bool
    /// Ends with `/>`, which only foreign elements and XHTML mean.
    var isSelfClosing = false
    /// The attributes' bytes, unparsed.
    var attributes: Range<Int>
    /// The place after the tag.
    var end: Int

    /// Reads the tag at `index`, which holds `<`. None when it starts none and is text.
    package static func read(_ text: ByteView, at index: Int) -> HTMLTag? {
        let next = text[index + 1]
        if next == UInt8(ascii: "!") || next == UInt8(ascii: "?") { return declaration(text, at: index) }
        let isEnd = next == UInt8(ascii: "/")
        var place = index + (isEnd ? 2 : 1)
        let nameStart = place
        guard text[place].isLetter else { return nil }
        while !text[place].isSpace, text[place] != UInt8(ascii: ">"), text[place] != UInt8(ascii: "/"), place < text.count {
            place += 1
        }
        let nameEnd = min(place, nameStart + 64)
        let attributesStart = place
        // A `>` inside a quoted value does not end the tag; a quote only opens a value after `=`.
        var quote: UInt8 = 0
        var afterEquals = false
        while place < text.count {
            let byte = text[place]
            if quote != 0 {
                if byte == quote { quote = 0 }
            } else if byte == UInt8(ascii: ">") {
                break
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                if afterEquals { quote = byte }
                afterEquals = false
            } else if !byte.isSpace {
                afterEquals = byte == UInt8(ascii: "=")
            }
            place += 1
        }
        // A quote that never closes would swallow the page: the tag then ends at its first `>`.
        if quote != 0 { place = text.first(UInt8(ascii: ">"), from: attributesStart) ?? text.count }
        return HTMLTag(
            name: lowercased(text.slice(nameStart, nameEnd)), isEnd: isEnd, isSelfClosing: text[place - 1] == UInt8(ascii: "/"),
            attributes: extent(attributesStart, place), end: min(place + 1, text.count))
    }

    private static func declaration(_ text: ByteView, at index: Int) -> HTMLTag {
        var end = text.first(UInt8(ascii: ">"), from: index).map { $0 + 1 } ?? text.count
        if text.hasPrefix("<!--", at: index) {
            // A comment that never closes takes all the rest, as in browsers.
            end = text.count
            var search = index + 4
            while let close = text.first(UInt8(ascii: ">"), from: search) {
                if text[close - 1] == UInt8(ascii: "-"), text[close - 2] == UInt8(ascii: "-") {
                    end = close + 1
                    break
                }
                search = close + 1
            }
        } else if text.hasPrefix("<![CDATA[", at: index) {
            end = index + 9
        }
        return HTMLTag(name: "", isEnd: false, attributes: extent(index, index), end: end)
    }

    private static func lowercased(_ name: ByteView) -> String {
        // Names of up to 15 bytes are stored in the string itself, so this allocates nothing for real elements.
        String(unsafeUninitializedCapacity: name.count) { target in
            for index in 0..<name.count { target[index] = name[index].lowercased }
            return name.count
        }
    }

    /// The value of the attribute of this lower case name, with its references decoded; empty when it has none.
    package func attribute(_ wanted: StaticString, in text: ByteView) -> String? {
        var index = attributes.lowerBound
        let end = attributes.upperBound
        while index < end {
            while index < end, text[index].isSpace || text[index] == UInt8(ascii: "/") { index += 1 }
            let nameStart = index
            while index < end, !text[index].isSpace, text[index] != UInt8(ascii: "="), text[index] != UInt8(ascii: "/") {
                index += 1
            }
            let name = extent(nameStart, index)
            while index < end, text[index].isSpace { index += 1 }
            var value = extent(index, index)
            if index < end, text[index] == UInt8(ascii: "=") {
                index += 1
                while index < end, text[index].isSpace { index += 1 }
                let quote = text[index]
                if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
                    let close = text.first(quote, from: index + 1, to: end) ?? end
                    value = extent(min(index + 1, close), close)
                    index = close + 1
                } else {
                    let start = index
                    while index < end, !text[index].isSpace { index += 1 }
                    value = extent(start, index)
                }
            }
            if name.count == wanted.utf8CodeUnitCount, text.hasPrefixIgnoringCase(wanted, at: name.lowerBound) {
                return HTMLEntities.decoded(text[value]).trimmedText
            }
            if name.isEmpty, index <= nameStart { index = nameStart + 1 }
        }
        return nil
    }
}
