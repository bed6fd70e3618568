import TwinSupport

/// How long the answers took, in milliseconds.
package struct LatencySummary: Sendable, Equatable {
    package let count: Int
    package let mean: Double
    package let p50: Double
    package let p90: Double
    package let p95: Double
    package let p99: Double
    package let maximum: Double

    /// None without values.
    package init?(_ milliseconds: [Double]) {
        let sorted = milliseconds.sorted()
        guard let last = sorted.last else { return nil }
        count = sorted.count
        mean = sorted.reduce(0, +) / Double(sorted.count)
        p50 = Self.percentile(50, of: sorted)
        p90 = Self.percentile(90, of: sorted)
        p95 = Self.percentile(95, of: sorted)
        p99 = Self.percentile(99, of: sorted)
        maximum = last
    }

    /// The percentile `rank` (0...100) of ascending values, interpolated linearly between the two nearest; 0 of none.
    package static func percentile(_ rank: Double, of sorted: [Double]) -> Double {
        guard let last = sorted.last else { return 0 }
        let place = min(1, max(0, rank / 100)) * Double(sorted.count - 1)
        let index = Int(place)
        guard index + 1 < sorted.count else { return last }
        return sorted[index] + (sorted[index + 1] - sorted[index]) * (place - Double(index))
    }

    package var json: JSON {
        [
            "p50": .double(p50), "p90": .double(p90), "p95": .double(p95), "p99": .double(p99), "max": .double(maximum),
            "mean": .double(mean),
        ]
    }
}
