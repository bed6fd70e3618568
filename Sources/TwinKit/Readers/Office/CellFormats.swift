import Glibc
import TwinSupport

/// How a workbook shows its numbers, as far as that changes what they mean: dates, times, percentages, scales and units.
struct CellFormats {
    enum Kind: Equatable {
        case general, percent, date, time, dateTime
        /// Hours, minutes or seconds that go on past the day.
        case elapsed
        /// Minutes or seconds, where the largest unit is that.
        case elapsedMinutes, elapsedSeconds
        case number(NumberFormat)
    }

    /// Days count from 1904-01-01 instead of 1899-12-30 (ECMA-376 part 1, section 18.17.4.1).
    var uses1904 = false
    private var styles: [Kind] = []

    mutating func read(_ bytes: [UInt8], limits: ReaderLimits) throws(ReadFailure) {
        styles = try bytes.withView { (view) throws(ReadFailure) in
            var custom: [Int: Kind] = [:]
            var kinds: [Kind] = []
            var isCells = false
            var xml = XMLReader(view, limits: limits)
            while let event = try xml.next() {
                switch (event, xml.name) {
                case (.start, "numFmt"):
                    if let id = xml.attribute("numFmtId").flatMap({ Int($0) }), let code = xml.attribute("formatCode") {
                        custom[id] = Self.kind(ofCode: code)
                    }
                case (.start, "cellXfs"): isCells = true
                case (.end, "cellXfs"): isCells = false
                case (.start, "xf") where isCells:
                    let id = xml.attribute("numFmtId").flatMap { Int($0) } ?? 0
                    kinds.append(custom[id] ?? Self.kind(ofBuiltIn: id))
                default: break
                }
            }
            return kinds
        }
    }

    /// Section 18.8.30 lists the formats that every program knows.
    private static func kind(ofBuiltIn id: Int) -> Kind {
        switch id {
        case 9, 10: .percent
        case 14...17, 27...31, 36, 50...58: .date
        case 18...21, 32...35, 45, 47: .time
        case 2, 4, 39, 40: .number(NumberFormat(decimals: 2))
        case 7, 8, 44: .number(NumberFormat(decimals: 2))
        case 12: .number(NumberFormat(hasWhole: true, denominator: .upTo(9)))
        case 13: .number(NumberFormat(hasWhole: true, denominator: .upTo(99)))
        case 46: .elapsed
        case 22: .dateTime
        default: .general
        }
    }

    /// A format's letters outside of quotes and brackets tell what it shows (section 18.8.31); its first section is that of
    /// positive numbers.
    static func kind(ofCode code: String) -> Kind {
        var hasDay = false
        var hasTime = false
        var hasMonth = false
        var elapsed: Kind?
        var hasSeconds = false
        var number = NumberFormat.Builder()
        var scalars = Array(code.unicodeScalars)[...]
        scan: while let scalar = scalars.popFirst() {
            switch scalar {
            case "\\": if let next = scalars.popFirst() { number.literal(next) }
            case "_", "*":
                // As wide as the next character, or filled with it.
                _ = scalars.popFirst()
                number.literal(" ")
            case "\"": while let next = scalars.popFirst(), next != "\"" { number.literal(next) }
            case "[":
                let inside = String(String.UnicodeScalarView(scalars.prefix { $0 != "]" }))
                scalars = scalars.dropFirst(inside.unicodeScalars.count + 1)
                if inside.hasPrefix("$") {
                    // `[$€-407]`: a currency with the number of its language.
                    for scalar in inside.dropFirst().prefix(while: { $0 != "-" }).unicodeScalars { number.literal(scalar) }
                } else if !inside.isEmpty, inside.utf8.allSatisfy({ "hmsHMS".utf8.contains($0) }) {
                    elapsed =
                        switch inside.lowercased().first {
                        case "h": .elapsed
                        case "m": .elapsedMinutes
                        default: .elapsedSeconds
                        }
                }
            case ";": break scan
            case "%": return .percent
            case "d", "D", "y", "Y": hasDay = true
            case "h", "H": hasTime = true
            case "s", "S": (hasTime, hasSeconds) = (true, true)
            case "m", "M": hasMonth = true
            case "0", "#", "?", ".", ",", "1"..."9": number.place(scalar)
            case "E", "e", "@": return .general
            case "$", "\u{20AC}", "\u{A3}", "\u{A5}", " ", "\u{A0}", "/", "(", ")", "+", "-", ":": number.literal(scalar)
            default: break
            }
        }
        // Minutes alone would look like hours, or like nothing at all.
        if let elapsed { return elapsed == .elapsedMinutes && !hasSeconds ? .elapsed : elapsed }
        if hasDay { return hasTime ? .dateTime : .date }
        if hasTime { return .time }
        if hasMonth { return .date }
        return number.format.map { .number($0) } ?? .general
    }

    /// A number as its cell shows it: a date as RFC 3339 writes it, a percentage with its sign, anything else plain.
    func text(_ value: String, style: Int) -> String {
        let value = value.trimmedText
        guard let number = Double(value), number.isFinite else { return value }
        switch styles.indices.contains(style) ? styles[style] : .general {
        case .general: return Self.plain(number)
        case .percent: return (number * 100).isFinite ? Self.plain(number * 100) + "%" : value
        case .number(let format): return format.text(number, digits: Self.plain)
        case .elapsed: return abs(number) < 1e9 ? Self.elapsed(number) : Self.plain(number)
        case .elapsedMinutes: return abs(number) < 1e9 ? Self.elapsed(number, isMinutes: true) : Self.plain(number)
        case .elapsedSeconds:
            return abs(number) < 1e9 ? String(Int64((number * 86_400).rounded())) : Self.plain(number)
        case .time where number >= 0 && number < 1: return Self.clock(number)
        case .time, .date, .dateTime:
            guard number >= 0, number < 2_958_466 else { return Self.plain(number) }
            // Half a second more than a day's last second is the next day.
            let seconds = Int64((number * 86_400).rounded())
            let (serial, rest) = (seconds / 86_400, seconds % 86_400)
            return rest == 0 ? day(serial) : "\(day(serial)) \(Self.clock(Double(rest) / 86_400))"
        }
    }

    /// The date of a serial number. Counted from 1900, the days before March are one off, for 1900-02-29 is counted, which never was.
    private func day(_ serial: Int64) -> String {
        if !uses1904, serial == 60 { return "1900-02-29" }
        let offset: Int64 = uses1904 ? -24_107 : serial < 60 ? -25_568 : -25_569
        return String(Timestamp(milliseconds: (serial + offset) * 86_400_000).description.prefix(10))
    }

    /// Hours that go on past 24, as `37:30`; or minutes that go on past 60, with their seconds.
    private static func elapsed(_ days: Double, isMinutes: Bool = false) -> String {
        let seconds = Int64((abs(days) * 86_400).rounded())
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : String(value) }
        if isMinutes { return "\(days < 0 ? "-" : "")\(seconds / 60):\(two(seconds % 60))" }
        let text = "\(days < 0 ? "-" : "")\(seconds / 3600):\(two(seconds / 60 % 60))"
        return seconds % 60 == 0 ? text : "\(text):\(two(seconds % 60))"
    }

    private static func clock(_ fraction: Double) -> String {
        let seconds = Int((fraction * 86_400).rounded())
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : String(value) }
        let minutes = "\(two(seconds / 3600 % 24)):\(two(seconds / 60 % 60))"
        return seconds % 60 == 0 ? minutes : "\(minutes):\(two(seconds % 60))"
    }

    /// Fifteen digits, which is all that a spreadsheet keeps, so that no binary noise shows.
    private static func plain(_ number: Double) -> String {
        if let whole = Int64(exactly: number), abs(number) < 1e15 { return String(whole) }
        var buffer = [CChar](repeating: 0, count: 40)
        let length = withVaList([number]) { vsnprintf(&buffer, 40, "%.15g", $0) }
        return buffer.prefix(max(0, Int(length))).map { UInt8(bitPattern: $0) }.string
    }
}
