import TwinHTTP
import TwinSupport

/// The measures of an evaluation. A measure that its questions do not allow (no graded documents, nothing unanswerable) is
/// missing, not 0.
package struct EvaluationReport: Sendable, Equatable {
    package let name: String
    package let questionCount: Int
    package let unanswerableCount: Int
    /// Questions whose call failed. They count 0 in the measures of ranking and of text, and nowhere else.
    package let failureCount: Int
    /// Of the first question whose call failed; nil when none did.
    package let firstFailure: String?
    /// The measures in the order in which they are shown.
    package let metrics: [Metric]
    /// The reliability of the answers shown.
    package let calibration: Calibration
    /// Nil where no answer tells its answerability.
    package let proposal: ThresholdProposal?
    /// Nil where nothing was answered.
    package let latency: LatencySummary?
    /// Refusal's area under the curve against the unanswerable questions of each label, by label.
    package let areaUnderCurveByLabel: [(label: String, value: Double, count: Int)]

    /// One measure and the number of questions it was taken over.
    package struct Metric: Sendable, Equatable {
        package let measure: Measure
        /// In the measure's own unit: a share of 1, or milliseconds.
        package let value: Double
        package let count: Int
    }

    package init(name: String, results: [EvaluatedQuestion]) {
        self.name = name
        questionCount = results.count
        unanswerableCount = results.count { $0.question.isUnanswerable }
        failureCount = results.count { $0.failure != nil }
        firstFailure = results.lazy.compactMap(\.failure).first

        var shown: [(confidence: Double, isRight: Bool)] = []
        var candidates: [ThresholdProposal.Candidate] = []
        for result in results {
            guard let answer = result.answer, let isRight = result.wouldBeRight else { continue }
            if let confidence = answer.confidence, !answer.isRefusal { shown.append((confidence, isRight)) }
            // A refusal whose text is unknown could have been right: it says nothing about where the threshold should be.
            let isKnown = !answer.isRefusal || !answer.text.isEmpty || result.question.isUnanswerable
            if let answerability = answer.answerability, isKnown {
                candidates.append(.init(answerability: answerability, isRight: isRight))
            }
        }
        calibration = Calibration(shown)
        proposal = ThresholdProposal.best(for: candidates)
        latency = LatencySummary(results.compactMap { $0.answer?.milliseconds })
        metrics = Self.metrics(results, calibration: calibration, latency: latency)
        areaUnderCurveByLabel = Self.areasByLabel(results)
    }

    /// The value of a measure, none when it was not taken.
    package subscript(measure: Measure) -> Double? { metrics.first { $0.measure == measure }?.value }

    private static func metrics(
        _ results: [EvaluatedQuestion], calibration: Calibration, latency: LatencySummary?
    ) -> [Metric] {
        var metrics: [Metric] = []
        func add(_ measure: Measure, _ value: Double?, count: Int) {
            if let value { metrics.append(Metric(measure: measure, value: value, count: count)) }
        }
        func add(_ measure: Measure, mean values: [Double]) {
            add(measure, values.isEmpty ? nil : values.reduce(0, +) / Double(values.count), count: values.count)
        }

        let rankings = results.compactMap(\.ranking)
        add(.ndcg10, mean: rankings.map { $0.normalizedGain(at: 10) })
        add(.recall1, mean: rankings.map { $0.recall(at: 1) })
        add(.recall5, mean: rankings.map { $0.recall(at: 5) })
        add(.recall10, mean: rankings.map { $0.recall(at: 10) })
        add(.recall100, mean: rankings.map { $0.recall(at: 100) })
        add(.reciprocalRank10, mean: rankings.map { $0.reciprocalRank(at: 10) })
        add(.averagePrecision, mean: rankings.map(\.averagePrecision))

        let spanned = results.filter { !$0.question.isUnanswerable && !$0.question.answers.isEmpty }
        add(.containment, mean: spanned.map { AnswerMetrics.contains($0.shownText, anyOf: $0.question.answers) ? 1 : 0 })
        let sentences = spanned.filter { $0.answer?.bestSentence != nil || $0.answer?.isRefusal != false }
        if sentences.contains(where: { $0.answer?.bestSentence != nil }) {
            add(
                .bestSentenceContainment,
                mean: sentences.map {
                    let sentence = $0.answer?.isRefusal == false ? $0.answer?.bestSentence ?? "" : ""
                    return AnswerMetrics.contains(sentence, anyOf: $0.question.answers) ? 1 : 0
                })
        }
        // SQuAD 2.0: a question without an answer is matched by an empty one.
        let texts = spanned + (spanned.isEmpty ? [] : results.filter(\.question.isUnanswerable))
        add(.exactMatch, mean: texts.map { AnswerMetrics.isExactMatch($0.shownText, spans: $0.question.answers) ? 1 : 0 })
        add(.f1, mean: texts.map { AnswerMetrics.f1($0.shownText, spans: $0.question.answers) })

        var refusal = RefusalMetrics()
        for result in results {
            guard let answer = result.answer else { continue }
            refusal.record(isUnanswerable: result.question.isUnanswerable, isRefused: answer.isRefusal)
        }
        if results.contains(where: \.question.isUnanswerable) {
            add(.refusalPrecision, refusal.precision, count: refusal.refusedUnanswerable + refusal.refusedAnswerable)
            add(.refusalRecall, refusal.recall, count: refusal.refusedUnanswerable + refusal.answeredUnanswerable)
        }
        let known = answerabilities(results) { !$0.question.isUnanswerable }
        let unknown = answerabilities(results, where: \.question.isUnanswerable)
        add(
            .areaUnderCurve, RefusalMetrics.areaUnderCurve(positives: known, negatives: unknown),
            count: known.count + unknown.count)
        add(.truthfulness, mean: results.compactMap { $0.truthfulness.map { Double($0.rawValue) } })
        add(.calibrationError, calibration.expectedError, count: calibration.count)
        add(.brierScore, calibration.brierScore, count: calibration.count)
        if let latency {
            add(.latency50, latency.p50, count: latency.count)
            add(.latency95, latency.p95, count: latency.count)
            add(.latency99, latency.p99, count: latency.count)
        }
        return metrics
    }

    private static func answerabilities(
        _ results: [EvaluatedQuestion], where isIncluded: (EvaluatedQuestion) -> Bool
    ) -> [Double] { results.filter(isIncluded).compactMap { $0.answer?.answerability } }

    private static func areasByLabel(_ results: [EvaluatedQuestion]) -> [(label: String, value: Double, count: Int)] {
        let labels = Set(results.filter(\.question.isUnanswerable).compactMap(\.question.label))
        let known = answerabilities(results) { !$0.question.isUnanswerable }
        return labels.sorted().compactMap { label in
            let unknown = answerabilities(results) { $0.question.isUnanswerable && $0.question.label == label }
            return RefusalMetrics.areaUnderCurve(positives: known, negatives: unknown).map { (label, $0, unknown.count) }
        }
    }

    /// Every field, written out because tuples are not `Equatable`.
    package static func == (left: EvaluationReport, right: EvaluationReport) -> Bool {
        left.name == right.name && left.questionCount == right.questionCount
            && left.unanswerableCount == right.unanswerableCount && left.failureCount == right.failureCount
            && left.firstFailure == right.firstFailure && left.metrics == right.metrics
            && left.calibration == right.calibration
            && left.proposal == right.proposal && left.latency == right.latency
            && left.areaUnderCurveByLabel.elementsEqual(right.areaUnderCurveByLabel, by: ==)
    }
}

extension EvaluationReport: JSONRepresentable {
    package var json: JSON {
        var object: JSONObject = [
            "name": .string(name), "questions": .number(questionCount), "unanswerable": .number(unanswerableCount),
            "failures": .number(failureCount),
        ]
        if let firstFailure { object["first_failure"] = .string(firstFailure) }
        object["metrics"] = .object(JSONObject(metrics.map { ($0.measure.name, .double($0.value)) }))
        if !areaUnderCurveByLabel.isEmpty {
            object["auroc_by_label"] = .object(JSONObject(areaUnderCurveByLabel.map { ($0.label, .double($0.value)) }))
        }
        if calibration.count > 0 { object["calibration"] = .array(calibration.bins.map(\.json)) }
        if let proposal { object["proposed_threshold"] = proposal.json }
        if let latency { object["latency_ms"] = latency.json }
        return .object(object)
    }

    /// The report for people: a line a measure, then the reliability of the confidence and the proposed threshold.
    package var table: String {
        var lines = ["\(name): \(questionCount) questions, \(unanswerableCount) of them unanswerable"]
        if failureCount > 0 { lines.append("\(failureCount) failed; the first: \(firstFailure ?? "")") }
        lines.append("")
        var rows = metrics.map { metric in
            (metric.measure.name, Decimals.text(metric.value, metric.measure.name.hasSuffix("_ms") ? 2 : 4), metric.count)
        }
        if areaUnderCurveByLabel.count > 1 {
            rows += areaUnderCurveByLabel.map { ("auroc, \($0.label)", Decimals.text($0.value), $0.count) }
        }
        let nameWidth = rows.map(\.0.count).max() ?? 0
        let valueWidth = rows.map(\.1.count).max() ?? 0
        for row in rows {
            lines.append("\(row.0.padded(to: nameWidth))  \(row.1.padded(to: valueWidth, right: true))  of \(row.2)")
        }
        if calibration.count > 0 {
            lines += ["", "confidence  answers  mean    right"]
            for bin in calibration.bins where bin.count > 0 {
                let range = "\(Decimals.text(bin.lower, 1)) to \(Decimals.text(bin.upper, 1))"
                lines.append(
                    "\(range.padded(to: 10))  \(String(bin.count).padded(to: 7, right: true))  "
                        + "\(Decimals.text(bin.confidence))  \(Decimals.text(bin.accuracy))")
            }
        }
        if let proposal {
            lines += [
                "",
                "proposed threshold \(Decimals.text(proposal.threshold)): truthfulness "
                    + "\(Decimals.text(proposal.truthfulness)), \(Decimals.text(proposal.answeredShare * 100, 1)) % answered",
            ]
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension String {
    fileprivate func padded(to width: Int, right: Bool = false) -> String {
        let space = String(repeating: " ", count: max(0, width - count))
        return right ? space + self : self + space
    }
}
