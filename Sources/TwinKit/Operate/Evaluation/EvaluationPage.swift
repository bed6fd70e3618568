import TwinSupport

/// An evaluation as one page for a browser, which needs nothing else: the measures, and each question that failed with what was
/// wanted, what was answered and what was found.
package struct EvaluationPage {
    private let outcome: EvaluationRun.Outcome

    package init(_ outcome: EvaluationRun.Outcome) { self.outcome = outcome }

    /// Failed questions that are shown at the most.
    package static let maximumQuestions = 5_000
    /// Characters of an answer that are shown at the most.
    private static let maximumText = 2_000

    /// The page, in HTML. The same outcome gives the same bytes.
    package var html: String {
        let report = outcome.report
        let failed = outcome.results.filter(Self.isFailed)
        var page = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>\(Self.escaped(report.name)) - evaluation</title>
            <style>
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222; background: #fff }
            table { border-collapse: collapse } td, th { padding: .2rem .8rem .2rem 0; text-align: left; vertical-align: top }
            article { border-top: 1px solid #bbb; padding: .6rem 0 } h2, h3 { line-height: 1.3 } h3 { margin: .3rem 0 }
            dt { font-weight: 600 } dd { margin: 0 0 .4rem 1rem; white-space: pre-wrap; overflow-wrap: anywhere }
            </style></head><body>
            <h1>\(Self.escaped(report.name))</h1>
            <p>\(report.questionCount) questions, \(report.unanswerableCount) of them without an answer; \(failed.count) failed.</p>
            <h2>Measures</h2>
            <table><tr><th scope="col">Measure</th><th scope="col">Value</th><th scope="col">Questions</th></tr>

            """
        // How long it took is another at each run.
        for metric in report.metrics where !metric.measure.name.hasSuffix("_ms") {
            page += "<tr><td>\(Self.escaped(metric.measure.name))</td><td>\(Decimals.text(metric.value, 3))</td>"
            page += "<td>\(metric.count)</td></tr>\n"
        }
        page += "</table>\n<h2>Failed questions</h2>\n"
        if failed.isEmpty { page += "<p>None.</p>\n" }
        for result in failed.prefix(Self.maximumQuestions) { page += Self.article(result) }
        if failed.count > Self.maximumQuestions {
            page += "<p>\(failed.count - Self.maximumQuestions) more are left out; --jsonl has them all.</p>\n"
        }
        return page + "</body></html>\n"
    }

    /// Whether a question was answered wrongly, or refused though it has an answer, or could not be asked.
    private static func isFailed(_ result: EvaluatedQuestion) -> Bool {
        guard let answer = result.answer else { return true }
        if answer.isRefusal { return !result.question.isUnanswerable && hasKnownAnswer(result.question) }
        return result.truthfulness == .wrong
    }

    private static func hasKnownAnswer(_ question: EvaluationQuestion) -> Bool {
        !question.answers.isEmpty || !question.grades.isEmpty
    }

    private static func article(_ result: EvaluatedQuestion) -> String {
        var lines: [(String, String)] = []
        let question = result.question
        if !question.earlier.isEmpty { lines.append(("Asked before", question.earlier.joined(separator: "\n"))) }
        if question.isUnanswerable {
            lines.append(("Wanted", "a refusal"))
        } else {
            if !question.answers.isEmpty { lines.append(("Wanted", question.answers.joined(separator: "\n"))) }
            if !question.grades.isEmpty { lines.append(("Expected in", question.grades.keys.sorted().joined(separator: "\n"))) }
        }
        if let failure = result.failure { lines.append(("Could not be asked", failure)) }
        if let answer = result.answer {
            lines.append((said(answer), answer.text.isEmpty ? "nothing" : answer.text))
            if !answer.found.isEmpty { lines.append(("Found first", answer.found.joined(separator: "\n"))) }
            let numbers = [("confidence", answer.confidence), ("answerability", answer.answerability)].compactMap { name, value in
                value.map { "\(name) \(Decimals.text($0, 2))" }
            }
            if !numbers.isEmpty { lines.append(("Measured", numbers.joined(separator: ", "))) }
        }
        var html = "<article><h3>\(escaped(question.text))</h3><dl>"
        for (name, value) in lines { html += "<dt>\(escaped(name))</dt><dd>\(escaped(String(value.prefix(maximumText))))</dd>" }
        return html + "</dl></article>\n"
    }

    private static func said(_ answer: EvaluatedAnswer) -> String {
        switch answer.path {
        case .held: return "Held for the owner; the documents had"
        case .owner: return "Answered by the owner"
        case .courtesy: return "Taken for a courtesy; the documents had"
        case .documents: return answer.isRefusal ? "Refused; would have quoted" : "Answered"
        }
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
