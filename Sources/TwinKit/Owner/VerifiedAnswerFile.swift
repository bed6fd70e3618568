import TwinReaders
import TwinSupport

/// Verified answers as a file that `AnswerFile` reads.
package enum VerifiedAnswerFile {
    /// The answers in their order. In CSV (RFC 4180) what a spreadsheet would take for a formula is defused: see `AnswerFile`.
    package static func write(_ answers: [VerifiedAnswer], format: AnswerFile.Format) -> String {
        switch format {
        case .jsonl:
            answers.map { answer in
                ([
                    "question": .string(answer.question), "answer": .string(answer.answer),
                    "visibility": .string(answer.visibility.rawValue), "citations": .strings(answer.citations),
                ] as JSON).text + "\n"
            }.joined()
        case .csv:
            "question,answer,visibility,citations\r\n"
                + answers.map { answer in
                    [answer.question, answer.answer, answer.visibility.rawValue, answer.citations.joined(separator: " ")]
                        .map(quoted).joined(separator: ",") + "\r\n"
                }.joined()
        }
    }

    private static func quoted(_ cell: String) -> String {
        let cell = AnswerFile.looksLikeFormula(cell) ? "'" + cell : cell
        let needsQuotes = cell.unicodeScalars.contains { $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" }
        guard needsQuotes else { return cell }
        var result = "\""
        for scalar in cell.unicodeScalars {
            if scalar == "\"" { result += "\"" }
            result.unicodeScalars.append(scalar)
        }
        return result + "\""
    }
}

extension VerifiedAnswers.Entry {
    init(_ row: AnswerFile.Row) {
        self.init(
            question: row.question, answer: row.answer, citations: row.citations,
            visibility: row.visibility.flatMap(VerifiedAnswer.Visibility.init) ?? .private)
    }
}
