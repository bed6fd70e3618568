import TwinSupport

/// Text with styles, for people. What is interpolated is data: its control characters are made visible before it is
/// printed, so that no document and no file name can send escape sequences to a terminal.
///
///     output.line("\(title, .bold)  \(path, .dim)")
struct StyledText: Sendable, ExpressibleByStringInterpolation {
    enum Style: Sendable {
        case plain, bold, dim, underline, red, green, yellow, blue, magenta, cyan

        /// The parameter of SGR, ECMA-48 section 8.3.117.
        var code: String {
            switch self {
            case .plain: "0"
            case .bold: "1"
            case .dim: "2"
            case .underline: "4"
            case .red: "31"
            case .green: "32"
            case .yellow: "33"
            case .blue: "34"
            case .magenta: "35"
            case .cyan: "36"
            }
        }
    }

    private(set) var spans: [(text: String, style: Style)] = []

    init(_ text: String, _ style: Style = .plain) { spans = [(text, style)] }
    init(stringLiteral text: String) { self.init(text) }
    init(stringInterpolation: Interpolation) { spans = stringInterpolation.spans }

    struct Interpolation: StringInterpolationProtocol {
        fileprivate var spans: [(text: String, style: Style)] = []

        init(literalCapacity: Int, interpolationCount: Int) {}
        mutating func appendLiteral(_ text: String) { if !text.isEmpty { spans.append((text, .plain)) } }
        mutating func appendInterpolation(_ value: some CustomStringConvertible, _ style: Style = .plain) {
            spans.append((value.description, style))
        }
        mutating func appendInterpolation(_ text: StyledText) { spans += text.spans }
    }

    static func + (left: StyledText, right: StyledText) -> StyledText {
        var sum = left
        sum.spans += right.spans
        return sum
    }

    var plain: String { spans.map(\.text).joined() }

    /// The text with control characters made visible, and with escape sequences for the styles when `colour` is on.
    func rendered(colour: Bool, singleLine: Bool = false) -> String {
        var result = ""
        for span in spans {
            let text = SafeText.clean(span.text, singleLine: singleLine)
            if colour, span.style != .plain, !text.isEmpty {
                result += "\u{1B}[\(span.style.code)m\(text)\u{1B}[0m"
            } else {
                result += text
            }
        }
        return result
    }

    /// The text cut to `width` columns with an ellipsis in its last one.
    func truncated(to width: Int) -> StyledText {
        var left = width
        if DisplayWidth.of(plain) <= width { return self }
        var result = StyledText("")
        for span in spans {
            let part = DisplayWidth.prefix(of: span.text, columns: max(0, left - 1))
            result.spans.append((part, span.style))
            left -= DisplayWidth.of(part)
            if part.unicodeScalars.count < span.text.unicodeScalars.count { break }
        }
        if width > 0 { result.spans.append(("…", result.spans.last?.style ?? .plain)) }
        return result
    }
}

/// Makes text from documents, file names and services safe to show.
enum SafeText {
    /// Control characters (C0 but for newline and tab, DEL, C1), direction overrides and line separators become visible
    /// stand-ins. With `singleLine` each newline and tab becomes a space.
    static func clean(_ text: String, singleLine: Bool = false) -> String {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x09, 0x0A: result.append(singleLine ? " " : scalar)
            case 0x0D: if singleLine { result.append(" ") }
            // The control pictures block shows each C0 character by its name.
            case 0x00...0x1F: result.append(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}")
            case 0x7F: result.append("\u{2421}")
            case 0x80...0x9F, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: result.append("\u{FFFD}")
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}
