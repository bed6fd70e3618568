import Glibc
import TwinSupport

/// How a workbook shows its numbers, as far as that changes what they mean: dates, times and percentages.
struct CellFormats {
    enum Kind { case general, percent, date, time, dateTime }

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
        case 18...21, 32...35, 45...47: .time
        case 22: .dateTime
        default: .general
        }
    }

    /// A format's letters outside of quotes and brackets tell what it shows.
    static func kind(ofCode code: String) -> Kind {
        var hasDay = false
        var hasTime = false
        var hasMonth = false
        var isQuoted = false
        var brackets = 0
        var isEscaped = false
        for byte in code.utf8 {
            if isEscaped {
                isEscaped = false
                continue
            }
            switch byte {
            case UInt8(ascii: "\\"), UInt8(ascii: "_"), UInt8(ascii: "*"): isEscaped = true
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: "["): brackets += 1
            case UInt8(ascii: "]"): brackets -= 1
            case UInt8(ascii: ";") where !isQuoted: return result()
            default:
                if isQuoted || brackets > 0 { continue }
                switch byte.lowercased {
                case UInt8(ascii: "%"): return .percent
                case UInt8(ascii: "d"), UInt8(ascii: "y"): hasDay = true
                case UInt8(ascii: "h"), UInt8(ascii: "s"): hasTime = true
                case UInt8(ascii: "m"): hasMonth = true
                default: break
                }
            }
        }
        func result() -> Kind {
            if hasDay { return hasTime ? .dateTime : .date }
            if hasTime { return .time }
            return hasMonth ? .date : .general
        }
        return result()
    }

    /// A number as its cell shows it: a date as RFC 3339 writes it, a percentage with its sign, anything else plain.
    func text(_ value: String, style: Int) -> String {
        let value = value.trimmedText
        guard let number = Double(value), number.isFinite else { return value }
        switch styles.indices.contains(style) ? styles[style] : .general {
        case .general: return Self.plain(number)
        case .percent: return Self.plain(number * 100) + "%"
        case .time where number >= 0 && number < 1: return Self.clock(number)
        case .time, .date, .dateTime:
            guard number >= 0, number < 2_958_466 else { return Self.plain(number) }
            let day = Int64(number) + (uses1904 ? -24_107 : -25_569)
            let date = String(Timestamp(milliseconds: day * 86_400_000).description.prefix(10))
            let fraction = number - number.rounded(.down)
            return fraction < 1e-6 ? date : "\(date) \(Self.clock(fraction))"
        }
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
