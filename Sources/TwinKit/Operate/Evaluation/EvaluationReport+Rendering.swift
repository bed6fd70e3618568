import TwinHTTP
import TwinSupport

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
