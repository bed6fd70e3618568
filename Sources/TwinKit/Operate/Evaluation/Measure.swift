import TwinSupport

/// The measures that an evaluation may report, by the names that `--min` takes.
package enum Measure: String, Sendable, CaseIterable {
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

    package var name: String { rawValue }

    /// Whether a smaller value is the better one.
    package var isCost: Bool {
        switch self {
        case .calibrationError, .brierScore, .latency50, .latency95, .latency99: true
        default: false
        }
    }
}

/// A value that a measure has to reach: at least for what should be large, at most for what should be small.
package struct MeasureBound: Sendable, Equatable {
    /// Which side of the limit is good; the words are those of the options.
    package enum Direction: String, Sendable {
        case atLeast = "min"
        case atMost = "max"
    }

    package var measure: Measure
    /// In the measure's own unit, itself good.
    package var limit: Double
    package var direction: Direction

    package init(_ measure: Measure, _ direction: Direction, _ limit: Double) {
        self.measure = measure
        self.direction = direction
        self.limit = limit
    }

    /// Reads `measure=value`, for example `ndcg@10=0.4`. Throws `TwinError` for a measure that does not exist, a value that
    /// is no number, and a direction in which the measure does not get better.
    package init(_ text: String, _ direction: Direction = .atLeast) throws {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let limit = Double(parts[1]), limit.isFinite else {
            throw TwinError(
                .invalid, "--\(direction.rawValue) takes a measure and a number, such as ndcg@10=0.4, not \(text)")
        }
        guard let measure = Measure(rawValue: parts[0].lowercased()) else {
            let names = Measure.allCases.map(\.name).joined(separator: ", ")
            throw TwinError(.invalid, "there is no measure \(parts[0]): use one of \(names)")
        }
        guard measure.isCost == (direction == .atMost) else {
            let other = direction == .atLeast ? Direction.atMost : .atLeast
            throw TwinError(
                .invalid,
                "\(measure.name) is better when \(measure.isCost ? "smaller" : "larger"): use --\(other.rawValue)")
        }
        self.init(measure, direction, limit)
    }

    /// What `report` misses of this bound, as one sentence; none when it is met. A measure that was not taken is missed.
    package func shortfall(in report: EvaluationReport) -> String? {
        guard let value = report[measure] else { return "\(measure.name) was not measured: the questions do not allow it" }
        let isMet = direction == .atLeast ? value >= limit : value <= limit
        let side = direction == .atLeast ? "below" : "above"
        return isMet ? nil : "\(measure.name) is \(Decimals.text(value)), \(side) \(Decimals.text(limit))"
    }

    /// The sentences of all bounds that `report` misses, none when it meets them all.
    package static func shortfalls(_ bounds: [MeasureBound], in report: EvaluationReport) -> [String] {
        bounds.compactMap { $0.shortfall(in: report) }
    }
}
