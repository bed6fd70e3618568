import TwinKit
import TwinSupport

/// Numbers and times as people read them. JSON never uses these: there a size is in bytes and a time is RFC 3339.
enum Format {
    /// Bytes with binary prefixes: `512 B`, `1.5 KiB`, `2.0 GiB`.
    static func bytes(_ count: Int64) -> String {
        if count < 1024 { return "\(count) B" }
        var value = Double(count) / 1024
        var unit = 0
        let units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
        while value >= 1023.95, unit < units.count - 1 {
            value /= 1024
            unit += 1
        }
        return "\(oneDecimal(value)) \(units[unit])"
    }

    static func rate(bytesPerSecond: Double) -> String {
        bytesPerSecond.isFinite && bytesPerSecond >= 0 && bytesPerSecond < 1e18
            ? bytes(Int64(bytesPerSecond)) + "/s" : "-"
    }

    /// `1 source`, `3 sources`.
    static func count(_ number: Int, _ singular: String, _ plural: String? = nil) -> String {
        "\(number) \(number == 1 ? singular : plural ?? singular + "s")"
    }

    /// A stretch of time in its two largest units: `48 s`, `3 min 5 s`, `2 h 10 min`, `3 d 4 h`.
    static func duration(seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 1e12 else { return "-" }
        if seconds < 1 { return "\(Int(seconds * 1000)) ms" }
        let whole = Int(seconds)
        switch whole {
        case ..<60: return "\(whole) s"
        case ..<3600: return "\(whole / 60) min \(whole % 60) s"
        case ..<86_400: return "\(whole / 3600) h \(whole / 60 % 60) min"
        default: return "\(whole / 86_400) d \(whole / 3600 % 24) h"
        }
    }

    /// How long ago, for tables on a terminal: `just now`, `5 minutes ago`, `yesterday`, and from a month on the date.
    static func ago(_ time: Timestamp, now: Timestamp = Clock.now) -> String {
        let seconds = (now.milliseconds - time.milliseconds) / 1000
        switch seconds {
        case ..<(-60): return date(time)
        case ..<60: return "just now"
        case ..<3600: return count(Int(seconds / 60), "minute") + " ago"
        case ..<86_400: return count(Int(seconds / 3600), "hour") + " ago"
        case ..<172_800: return "yesterday"
        case ..<2_592_000: return count(Int(seconds / 86_400), "day") + " ago"
        default: return date(time)
        }
    }

    /// The day in UTC: `2026-11-21`.
    static func date(_ time: Timestamp) -> String { String(time.description.prefix(10)) }

    /// One decimal, rounded half up; Foundation-free, and the same in every locale.
    static func oneDecimal(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return "-" }
        let tenths = Int64((abs(value) * 10).rounded())
        return "\(value < 0 && tenths > 0 ? "-" : "")\(tenths / 10).\(tenths % 10)"
    }

    /// A share of one as a percentage without decimals.
    static func percent(_ share: Double) -> String {
        share.isFinite && abs(share) < 1e12 ? "\(Int((share * 100).rounded()))%" : "-"
    }
}
