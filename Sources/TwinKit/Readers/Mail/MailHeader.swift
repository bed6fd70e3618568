import TwinSupport

/// The header of a message or of a part of one (RFC 5322 section 2.2, RFC 2045).
struct MailHeader {
    private var fields: [(name: String, value: [UInt8])] = []
    /// Where the body begins.
    private(set) var end = 0

    /// Fields past this number are left out.
    private static let maximumFields = 1000

    /// Reads the header that starts at the beginning of `text`.
    init(_ text: ByteView) {
        var index = 0
        while index < text.count {
            let lineEnd = text.lineEnd(from: index)
            var stop = lineEnd
            if stop > index, text[stop - 1] == 0x0D { stop -= 1 }
            if stop == index {
                end = lineEnd + 1
                return
            }
            let line = text.slice(index, stop)
            if line[0] == 0x20 || line[0] == 0x09 {
                // A folded line goes on with the field before.
                if let last = fields.indices.last, fields[last].value.count < 1 << 20 {
                    fields[last].value.append(0x20)
                    fields[last].value.append(line.trimmed)
                }
            } else if let colon = line.first(UInt8(ascii: ":"), from: 0), colon > 0,
                line.slice(0, colon).trimmed.first(0x20, from: 0) == nil
            {
                if fields.count < Self.maximumFields {
                    fields.append(
                        (
                            line.slice(0, colon).trimmed.string.lowercased(),
                            Array(line.slice(colon + 1, line.count).trimmed.contents)
                        ))
                }
            } else if !(index == 0 && line.hasPrefix("From ")) {
                // No header line: the body has begun without its blank line.
                end = index
                return
            }
            index = lineEnd + 1
        }
        end = text.count
    }

    /// The first field of this name, decoded to text.
    subscript(name: String) -> String? {
        guard let value = fields.first(where: { $0.name == name })?.value else { return nil }
        return value.withView { EncodedWords.decode($0) }.nonBlank
    }

    /// The first field of this name as a value with parameters.
    func parameterized(_ name: String) -> Parameterized {
        Parameterized(fields.first { $0.name == name }?.value ?? [])
    }

    /// `text/plain; charset="utf-8"; name*=utf-8''a%20b` (RFC 2045 section 5.1, RFC 2231).
    struct Parameterized {
        /// The value before the parameters, in lower case.
        var value = ""
        private var parameters: [String: String] = [:]

        init(_ bytes: [UInt8]) {
            bytes.withView { view in
                var index = view.first(UInt8(ascii: ";"), from: 0) ?? view.count
                value = view.slice(0, index).trimmed.string.lowercased()
                while index < view.count, parameters.count < 50 {
                    index += 1
                    guard let equals = view.first(UInt8(ascii: "="), from: index) else { break }
                    var name = view.slice(index, equals).trimmed.string.lowercased()
                    var text: [UInt8] = []
                    index = equals + 1
                    while view[index] == 0x20 { index += 1 }
                    if view[index] == UInt8(ascii: "\"") {
                        index += 1
                        while index < view.count, view[index] != UInt8(ascii: "\"") {
                            if view[index] == UInt8(ascii: "\\") { index += 1 }
                            text.append(view[index])
                            index += 1
                        }
                    } else {
                        let end = view.first(UInt8(ascii: ";"), from: index) ?? view.count
                        text = Array(view.slice(index, end).trimmed.contents)
                    }
                    index = view.first(UInt8(ascii: ";"), from: index) ?? view.count
                    // A continued parameter is one value in numbered pieces; an asterisk at the end means escapes.
                    let isEscaped = name.hasSuffix("*")
                    if let star = name.firstIndex(of: "*") { name = String(name[..<star]) }
                    let decoded = isEscaped ? EncodedWords.percent(text) : text.withView { EncodedWords.decode($0) }
                    parameters[name, default: ""] += decoded
                }
            }
        }

        subscript(name: String) -> String? { parameters[name]?.nonBlank }
    }
}

/// Text in header fields that is not ASCII (RFC 2047): `=?utf-8?Q?Gr=C3=BC=C3=9Fe?=`.
enum EncodedWords {
    static func decode(_ view: ByteView) -> String {
        var output: [UInt8] = []
        var index = 0
        var wasEncoded = false
        // Words in one set that follow each other are joined before they are decoded: a character may be cut between them.
        var pending: (charset: String, bytes: [UInt8])?
        func flush() {
            if let (charset, bytes) = pending { output += TextDecoding.decode(bytes, charset: charset).bytes }
            pending = nil
        }
        while index < view.count {
            guard let start = view.first(UInt8(ascii: "="), from: index), view[start + 1] == UInt8(ascii: "?") else {
                let next = view.first(UInt8(ascii: "="), from: index).map { $0 + 1 } ?? view.count
                flush()
                output += TextDecoding.decode(Array(view.slice(index, next).contents)).bytes
                wasEncoded = false
                index = next
                continue
            }
            let between = view.slice(index, start)
            guard let word = word(view, at: start) else {
                flush()
                output += TextDecoding.decode(Array(view.slice(index, start + 2).contents)).bytes
                wasEncoded = false
                index = start + 2
                continue
            }
            // White space between two encoded words is not part of the text (section 6.2).
            if !(wasEncoded && between.trimmed.isEmpty) {
                flush()
                output += TextDecoding.decode(Array(between.contents)).bytes
            }
            if pending?.charset != word.charset { flush() }
            pending = (word.charset, (pending?.bytes ?? []) + word.bytes)
            wasEncoded = true
            index = word.end
        }
        flush()
        return output.map { $0 < 0x20 ? 0x20 : $0 }.string
    }

    private static func word(_ view: ByteView, at start: Int) -> (charset: String, bytes: [UInt8], end: Int)? {
        guard let charsetEnd = view.first(UInt8(ascii: "?"), from: start + 2, to: start + 80),
            view[charsetEnd + 2] == UInt8(ascii: "?"),
            let textEnd = view.first(UInt8(ascii: "?"), from: charsetEnd + 3, to: charsetEnd + 4096),
            view[textEnd + 1] == UInt8(ascii: "=")
        else { return nil }
        let charset = view.slice(start + 2, charsetEnd).string.prefix { $0 != "*" }
        let content = view.slice(charsetEnd + 3, textEnd)
        let bytes: [UInt8]
        switch view[charsetEnd + 1].lowercased {
        case UInt8(ascii: "b"): bytes = TransferEncoding.base64(content)
        case UInt8(ascii: "q"): bytes = TransferEncoding.quotedPrintable(content, isHeader: true)
        default: return nil
        }
        return (charset.lowercased(), bytes, textEnd + 2)
    }

    /// `utf-8'en'a%20b` (RFC 2231 section 4).
    static func percent(_ bytes: [UInt8]) -> String {
        bytes.withView { view in
            var charset: String?
            var index = 0
            if let first = view.first(UInt8(ascii: "'"), from: 0), let second = view.first(UInt8(ascii: "'"), from: first + 1) {
                charset = view.slice(0, first).string
                index = second + 1
            }
            var output: [UInt8] = []
            while index < view.count {
                if view[index] == UInt8(ascii: "%"), let high = view[index + 1].hexValue, let low = view[index + 2].hexValue {
                    output.append(high << 4 | low)
                    index += 2
                } else {
                    output.append(view[index])
                }
                index += 1
            }
            return TextDecoding.decode(output, charset: charset).bytes.string
        }
    }
}

/// The two encodings that carry bytes through mail (RFC 2045 section 6).
enum TransferEncoding {
    static func base64(_ view: ByteView) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(view.count * 3 / 4)
        var value: UInt32 = 0
        var bits = 0
        for byte in view.contents {
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit = byte - 65
            case UInt8(ascii: "a")...UInt8(ascii: "z"): digit = byte - 71
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte + 4
            case UInt8(ascii: "+"), UInt8(ascii: "-"): digit = 62
            case UInt8(ascii: "/"), UInt8(ascii: "_"): digit = 63
            default: continue
            }
            value = value << 6 | UInt32(digit)
            bits += 6
            if bits >= 8 {
                bits -= 8
                output.append(UInt8(truncatingIfNeeded: value >> UInt32(bits)))
            }
        }
        return output
    }

    /// In headers `_` is a space; in bodies `=` at the end of a line joins it with the next.
    static func quotedPrintable(_ view: ByteView, isHeader: Bool = false) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(view.count)
        var index = 0
        while index < view.count {
            let byte = view[index]
            if byte == UInt8(ascii: "=") {
                if let high = view[index + 1].hexValue, let low = view[index + 2].hexValue {
                    output.append(high << 4 | low)
                    index += 3
                    continue
                }
                var place = index + 1
                while view[place] == 0x20 || view[place] == 0x09 || view[place] == 0x0D { place += 1 }
                if place >= view.count || view[place] == 0x0A {
                    index = place + 1
                    continue
                }
            }
            output.append(isHeader && byte == UInt8(ascii: "_") ? 0x20 : byte)
            index += 1
        }
        return output
    }
}
