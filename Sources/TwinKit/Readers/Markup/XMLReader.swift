import TwinSupport

/// A pull parser for the XML that office files, books and feeds are made of (XML 1.0, with namespaces by their prefix
/// only). It keeps one stack of names and never recurses. Declarations of document types are skipped and no entity of
/// theirs is expanded, so no few bytes can grow into gigabytes.
package struct XMLReader {
    /// What the reader has come to. An empty element gives `start` and `end`.
    package enum Event { case start, end, text }

    let text: ByteView
    /// The element's name without its prefix, after `start` and `end`.
    package private(set) var name = ""
    /// The prefix of that name, empty for none.
    package private(set) var prefix = ""
    private var attributes = 0..<0
    private var content = 0..<0
    private var isVerbatim = false
    private var index = 0
    private var open: [Range<Int>] = []
    private var pendingEnd = false
    private let maximumDepth: Int

    package init(_ text: ByteView, limits: ReaderLimits) {
        self.text = text
        maximumDepth = limits.maximumDepth
        if text.hasPrefix("\u{FEFF}") { index = 3 }
    }

    /// Elements that are open; after `start` the new one counts.
    package var depth: Int { open.count }

    /// The next event, none at the end. Throws `malformed` for tags that do not match and `tooLarge` for nesting past the limit.
    package mutating func next() throws(ReadFailure) -> Event? {
        if pendingEnd {
            pendingEnd = false
            open.removeLast()
            return .end
        }
        while index < text.count {
            guard text[index] == UInt8(ascii: "<") else {
                let end = text.first(UInt8(ascii: "<"), from: index) ?? text.count
                content = extent(index, end)
                isVerbatim = false
                index = end
                if open.isEmpty { continue }
                return .text
            }
            switch text[index + 1] {
            case UInt8(ascii: "?"):
                guard let end = find("?>", from: index) else { throw .malformed("an XML instruction does not end") }
                index = end + 2
            case UInt8(ascii: "!"):
                if let event = try declaration() { return event }
            case UInt8(ascii: "/"): return try endTag()
            default: return try startTag()
            }
        }
        guard open.isEmpty else { throw .malformed("the XML ends inside <\(open.last.map { text[$0].string } ?? "")>") }
        return nil
    }

    private func find(_ mark: StaticString, from start: Int) -> Int? {
        let first = mark.utf8Start[0]
        var search = start
        while let place = text.first(first, from: search) {
            if text.hasPrefix(mark, at: place) { return place }
            search = place + 1
        }
        return nil
    }

    private mutating func declaration() throws(ReadFailure) -> Event? {
        if text.hasPrefix("<!--", at: index) {
            guard let end = find("-->", from: index + 4) else { throw .malformed("an XML comment does not end") }
            index = end + 3
            return nil
        }
        if text.hasPrefix("<![CDATA[", at: index) {
            guard let end = find("]]>", from: index + 9) else { throw .malformed("an XML section does not end") }
            content = extent(index + 9, end)
            isVerbatim = true
            index = end + 3
            return open.isEmpty ? nil : .text
        }
        // A document type, whose internal subset stands in brackets.
        var place = index
        var brackets = 0
        while place < text.count {
            if text[place] == UInt8(ascii: "[") { brackets += 1 }
            if text[place] == UInt8(ascii: "]") { brackets -= 1 }
            if text[place] == UInt8(ascii: ">"), brackets <= 0 { break }
            place += 1
        }
        guard place < text.count else { throw .malformed("an XML declaration does not end") }
        index = place + 1
        return nil
    }

    private func nameEnd(from start: Int) -> Int {
        var place = start
        while place < text.count, !text[place].isSpace, text[place] != UInt8(ascii: ">"), text[place] != UInt8(ascii: "/"),
            text[place] != UInt8(ascii: "=")
        { place += 1 }
        return place
    }

    private mutating func setName(_ range: Range<Int>) {
        if let colon = text.first(UInt8(ascii: ":"), from: range.lowerBound, to: range.upperBound) {
            prefix = text.slice(range.lowerBound, colon).string
            name = text.slice(colon + 1, range.upperBound).string
        } else {
            prefix = ""
            name = text[range].string
        }
    }

    private mutating func startTag() throws(ReadFailure) -> Event {
        let nameRange = extent(index + 1, nameEnd(from: index + 1))
        guard !nameRange.isEmpty else { throw .malformed("an XML tag without a name at byte \(index)") }
        var place = nameRange.upperBound
        var quote: UInt8 = 0
        while place < text.count {
            let byte = text[place]
            if quote != 0 {
                if byte == quote { quote = 0 }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: ">") {
                break
            }
            place += 1
        }
        guard place < text.count else { throw .malformed("an XML tag does not end") }
        guard open.count < maximumDepth else { throw .tooLarge("its XML is nested deeper than \(maximumDepth)") }
        setName(nameRange)
        open.append(nameRange)
        pendingEnd = text[place - 1] == UInt8(ascii: "/")
        attributes = extent(nameRange.upperBound, pendingEnd ? place - 1 : place)
        index = place + 1
        return .start
    }

    private mutating func endTag() throws(ReadFailure) -> Event {
        let nameRange = extent(index + 2, nameEnd(from: index + 2))
        guard let started = open.popLast(), text[started].contents.elementsEqual(text[nameRange].contents) else {
            throw .malformed("the XML tag </\(text[nameRange][0..<40].string)> closes nothing that is open")
        }
        guard let end = text.first(UInt8(ascii: ">"), from: nameRange.upperBound) else {
            throw .malformed("an XML tag does not end")
        }
        setName(nameRange)
        index = end + 1
        return .end
    }

    /// After `start`: the attribute's value. The name matches with any prefix, or with `isPrefixed` only with one.
    package func attribute(_ wanted: StaticString, isPrefixed: Bool = false) -> String? {
        var place = attributes.lowerBound
        while place < attributes.upperBound {
            while text[place].isSpace { place += 1 }
            let start = place
            let end = min(nameEnd(from: start), attributes.upperBound)
            place = end
            while text[place].isSpace { place += 1 }
            guard text[place] == UInt8(ascii: "=") else {
                place = max(place, start + 1)
                continue
            }
            place += 1
            while text[place].isSpace { place += 1 }
            let quote = text[place]
            guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"),
                let close = text.first(quote, from: place + 1, to: attributes.upperBound)
            else { return nil }
            let local = end - wanted.utf8CodeUnitCount
            if local >= start, text.hasPrefix(wanted, at: local),
                (local == start && !isPrefixed) || (local > start && text[local - 1] == UInt8(ascii: ":"))
            {
                return HTMLEntities.decoded(text.slice(place + 1, close))
            }
            place = close + 1
        }
        return nil
    }

    /// After `text`: appends the characters with their references decoded.
    func appendText(to output: inout [UInt8]) {
        if isVerbatim {
            output.append(text[content])
            return
        }
        var place = content.lowerBound
        while let ampersand = text.first(UInt8(ascii: "&"), from: place, to: content.upperBound) {
            output.append(text.slice(place, ampersand))
            let length = HTMLEntities.decode(text, at: ampersand, into: &output)
            if length == 0 { output.append(UInt8(ascii: "&")) }
            place = ampersand + max(length, 1)
        }
        output.append(text.slice(min(place, content.upperBound), content.upperBound))
    }

    /// After `start`: skips to the end of this element.
    package mutating func skipElement() throws(ReadFailure) {
        let outside = depth - 1
        while depth > outside { guard try next() != nil else { return } }
    }

    /// After `start`: all text inside of this element, without tags.
    package mutating func elementText() throws(ReadFailure) -> String {
        let outside = depth - 1
        var output: [UInt8] = []
        while depth > outside {
            guard let event = try next() else { break }
            if event == .text { appendText(to: &output) }
        }
        return output.string.trimmedText
    }
}
