import TwinSupport

/// How a cell shows its number, as far as that says something of it (ECMA-376 part 1, section 18.8.31): units, digits that are
/// written although they are zero, fractions, and numbers that are names, such as those of telephones. Nothing is rounded.
struct NumberFormat: Equatable {
    enum Denominator: Equatable {
        case upTo(Int)
        case fixed(Int)
    }

    private enum Place: Equatable {
        /// A digit, and whether it is written although there is none.
        case digit(isZero: Bool)
        case literal(Unicode.Scalar)
    }

    var before = ""
    var after = ""
    /// How many times it is shown divided by a thousand.
    var thousands = 0
    /// Digits before and behind the point that are always written.
    var integers = 1
    var decimals = 0
    /// A fraction behind a whole number, or without one.
    var hasWhole = false
    var denominator: Denominator?
    /// Digits with signs between them.
    private var mask: [Place] = []

    init(decimals: Int = 0, hasWhole: Bool = false, denominator: Denominator? = nil) {
        (self.decimals, self.hasWhole, self.denominator) = (decimals, hasWhole, denominator)
    }

    /// Takes a format's signs one after the other.
    struct Builder {
        private var result = NumberFormat()
        private var places: [Place] = []
        private var integers = 0
        private var isBehindPoint = false
        private var hasDigits = false
        private var digitsBefore = 0
        /// The digits behind a slash.
        private var below: [Unicode.Scalar]?

        /// A digit's place, the point, a comma, or a digit of a denominator.
        mutating func place(_ scalar: Unicode.Scalar) {
            switch scalar {
            case ".": isBehindPoint = true
            case ",": if hasDigits { result.thousands += 1 }
            case "1"..."9":
                guard below != nil else { return literal(scalar) }
                below?.append(scalar)
            default:
                hasDigits = true
                result.thousands = 0
                if below != nil {
                    below?.append(scalar)
                } else if isBehindPoint {
                    if scalar == "0" { result.decimals += 1 }
                } else {
                    // What stood behind the digits stands between them.
                    for between in result.after.unicodeScalars { places.append(.literal(between)) }
                    if !result.after.isEmpty { digitsBefore = integers }
                    result.after = ""
                    integers += 1
                    if places.count < 100 { places.append(.digit(isZero: scalar == "0")) }
                }
            }
        }

        /// A sign that stands for itself.
        mutating func literal(_ scalar: Unicode.Scalar) {
            if scalar == "/", hasDigits, below == nil, !isBehindPoint {
                below = []
            } else if hasDigits {
                result.after.unicodeScalars.append(scalar)
            } else {
                result.before.unicodeScalars.append(scalar)
            }
        }

        /// None where the number stands as it is.
        var format: NumberFormat? {
            guard hasDigits else { return nil }
            var format = result
            if let below, !below.isEmpty {
                let figures = String(String.UnicodeScalarView(below))
                if let fixed = Int(figures), fixed > 0 {
                    format.denominator = .fixed(fixed)
                } else {
                    format.denominator = .upTo([9, 99, 999][min(below.count, 3) - 1])
                }
                format.hasWhole = digitsBefore > 0
            } else {
                let zeros = places.count { $0 == .digit(isZero: true) }
                format.integers = max(1, zeros)
                // Signs that only part thousands say nothing.
                let hasSigns = places.contains {
                    if case .literal(let scalar) = $0 { scalar != " " && scalar != "\u{A0}" } else { false }
                }
                if hasSigns, result.decimals == 0 { format.mask = places }
            }
            // Marks around a number only, such as the brackets of accounts, say nothing of it.
            func meaning(_ text: String) -> String {
                text.unicodeScalars.contains { $0.properties.isAlphabetic || $0.value >= 0x80 || $0 == "$" } ? text : ""
            }
            if format.mask.isEmpty { format.before = meaning(format.before) }
            format.after = meaning(format.after)
            return format == NumberFormat() ? nil : format
        }
    }

    /// A number in this form; `digits` writes it plainly.
    func text(_ number: Double, digits: (Double) -> String) -> String {
        var shown = number
        for _ in extent(0, min(thousands, 4)) { shown /= 1000 }
        let text = fraction(shown) ?? masked(shown) ?? padded(digits(shown))
        return (before + text + after).trimmedText
    }

    private func padded(_ text: String) -> String {
        guard !text.contains("e"), integers > 1 || decimals > 0 else { return text }
        let isNegative = text.hasPrefix("-")
        let parts = text.drop { $0 == "-" }.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        var whole = String(parts.first ?? "")
        var rest = parts.count > 1 ? String(parts[1]) : ""
        while whole.utf8.count < min(integers, 30) { whole = "0" + whole }
        // A whole number is one, whatever zeros stand behind it.
        while !rest.isEmpty, rest.utf8.count < min(decimals, 15) { rest += "0" }
        return (isNegative ? "-" : "") + whole + (rest.isEmpty ? "" : "." + rest)
    }

    /// `1 3/4`; none where no such fraction is the number.
    private func fraction(_ number: Double) -> String? {
        guard let denominator, abs(number) < 1e9 else { return nil }
        let size = abs(number)
        let whole = hasWhole ? Int(size.rounded(.down)) : 0
        let rest = size - Double(whole)
        let sign = number < 0 ? "-" : ""
        if rest == 0 { return sign + String(whole) }
        let candidates =
            switch denominator {
            case .fixed(let value): extent(value, value + 1)
            case .upTo(let most): extent(2, most + 1)
            }
        for below in candidates {
            let above = (rest * Double(below)).rounded()
            guard above > 0, abs(above / Double(below) - rest) < 1e-9 else { continue }
            return sign + (whole > 0 ? "\(whole) " : "") + "\(Int(above))/\(below)"
        }
        return nil
    }

    /// The digits of a whole number between the signs of the mask; the first place takes those that are left.
    private func masked(_ number: Double) -> String? {
        guard !mask.isEmpty, let whole = Int64(exactly: number), whole >= 0, whole < 1_000_000_000_000_000 else { return nil }
        var figures = Array(String(whole).unicodeScalars)
        var result: [Unicode.Scalar] = []
        var left = mask.count { if case .digit = $0 { true } else { false } }
        for place in mask.reversed() {
            switch place {
            case .literal(let scalar): if left > 0, !figures.isEmpty || mustGoOn(left) { result.append(scalar) }
            case .digit(let isZero):
                left -= 1
                if left == 0, !figures.isEmpty {
                    result += figures.reversed()
                    figures = []
                } else if let figure = figures.popLast() {
                    result.append(figure)
                } else if isZero {
                    result.append("0")
                }
            }
        }
        return String(String.UnicodeScalarView(result.reversed()))
    }

    /// Whether zeros are still written in the first `count` places of the mask.
    private func mustGoOn(_ count: Int) -> Bool {
        var seen = 0
        for case .digit(let isZero) in mask where seen < count {
            if isZero { return true }
            seen += 1
        }
        return false
    }
}
