/// How long the answers took, in milliseconds.
public struct LatencySummary: Sendable, Equatable {
    public let count: Int
    public let mean: Double
    public let p50: Double
    public let p90: Double
    public let p95: Double
    public let p99: Double
    public let maximum: Double

    /// None without values.
    public init?(_ milliseconds: [Double]) {
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
    public static func percentile(_ rank: Double, of sorted: [Double]) -> Double {
        guard let last = sorted.last else { return 0 }
        let place = min(1, max(0, rank / 100)) * Double(sorted.count - 1)
        let index = Int(place)
        guard index + 1 < sorted.count else { return last }
        return sorted[index] + (sorted[index + 1] - sorted[index]) * (place - Double(index))
    }

    public var json: JSON {
        [
            "p50": .double(p50), "p90": .double(p90), "p95": .double(p95), "p99": .double(p99), "max": .double(maximum),
            "mean": .double(mean),
        ]
    }
}
