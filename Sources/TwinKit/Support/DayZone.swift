/// Where a day begins: UTC, an offset from it, or a zone of the machine's time zone database (RFC 9636), whose offset changes
/// with the seasons.
package struct DayZone: Sendable, Equatable, CustomStringConvertible {
    /// `UTC`, an offset such as `+02:00`, or a name such as `Europe/Berlin`.
    package let description: String
    private let rules: Rules

    /// Days that begin at midnight in UTC.
    package static let utc = DayZone("UTC", .fixed(0))

    private enum Rules: Sendable, Equatable {
        case fixed(Int64)
        case file(ZoneFile)
    }

    private init(_ description: String, _ rules: Rules) {
        self.description = description
        self.rules = rules
    }

    /// None for a text that names no zone, or one that this machine has no file of.
    package init?(_ text: String) {
        if ["UTC", "Z"].contains(text.uppercased()) {
            self = .utc
        } else if let seconds = Self.offset(text) {
            self.init(text, .fixed(seconds))
        } else if let file = ZoneFile(named: text) {
            self.init(text, .file(file))
        } else {
            return nil
        }
    }

    private static func offset(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count == 6, bytes[3] == UInt8(ascii: ":"), bytes[0] == UInt8(ascii: "+") || bytes[0] == UInt8(ascii: "-"),
            [1, 2, 4, 5].allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[$0]) })
        else { return nil }
        func digit(_ index: Int) -> Int64 { Int64(bytes[index]) - 48 }
        let (hours, minutes) = (digit(1) * 10 + digit(2), digit(4) * 10 + digit(5))
        guard hours < 24, minutes < 60 else { return nil }
        return (hours * 60 + minutes) * (bytes[0] == UInt8(ascii: "-") ? -60 : 60)
    }

    /// Seconds east of UTC at an instant.
    private func offset(at seconds: Int64) -> Int64 {
        switch rules {
        case .fixed(let offset): offset
        case .file(let file): file.offset(at: seconds)
        }
    }

    /// The date in the zone, as days since 1970-01-01.
    package func day(at instant: Timestamp) -> Int64 {
        let seconds = instant.milliseconds.flooredQuotient(1000)
        return (seconds + offset(at: seconds)).flooredQuotient(86_400)
    }

    /// When a date begins. Where the clock skips midnight, it is the instant at which it does.
    package func start(ofDay day: Int64) -> Timestamp {
        let local = day * 86_400
        // The offset of the evening before and of the morning after; one of them holds at midnight.
        let (before, after) = (offset(at: local - 50_400), offset(at: local + 50_400))
        for candidate in [local - before, local - after] where offset(at: candidate) == local - candidate {
            return Timestamp(milliseconds: candidate * 1000)
        }
        return Timestamp(milliseconds: (local - before) * 1000)
    }
}
