/// The measures that an evaluation may report, by the names that `--min` takes.
public enum Measure: String, Sendable, CaseIterable {
    case ndcg10 = "ndcg@10"
    case recall1 = "recall@1"
    case recall5 = "recall@5"
    case recall10 = "recall@10"
    case recall100 = "recall@100"
    case reciprocalRank10 = "mrr@10"
    case averagePrecision = "map"
    /// The share of answerable questions whose shown answer contains an expected span.
    case containment
    /// The same for the answer's best sentence alone.
    case bestSentenceContainment = "containment_best"
    case exactMatch = "exact_match"
    case f1
    case refusalPrecision = "refusal_precision"
    case refusalRecall = "refusal_recall"
    case areaUnderCurve = "auroc"
    case truthfulness
    case calibrationError = "ece"
    case brierScore = "brier"
    case latency50 = "latency_p50_ms"
    case latency95 = "latency_p95_ms"
    case latency99 = "latency_p99_ms"

    public var name: String { rawValue }

    /// Whether a smaller value is the better one.
    public var isCost: Bool {
        switch self {
        case .calibrationError, .brierScore, .latency50, .latency95, .latency99: true
        default: false
        }
    }
}

/// A value that a measure has to reach: at least for what should be large, at most for what should be small.
public struct MeasureBound: Sendable, Equatable {
    public enum Direction: String, Sendable { case atLeast = "min", atMost = "max" }

    public var measure: Measure
    public var limit: Double
    public var direction: Direction

    public init(_ measure: Measure, _ direction: Direction, _ limit: Double) {
        self.measure = measure
        self.direction = direction
        self.limit = limit
    }

    /// Reads `measure=value`, for example `ndcg@10=0.4`. Throws `TwinError` for a measure that does not exist, a value that
    /// is no number, and a direction in which the measure does not get better.
    public init(_ text: String, _ direction: Direction = .atLeast) throws {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let limit = Double(parts[1]), limit.isFinite else {
            throw TwinError(.invalid, "--\(direction.rawValue) takes a measure and a number, such as ndcg@10=0.4, not \(text)")
        }
        guard let measure = Measure(rawValue: parts[0].lowercased()) else {
            let names = Measure.allCases.map(\.name).joined(separator: ", ")
            throw TwinError(.invalid, "there is no measure \(parts[0]): use one of \(names)")
        }
        guard measure.isCost == (direction == .atMost) else {
            let other = direction == .atLeast ? Direction.atMost : .atLeast
            throw TwinError(.invalid, "\(measure.name) is better when \(measure.isCost ? "smaller" : "larger"): use --\(other.rawValue)")
        }
        self.init(measure, direction, limit)
    }

    /// What `report` misses of this bound, as one sentence; none when it is met. A measure that was not taken is missed.
    public func shortfall(in report: EvaluationReport) -> String? {
        guard let value = report[measure] else { return "\(measure.name) was not measured: the questions do not allow it" }
        let isMet = direction == .atLeast ? value >= limit : value <= limit
        return isMet ? nil : "\(measure.name) is \(Decimals.text(value)), \(direction == .atLeast ? "below" : "above") \(Decimals.text(limit))"
    }

    /// The sentences of all bounds that `report` misses, none when it meets them all.
    public static func shortfalls(_ bounds: [MeasureBound], in report: EvaluationReport) -> [String] {
        bounds.compactMap { $0.shortfall(in: report) }
    }
}

/// Numbers as they are shown to people.
enum Decimals {
    /// `value` with `digits` (0...9) decimals, rounded half away from zero; values beyond 10^12 as they are.
    static func text(_ value: Double, _ digits: Int = 4) -> String {
        guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
        var scale: Int64 = 1
        for _ in 0..<min(9, max(0, digits)) { scale *= 10 }
        // Beyond 2^53 the scaled value has no fraction left to round.
        let scaled = (abs(value) * Double(scale)).rounded()
        guard scaled < 9e18 else { return "\(value)" }
        let whole = Int64(scaled)
        let sign = value < 0 && whole > 0 ? "-" : ""
        guard digits > 0 else { return "\(sign)\(whole)" }
        let fraction = String(whole % scale)
        return "\(sign)\(whole / scale)." + String(repeating: "0", count: max(0, min(9, digits) - fraction.count)) + fraction
    }
}
