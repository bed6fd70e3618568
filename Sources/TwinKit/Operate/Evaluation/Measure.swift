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
