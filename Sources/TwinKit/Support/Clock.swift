#if canImport(Glibc)
    import Glibc
#endif

/// An instant in UTC, in milliseconds since 1970-01-01T00:00:00Z. Its text is RFC 3339 with three decimals and `Z`, which
/// sorts as it reads.
package struct Timestamp: Sendable, Hashable, Comparable, CustomStringConvertible {
    package var milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Earlier ones first.
    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

    /// The days since 1970-01-01, for windows that begin at midnight UTC.
    package var day: Int64 { milliseconds.flooredQuotient(86_400_000) }

    /// A time so many seconds later, or earlier when negative; milliseconds are cut off.
    package func adding(seconds: Double) -> Timestamp { Timestamp(milliseconds: milliseconds + Int64(seconds * 1000)) }

    /// RFC 3339 section 5.6, for example `2026-11-21T09:30:00.000Z`.
    package var description: String {
        let (year, month, dayOfMonth) = CivilDate.civil(fromDay: day)
        let rest = milliseconds - day * 86_400_000
        func pad(_ value: Int64, _ width: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        return "\(pad(year, 4))-\(pad(month, 2))-\(pad(dayOfMonth, 2))T\(pad(rest / 3_600_000, 2)):\(pad(rest / 60_000 % 60, 2))"
            + ":\(pad(rest / 1000 % 60, 2)).\(pad(rest % 1000, 3))Z"
    }

    /// Reads RFC 3339 section 5.6 (`2026-11-21T09:30:00Z`, with any offset and fraction) and a plain date, taken as midnight UTC.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        func number(_ range: Range<Int>) -> Int64? {
            guard range.upperBound <= bytes.count else { return nil }
            var value: Int64 = 0
            for byte in bytes[range] {
                guard (0x30...0x39).contains(byte) else { return nil }
                value = value * 10 + Int64(byte - 0x30)
            }
            return value
        }
        func byte(_ index: Int) -> UInt8? { index < bytes.count ? bytes[index] : nil }
        guard let year = number(0..<4), byte(4) == 0x2D, let month = number(5..<7), byte(7) == 0x2D,
            let dayOfMonth = number(8..<10), (1...12).contains(month),
            (1...CivilDate.days(inMonth: month, year: year)).contains(dayOfMonth)
        else { return nil }
        let midnight = CivilDate.day(year: year, month: month, day: dayOfMonth) * 86_400_000
        if bytes.count == 10 {
            self.init(milliseconds: midnight)
            return
        }
        guard byte(10) == 0x54 || byte(10) == 0x74 || byte(10) == 0x20, let hour = number(11..<13), byte(13) == 0x3A,
            let minute = number(14..<16), byte(16) == 0x3A, let second = number(17..<19),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        var index = 19
        var fraction: Int64 = 0
        if byte(index) == 0x2E {
            index += 1
            var scale: Int64 = 100
            let start = index
            while let digit = byte(index), (0x30...0x39).contains(digit) {
                fraction += Int64(digit - 0x30) * scale
                scale /= 10
                index += 1
            }
            guard index > start else { return nil }
        }
        var offset: Int64 = 0
        switch byte(index) {
        case 0x5A, 0x7A: index += 1
        case 0x2B, 0x2D:
            guard let hours = number(index + 1..<index + 3), byte(index + 3) == 0x3A,
                let minutes = number(index + 4..<index + 6), hours < 24, minutes < 60
            else { return nil }
            offset = (hours * 60 + minutes) * (byte(index) == 0x2D ? -60_000 : 60_000)
            index += 6
        default: return nil
        }
        guard index == bytes.count else { return nil }
        self.init(milliseconds: midnight + (hour * 3600 + minute * 60 + second) * 1000 + fraction - offset)
    }
}

/// Where the time comes from. Tests of what depends on time pass their own instant instead.
package enum Clock {
    /// The system's wall clock, which may be set back: for how long something took there is `monotonicNanoseconds`.
    package static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// Nanoseconds of a clock that never steps back, for durations only.
    package static var monotonicNanoseconds: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

/// Days and dates of the proleptic Gregorian calendar (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
package enum CivilDate {
    /// The days from 1970-01-01 to a date, negative before it. A date that the calendar does not have counts on into the next month.
    package static func day(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted.flooredQuotient(400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// The date so many days after 1970-01-01: months from 1 to 12, days from 1 to 31.
    package static func civil(fromDay day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = day + 719_468
        let era = shifted.flooredQuotient(146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    /// How many days a month has, numbered from 1; 28 to 31.
    package static func days(inMonth month: Int64, year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

extension Int64 {
    /// The quotient rounded towards negative infinity.
    package func flooredQuotient(_ divisor: Int64) -> Int64 { self / divisor - (self % divisor < 0 ? 1 : 0) }
}
