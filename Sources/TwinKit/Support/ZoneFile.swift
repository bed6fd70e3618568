/// One file of the time zone database: the instants at which the offset changes, and the rule for those that come after the last.
struct ZoneFile: Sendable, Equatable {
    private let transitions: [Int64]
    /// Seconds east of UTC from each transition on.
    private let offsets: [Int64]
    /// Before the first.
    private let first: Int64
    private let rule: ZoneRule?

    private static let folder = "/usr/share/zoneinfo/"
    private static let maximumBytes = 1 << 18

    init?(named name: String) {
        // A path below the folder, and nothing else.
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        let isName = parts.allSatisfy { part in
            !part.isEmpty && part.first != "."
                && part.utf8.allSatisfy { byte in
                    UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
                        || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || "_+-".utf8.contains(byte)
                }
        }
        guard isName, name.utf8.count <= 64, parts.count <= 3,
            let contents = try? FileContents.read(Self.folder + name, maximumBytes: Self.maximumBytes)
        else { return nil }
        self.init(contents.bytes)
    }

    /// Reads TZif of version 2 or later. None for anything else.
    init?(_ bytes: [UInt8]) {
        func number(_ place: Int, _ count: Int) -> Int64? {
            guard place >= 0, place <= bytes.count - count else { return nil }
            var value: UInt64 = 0
            for index in 0..<count { value = value << 8 | UInt64(bytes[place + index]) }
            return count == 8 ? Int64(bitPattern: value) : Int64(Int32(bitPattern: UInt32(value)))
        }
        func counts(_ place: Int) -> [Int]? {
            guard bytes.count >= place + 44, bytes[place...].starts(with: "TZif".utf8), bytes[place + 4] >= UInt8(ascii: "2")
            else {
                return nil
            }
            let found = (0..<6).compactMap { number(place + 20 + $0 * 4, 4).map { Int($0) } }
            // isutcnt, isstdcnt, leapcnt, timecnt, typecnt, charcnt
            return found.count == 6 && found.allSatisfy({ (0...10_000).contains($0) }) ? found : nil
        }
        guard let old = counts(0) else { return nil }
        let second = 44 + old[3] * 5 + old[4] * 6 + old[5] + old[2] * 8 + old[1] + old[0]
        guard let new = counts(second) else { return nil }
        let (times, types, characters) = (new[3], new[4], new[5])
        var place = second + 44
        var transitions: [Int64] = []
        for index in 0..<times {
            guard let time = number(place + index * 8, 8) else { return nil }
            transitions.append(time)
        }
        place += times * 8
        let kinds = place
        place += times
        guard types > 0, place + types * 6 <= bytes.count else { return nil }
        let offset = place
        let known = (0..<types).compactMap { number(offset + $0 * 6, 4) }
        guard known.count == types, known.allSatisfy({ abs($0) < 93_600 }) else { return nil }
        var offsets: [Int64] = []
        for index in 0..<times {
            let kind = Int(bytes[kinds + index])
            guard kind < types else { return nil }
            offsets.append(known[kind])
        }
        place += types * 6 + characters + new[2] * 12 + new[1] + new[0]
        guard place < bytes.count, bytes[place] == 0x0A, zip(transitions, transitions.dropFirst()).allSatisfy({ $0 < $1 }) else {
            return nil
        }
        self.transitions = transitions
        self.offsets = offsets
        first = known[0]
        rule = ZoneRule(String(decoding: bytes[(place + 1)...].prefix { $0 != 0x0A }, as: UTF8.self))
    }

    func offset(at seconds: Int64) -> Int64 {
        if let last = transitions.last, seconds >= last, let rule { return rule.offset(at: seconds) }
        guard let start = transitions.first, seconds >= start else {
            return transitions.isEmpty ? rule?.offset(at: seconds) ?? first : first
        }
        var low = 0
        var high = transitions.count
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle] <= seconds { low = middle + 1 } else { high = middle }
        }
        return offsets[low - 1]
    }
}

/// The rule at the end of a zone's file, as POSIX writes it: `CET-1CEST,M3.5.0,M10.5.0/3` (RFC 9636 section 3.3).
struct ZoneRule: Sendable, Equatable {
    private enum Date: Sendable, Equatable {
        /// Month, week from 1 to 5 (the last), weekday from 0 (Sunday).
        case weekday(month: Int64, week: Int64, day: Int64)
        /// From 1 to 365, without the 29th of February.
        case julian(Int64)
        /// From 0.
        case ofYear(Int64)
    }

    private struct Change: Sendable, Equatable {
        let date: Date
        /// Seconds after midnight, by the clock before the change.
        let time: Int64
    }

    private let standard: Int64
    private let summer: (offset: Int64, begins: Change, ends: Change)?

    static func == (left: ZoneRule, right: ZoneRule) -> Bool {
        left.standard == right.standard && left.summer?.offset == right.summer?.offset
            && left.summer?.begins == right.summer?.begins
            && left.summer?.ends == right.summer?.ends
    }

    init?(_ text: String) {
        var reader = Reader(text)
        guard reader.name(), let standard = reader.offset() else { return nil }
        self.standard = -standard
        if reader.isAtEnd {
            summer = nil
            return
        }
        guard reader.name() else { return nil }
        let summerOffset = reader.next == UInt8(ascii: ",") ? -standard + 3_600 : reader.offset().map { -$0 }
        guard let summerOffset, let begins = reader.change(), let ends = reader.change(), reader.isAtEnd else { return nil }
        summer = (summerOffset, begins, ends)
    }

    func offset(at seconds: Int64) -> Int64 {
        guard let summer else { return standard }
        let year = CivilDate.civil(fromDay: (seconds + standard).flooredQuotient(86_400)).year
        let begins = Self.instant(summer.begins, year) - standard
        let ends = Self.instant(summer.ends, year) - summer.offset
        // South of the equator summer goes over the turn of the year.
        let isSummer = begins < ends ? seconds >= begins && seconds < ends : seconds >= begins || seconds < ends
        return isSummer ? summer.offset : standard
    }

    /// Seconds since 1970-01-01 by the local clock.
    private static func instant(_ change: Change, _ year: Int64) -> Int64 {
        let newYear = CivilDate.day(year: year, month: 1, day: 1)
        let day: Int64
        switch change.date {
        case .ofYear(let number): day = newYear + number
        case .julian(let number):
            let isLeap = CivilDate.days(inMonth: 2, year: year) == 29
            day = newYear + number - 1 + (isLeap && number >= 60 ? 1 : 0)
        case .weekday(let month, let week, let weekday):
            let first = CivilDate.day(year: year, month: month, day: 1)
            // 1970-01-01 was a Thursday.
            let ofFirst = ((first + 4) % 7 + 7) % 7
            var date = first + (weekday - ofFirst + 7) % 7 + (week - 1) * 7
            while date >= first + CivilDate.days(inMonth: month, year: year) { date -= 7 }
            day = date
        }
        return day * 86_400 + change.time
    }

    private struct Reader {
        private let bytes: [UInt8]
        private var place = 0

        init(_ text: String) { bytes = Array(text.utf8) }

        var isAtEnd: Bool { place == bytes.count }
        var next: UInt8? { place < bytes.count ? bytes[place] : nil }

        private mutating func take(_ byte: UInt8) -> Bool {
            guard next == byte else { return false }
            place += 1
            return true
        }

        /// `CET`, or `<+0330>`.
        mutating func name() -> Bool {
            let start = place
            if take(UInt8(ascii: "<")) {
                while let byte = next, byte != UInt8(ascii: ">") { place += byte == 0 ? bytes.count : 1 }
                return take(UInt8(ascii: ">"))
            }
            while let byte = next, UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
            {
                place += 1
            }
            return place >= start + 3
        }

        private mutating func number(_ range: ClosedRange<Int64>) -> Int64? {
            var value: Int64 = 0
            let start = place
            while let byte = next, UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte, place < start + 4 {
                value = value * 10 + Int64(byte - 48)
                place += 1
            }
            return place > start && range.contains(value) ? value : nil
        }

        /// `[+-]hh[:mm[:ss]]` in seconds.
        mutating func offset() -> Int64? {
            let sign: Int64 = take(UInt8(ascii: "-")) ? -1 : 1
            if sign == 1 { _ = take(UInt8(ascii: "+")) }
            guard var seconds = number(0...167).map({ $0 * 3_600 }) else { return nil }
            for unit: Int64 in [60, 1] where take(UInt8(ascii: ":")) {
                guard let part = number(0...59) else { return nil }
                seconds += part * unit
            }
            return sign * seconds
        }

        /// `,Mm.w.d[/time]`, `,Jn[/time]` or `,n[/time]`.
        mutating func change() -> Change? {
            guard take(UInt8(ascii: ",")) else { return nil }
            let date: Date
            if take(UInt8(ascii: "M")) {
                guard let month = number(1...12), take(UInt8(ascii: ".")), let week = number(1...5), take(UInt8(ascii: ".")),
                    let day = number(0...6)
                else { return nil }
                date = .weekday(month: month, week: week, day: day)
            } else if take(UInt8(ascii: "J")) {
                guard let day = number(1...365) else { return nil }
                date = .julian(day)
            } else {
                guard let day = number(0...365) else { return nil }
                date = .ofYear(day)
            }
            guard take(UInt8(ascii: "/")) else { return Change(date: date, time: 7_200) }
            guard let time = offset() else { return nil }
            return Change(date: date, time: time)
        }
    }
}
