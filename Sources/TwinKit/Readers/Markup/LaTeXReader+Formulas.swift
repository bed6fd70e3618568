import TwinSupport

/// Formulas keep their characters; only fractions and signs of multiplication are put on the line.
extension LaTeXReader {
    mutating func fraction() {
        guard let above = argument(), let below = argument() else { return }
        func part(_ view: ByteView) -> [UInt8] {
            let text = Array(view.trimmed.contents)
            return text.contains { "+-*/= ".utf8.contains($0) } ? [UInt8(ascii: "(")] + text + [UInt8(ascii: ")")] : text
        }
        words += part(above) + [UInt8(ascii: "/")] + part(below)
    }

    /// `$…$`: the formula's own characters, so that `$10^6$` is `10^6`.
    mutating func formula() {
        let length = text[index + 1] == UInt8(ascii: "$") ? 2 : 1
        guard let close = text.first(UInt8(ascii: "$"), from: index + length, to: index + 4000) else {
            index += length
            return
        }
        words += plainFormula(text.slice(index + length, close))
        index = min(close + length, text.count)
    }

    mutating func delimitedFormula(_ end: StaticString) {
        var place = index
        while place < text.count, place < index + 4000, !text.hasPrefix(end, at: place) { place += 1 }
        words += plainFormula(text.slice(index, place))
        index = min(place + 2, text.count)
    }

    /// A formula alone, as text.
    static func formula(_ view: ByteView) -> [UInt8] { LaTeXReader(view, ReaderLimits()).plainFormula(view) }

    func plainFormula(_ view: ByteView) -> [UInt8] {
        var inner = LaTeXReader(view, limits)
        var result: [UInt8] = []
        while inner.index < view.count {
            if view.hasPrefix("\\frac", at: inner.index) {
                inner.index += 5
                inner.fraction()
                result += inner.words
                inner.words = []
            } else if view.hasPrefix("\\times", at: inner.index) {
                result += "\u{D7}".utf8
                inner.index += 6
            } else if view.hasPrefix("\\cdot", at: inner.index) {
                result += "\u{B7}".utf8
                inner.index += 5
            } else {
                if !(view[inner.index] == UInt8(ascii: "{") || view[inner.index] == UInt8(ascii: "}"))
                    || result.last == UInt8(ascii: "\\")
                {
                    result.append(view[inner.index])
                }
                inner.index += 1
            }
        }
        return result
    }
}
