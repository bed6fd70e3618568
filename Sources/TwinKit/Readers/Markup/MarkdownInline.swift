import TwinSupport

/// Markdown's inline syntax (CommonMark 0.31, section 6) becomes the words a reader sees: link and image targets, emphasis
/// marks, code ticks and tags go, their text stays. One pass, linear in the length of the paragraph: a search that once
/// found nothing is not repeated.
struct MarkdownInline {
    /// The result of the last `convert`.
    private(set) var output: [UInt8] = []
    private var brackets: [Int] = []
    /// The places of the emphasis runs that may still be closed: `*`, `**`, `***`, then `_`, then `~`.
    private var openers: (Int, Int, Int, Int, Int, Int, Int) = (-1, -1, -1, -1, -1, -1, -1)
    private var hasRemovals = false
    /// Searches that found nothing in this paragraph.
    private var lacksTagEnd = false
    private var lacksParenthesis = false
    private var lacksBracket = false
    private var lacksTicks: UInt16 = 0
    private var lacksHiddenEnd = false
    /// Where the words end that are marked with `==`.
    private var marked = -1

    private mutating func reset() {
        lacksHiddenEnd = false
        marked = -1
        output.removeAll(keepingCapacity: true)
        brackets.removeAll(keepingCapacity: true)
        openers = (-1, -1, -1, -1, -1, -1, -1)
        hasRemovals = false
        lacksTagEnd = false
        lacksParenthesis = false
        lacksBracket = false
        lacksTicks = 0
    }

    /// Converts one paragraph into `output`. Line feeds in it are hard breaks and stay.
    mutating func convert(_ text: ByteView) {
        reset()
        var index = 0
        var start = 0
        while index < text.count {
            let byte = text[index]
            guard Self.isSpecial(byte) else {
                index += 1
                continue
            }
            output.append(text.slice(start, index))
            switch byte {
            case UInt8(ascii: "\\"):
                if text[index + 1].isPunctuation { index += 1 }
                output.append(text[index])
                index += 1
            case UInt8(ascii: "`"): index = codeSpan(text, at: index)
            case UInt8(ascii: "*"), UInt8(ascii: "_"), UInt8(ascii: "~"): index = emphasis(text, at: index)
            case UInt8(ascii: "="):
                // `==marked==`, as many programs write it.
                if text[index + 1] == byte, text[index + 2] != byte, let end = markEnd(text, from: index + 2) {
                    marked = end
                    index += 2
                } else if marked == index {
                    index += 2
                } else {
                    output.append(byte)
                    index += 1
                }
            case UInt8(ascii: "!"):
                // `![[Note]]` shows another note.
                if text[index + 1] == UInt8(ascii: "["), text[index + 2] == UInt8(ascii: "["),
                    let end = wikiLink(text, at: index + 1)
                {
                    index = end
                    break
                }
                output.append(byte)
                index += 1
                if text[index] == UInt8(ascii: "["), text[index + 1] != UInt8(ascii: "^") {
                    brackets.append(-output.count)
                    output.append(UInt8(ascii: "["))
                    index += 1
                }
            case UInt8(ascii: "%"):
                guard text[index + 1] == byte, let end = hiddenEnd(text, from: index + 2) else {
                    output.append(byte)
                    index += 1
                    break
                }
                index = end
            case UInt8(ascii: "["):
                if text[index + 1] == byte, let end = wikiLink(text, at: index) {
                    index = end
                } else if text[index + 1] == UInt8(ascii: "^"),
                    let end = text.first(UInt8(ascii: "]"), from: index, to: index + 40)
                {
                    index = end + 1
                } else {
                    brackets.append(output.count)
                    output.append(byte)
                    index += 1
                }
            case UInt8(ascii: "]"): index = closeBracket(text, at: index)
            case UInt8(ascii: "<"): index = tag(text, at: index)
            case UInt8(ascii: "&"):
                let length = HTMLEntities.decode(text, at: index, into: &output)
                if length == 0 { output.append(byte) }
                index += max(length, 1)
            default: index += 1
            }
            start = index
        }
        output.append(text.slice(start, text.count))
        if hasRemovals { output.removeAll { $0 == 0 } }
    }

    /// Where the `==` stands that ends marked words on this line; none for a comparison.
    private func markEnd(_ text: ByteView, from start: Int) -> Int? {
        guard !text[start].isSpace, start < text.count, marked < start else { return nil }
        var place = start + 1
        while place + 1 < text.count, place < start + 400, text[place] != 0x0A {
            if text[place] == UInt8(ascii: "="), text[place + 1] == UInt8(ascii: "=") {
                return text[place - 1].isSpace ? nil : place
            }
            place += 1
        }
        return nil
    }

    mutating func truncate(to count: Int) { output.removeLast(max(0, output.count - count)) }

    @inline(__always) private static func isSpecial(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\\"), UInt8(ascii: "`"), UInt8(ascii: "*"), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "!"),
            UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "<"), UInt8(ascii: "&"), UInt8(ascii: "%"), UInt8(ascii: "="):
            true
        default: false
        }
    }

    private func runLength(_ text: ByteView, at index: Int) -> Int {
        let byte = text[index]
        var end = index + 1
        while end < text.count, text[end] == byte { end += 1 }
        return end - index
    }

    private mutating func codeSpan(_ text: ByteView, at index: Int) -> Int {
        let length = runLength(text, at: index)
        if length < 16, lacksTicks & (1 << UInt16(length)) == 0 {
            var search = index + length
            while let next = text.first(UInt8(ascii: "`"), from: search) {
                let found = runLength(text, at: next)
                if found == length {
                    output.append(text.slice(index + length, next).trimmed)
                    return next + found
                }
                search = next + found
            }
            lacksTicks |= 1 << UInt16(length)
        }
        output.append(text.slice(index, index + length))
        return index + length
    }

    private mutating func emphasis(_ text: ByteView, at index: Int) -> Int {
        let byte = text[index]
        let length = runLength(text, at: index)
        let end = index + length
        let before = index == 0 ? 0x20 : text[index - 1]
        let after = end < text.count ? text[end] : 0x20
        let place = output.count
        output.append(text.slice(index, end))
        let isSlotted = byte == UInt8(ascii: "~") ? length == 2 : length <= 3
        guard isSlotted else { return end }
        var canOpen = !after.isSpace
        var canClose = !before.isSpace
        if byte == UInt8(ascii: "_") {
            canOpen = canOpen && !before.isAlphanumeric && before < 0x80
            canClose = canClose && !after.isAlphanumeric && after < 0x80
        }
        let slot: WritableKeyPath<(Int, Int, Int, Int, Int, Int, Int), Int>
        switch (byte, length) {
        case (UInt8(ascii: "*"), 1): slot = \.0
        case (UInt8(ascii: "*"), 2): slot = \.1
        case (UInt8(ascii: "*"), _): slot = \.2
        case (UInt8(ascii: "_"), 1): slot = \.3
        case (UInt8(ascii: "_"), 2): slot = \.4
        case (UInt8(ascii: "_"), _): slot = \.5
        default: slot = \.6
        }
        let opener = openers[keyPath: slot]
        if canClose, opener >= 0 {
            remove(opener, length)
            remove(place, length)
            openers[keyPath: slot] = -1
        } else if canOpen {
            openers[keyPath: slot] = place
        }
        return end
    }

    private mutating func remove(_ place: Int, _ length: Int) {
        for index in extent(place, min(place + length, output.count)) { output[index] = 0 }
        hasRemovals = true
    }

    /// The place behind the `%%` that ends a comment; none when nothing does.
    private mutating func hiddenEnd(_ text: ByteView, from start: Int) -> Int? {
        guard !lacksHiddenEnd else { return nil }
        var place = start
        while let next = text.first(UInt8(ascii: "%"), from: place) {
            if text[next + 1] == UInt8(ascii: "%") { return next + 2 }
            place = next + 1
        }
        lacksHiddenEnd = true
        return nil
    }

    /// `[[Page]]` and `[[Page|words]]`, as wikis and Obsidian link: writes the words that show. The place behind it; none when this is no
    /// such link.
    private mutating func wikiLink(_ text: ByteView, at index: Int) -> Int? {
        guard let close = text.first(UInt8(ascii: "]"), from: index + 2, to: index + 300), text[close + 1] == UInt8(ascii: "]"),
            close > index + 2,
            text.first(UInt8(ascii: "["), from: index + 2, to: close) == nil
        else { return nil }
        let bar = text.first(UInt8(ascii: "|"), from: index, to: close)
        // A picture's file name is nothing to read.
        if text[index - 1] == UInt8(ascii: "!"), index > 0,
            DocumentFormat(
                fileExtension: FormatDetection.fileExtension(text.slice(index + 2, bar ?? close).string)) == .picture
        {
            return close + 2
        }
        output.append(text.slice(bar.map { $0 + 1 } ?? index + 2, close))
        return close + 2
    }

    /// At a `]`: the text of a link or an image stays, its target or reference goes.
    private mutating func closeBracket(_ text: ByteView, at index: Int) -> Int {
        guard let opener = brackets.popLast() else {
            output.append(UInt8(ascii: "]"))
            return index + 1
        }
        let end = linkEnd(text, after: index + 1)
        guard end > index + 1 else {
            output.append(UInt8(ascii: "]"))
            return index + 1
        }
        if opener < 0 { remove(-opener - 1, 2) } else { remove(opener, 1) }
        return end
    }

    /// The end of `(target "title")` or `[reference]` that starts at `index`, or `index` if neither does.
    private mutating func linkEnd(_ text: ByteView, after index: Int) -> Int {
        if text[index] == UInt8(ascii: "["), !lacksBracket {
            guard let end = text.first(UInt8(ascii: "]"), from: index) else {
                lacksBracket = true
                return index
            }
            return end - index <= 200 ? end + 1 : index
        }
        guard text[index] == UInt8(ascii: "("), !lacksParenthesis else { return index }
        var depth = 0
        var place = index
        while place < text.count {
            switch text[place] {
            case UInt8(ascii: "\\"): place += 1
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"):
                depth -= 1
                if depth == 0 { return place + 1 }
            default: break
            }
            place += 1
        }
        lacksParenthesis = true
        return index
    }

    /// At a `<`: an address in angle brackets stays without them, a comment or a tag goes, `<br>` is a line break.
    private mutating func tag(_ text: ByteView, at index: Int) -> Int {
        let next = text[index + 1]
        guard next.isLetter || next == UInt8(ascii: "/") || next == UInt8(ascii: "!"), !lacksTagEnd else {
            output.append(UInt8(ascii: "<"))
            return index + 1
        }
        guard let end = text.first(UInt8(ascii: ">"), from: index) else {
            lacksTagEnd = true
            output.append(UInt8(ascii: "<"))
            return index + 1
        }
        let inside = text.slice(index + 1, end)
        let isAddress =
            inside.first(UInt8(ascii: " "), from: 0) == nil
            && (inside.first(UInt8(ascii: "@"), from: 0) != nil || inside.first(UInt8(ascii: ":"), from: 0) != nil)
            && inside.first(UInt8(ascii: "="), from: 0, to: 12) == nil
        if isAddress { output.append(inside) }
        if inside.hasPrefixIgnoringCase("img"), inside[3].isSpace, let tag = HTMLTag.read(text, at: index),
            let words = PictureText.words(tag.attribute("alt", in: text))
        {
            output += words.utf8
        }
        if inside.hasPrefixIgnoringCase("sup"), inside.count == 3, let last = output.last,
            last.isAlphanumeric || last == UInt8(ascii: ")"),
            Superscript.isExponent(Array(text.slice(end + 1, text.first(UInt8(ascii: "<"), from: end) ?? end).contents))
        {
            output.append(UInt8(ascii: "^"))
        }
        if inside.hasPrefixIgnoringCase("br"), !inside[2].isLetter { output.append(0x0A) }
        return end + 1
    }
}
