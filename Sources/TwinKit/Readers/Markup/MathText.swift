import TwinSupport

/// What stands above the line in running text.
enum Superscript {
    /// Digits with a sign, or a letter that stands for a number: `6`, `-3`, `n`, `2n+1`. Endings such as `st` are none.
    static func isExponent(_ text: some Collection<UInt8>) -> Bool {
        guard !text.isEmpty, text.count <= 12 else { return false }
        if text.count == 1, text.first?.isLetter == true { return true }
        // U+2212, the sign that is written for minus.
        return text.contains(where: \.isDigit)
            && text.allSatisfy { $0.isAlphanumeric || "+-.,/*".utf8.contains($0) || $0 == 0xE2 || $0 == 0x88 || $0 == 0x92 }
    }
}

/// A formula in MathML Core as a line of text: `a/b`, `x^2`, `x_1`, `√(x)`. What it says is kept, not how it is set.
enum MathText {
    private struct Element {
        var name: String
        var children = 0
        /// Where its text began.
        var start: Int
    }

    /// The formula between `<math>` and `</math>`; other markup than that of formulas is left out.
    static func plain(_ text: ByteView) -> [UInt8] {
        var output: [UInt8] = []
        var open: [Element] = []
        var skipped: String?
        var index = 0
        while index < text.count {
            let next = text.first(UInt8(ascii: "<"), from: index) ?? text.count
            if skipped == nil { append(text.slice(index, next), to: &output) }
            guard next < text.count else { break }
            guard let tag = HTMLTag.read(text, at: next) else {
                index = next + 1
                continue
            }
            index = tag.end
            let name = tag.name.split(separator: ":").last.map(String.init) ?? tag.name
            if let waiting = skipped {
                if tag.isEnd, name == waiting { skipped = nil }
                continue
            }
            if name.isEmpty { continue }
            if tag.isEnd {
                guard let last = open.lastIndex(where: { $0.name == name }) else { continue }
                while open.count > last, let closed = open.popLast() { close(closed, in: open.last, &output) }
            } else {
                // The same formula for other programs.
                if name == "annotation" || name == "annotation-xml" {
                    if !tag.isSelfClosing { skipped = name }
                    continue
                }
                if let parent = open.indices.last {
                    open[parent].children += 1
                    before(open[parent].children, of: open[parent].name, &output)
                }
                if name == "msqrt" || name == "mroot" { output += "\u{221A}".utf8 }
                if !tag.isSelfClosing, open.count < 200 { open.append(Element(name: name, start: output.count)) }
            }
        }
        while let closed = open.popLast() { close(closed, in: open.last, &output) }
        return output
    }

    private static func append(_ run: ByteView, to output: inout [UInt8]) {
        let words = run.trimmed
        guard !words.isEmpty else { return }
        HTMLEntities.decoded(words).withView { output.append($0) }
    }

    /// What stands between the children of an element.
    private static func before(_ child: Int, of name: String, _ output: inout [UInt8]) {
        switch (name, child) {
        case ("mfrac", 2): output.append(UInt8(ascii: "/"))
        case ("msup", 2), ("msubsup", 3), ("mover", 2), ("munderover", 3): output.append(UInt8(ascii: "^"))
        case ("msub", 2), ("msubsup", 2), ("munder", 2), ("munderover", 2): output.append(UInt8(ascii: "_"))
        case ("mtd", 1): if let last = output.last, !last.isSpace { output.append(0x20) }
        default: break
        }
    }

    /// A part of several signs is one operand.
    private static func close(_ element: Element, in parent: Element?, _ output: inout [UInt8]) {
        let isOperand: Bool
        switch parent?.name {
        case "mfrac", "msup", "msub", "msubsup", "munder", "mover", "munderover": isOperand = element.name == "mrow"
        default: isOperand = element.name == "msqrt" || element.name == "mroot"
        }
        guard isOperand, element.children > 1 || element.name != "mrow", element.start < output.count else { return }
        output.insert(UInt8(ascii: "("), at: element.start)
        output.append(UInt8(ascii: ")"))
    }
}
