import TwinSupport

/// An amount in millionths of a dollar, so that sums are exact.
package struct Money: Sendable, Hashable, Comparable, CustomStringConvertible {
    package var micros: Int64

    package static let zero = Money(micros: 0)
    /// More than one thing can cost: a million dollars.
    static let maximum: Int64 = 1_000_000_000_000

    package init(micros: Int64) { self.micros = micros }

    /// Reads dollars such as `0.04`: digits, with up to six behind a point. None for anything else, and above a million.
    package init?(dollars text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), (1...7).contains(parts[0].utf8.count),
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }), let whole = Int64(parts[0])
        else { return nil }
        let fraction = parts.count == 2 ? String(parts[1]) : "0"
        guard (1...6).contains(fraction.utf8.count),
            let millionths = Int64(fraction + String(repeating: "0", count: 6 - fraction.utf8.count))
        else { return nil }
        micros = whole * 1_000_000 + millionths
        guard micros <= Self.maximum else { return nil }
    }

    /// The smaller amount first.
    package static func < (left: Money, right: Money) -> Bool { left.micros < right.micros }
    /// The sum; amounts are far too small to overflow.
    package static func + (left: Money, right: Money) -> Money { Money(micros: left.micros &+ right.micros) }
    /// So many times the amount.
    package static func * (left: Money, count: Int) -> Money { Money(micros: left.micros &* Int64(count)) }

    /// Dollars.
    package var dollars: Double { Double(micros) / 1_000_000 }

    /// Dollars with two decimals, as sums for people are given: the nearest, a half up.
    package var cents: Double { Double((micros &+ 5_000) / 10_000) / 100 }

    /// `$0.04`, with as many decimals as it takes and two at least.
    package var description: String {
        let digits = String(abs(micros) % 1_000_000)
        var fraction = String(repeating: "0", count: 6 - digits.count) + digits
        while fraction.count > 2, fraction.last == "0" { fraction.removeLast() }
        return "\(micros < 0 ? "-" : "")$\(abs(micros) / 1_000_000).\(fraction)"
    }
}
