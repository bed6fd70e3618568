import TwinSupport

/// Verified answers as CSV (RFC 4180) or JSON Lines.
///
/// A spreadsheet takes a cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return for a formula, and a question
/// comes from anybody. So in CSV such a cell gets an apostrophe before it, as OWASP advises (CSV Injection), which `read` takes
/// away again; one that has apostrophes before such a sign gets one more, so that nothing is lost on the way.
package enum VerifiedAnswerFile {
    package enum Format: String, Sendable { case csv, jsonl }

    /// Entries of a file at most.
    package static let maximumEntries = 100_000

    /// The entries of a file. Without a format it is JSON Lines when it begins with a brace, else CSV. Throws `TwinError`
    /// that names the line.
    package static func read(_ text: String, format: Format?) throws -> [VerifiedAnswers.Entry] {
        let entries: [VerifiedAnswers.Entry]
        switch format ?? (text.trimmed.hasPrefix("{") ? .jsonl : .csv) {
        case .jsonl: entries = try readLines(text)
        case .csv: entries = try readTable(text)
        }
        guard !entries.isEmpty else { throw TwinError(.invalid, "the file has no entries") }
        return entries
    }

    private static func readLines(_ text: String) throws -> [VerifiedAnswers.Entry] {
        var entries: [VerifiedAnswers.Entry] = []
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let line = String(line).trimmed
            guard !line.isEmpty else { continue }
            guard let json = try? JSONParser.parse(line), let question = json["question"]?.stringValue,
                let answer = json["answer"]?.stringValue
            else { throw TwinError(.invalid, "line \(index + 1) is not an object with a question and an answer") }
            try append(
                question, answer, (json["citations"]?.arrayValue ?? []).compactMap(\.stringValue),
                json["visibility"]?.stringValue,
                to: &entries)
        }
        return entries
    }

    private static func readTable(_ text: String) throws -> [VerifiedAnswers.Entry] {
        var rows = try cells(text).makeIterator()
        let names = (rows.next() ?? []).map { $0.trimmed.lowercased() }
        guard let question = names.firstIndex(of: "question"), let answer = names.firstIndex(of: "answer") else {
            throw TwinError(.invalid, "the first line must name the columns 'question' and 'answer'")
        }
        let citations = names.firstIndex(of: "citations")
        let visibility = names.firstIndex(of: "visibility")
        var entries: [VerifiedAnswers.Entry] = []
        var number = 1
        while let row = rows.next() {
            number += 1
            if row.allSatisfy(\.trimmed.isEmpty) { continue }
            guard row.count > max(question, answer) else {
                throw TwinError(.invalid, "row \(number) has fewer columns than the first line")
            }
            func cell(_ index: Int?) -> String? { index.flatMap { row.indices.contains($0) ? row[$0] : nil } }
            try append(
                withoutGuard(row[question]), withoutGuard(row[answer]),
                (cell(citations) ?? "").split(separator: " ").map(String.init), cell(visibility),
                to: &entries)
        }
        return entries
    }

    private static func append(
        _ question: String, _ answer: String, _ citations: [String], _ visibility: String?,
        to entries: inout [VerifiedAnswers.Entry]
    ) throws {
        guard entries.count < maximumEntries else {
            throw TwinError(.limitReached, "a file has at most \(maximumEntries) entries; split it")
        }
        entries.append(
            VerifiedAnswers.Entry(
                question: question, answer: answer, citations: citations,
                visibility: visibility.flatMap(VerifiedAnswer.Visibility.init) ?? .private))
    }

    /// The cells of a table with commas. A quoted cell may hold commas, line breaks and doubled quotation marks.
    private static func cells(_ text: String) throws -> [[String]] {
        var rows: [[String]] = []
        var row: [String] = []
        var cell = String.UnicodeScalarView()
        var isQuoted = false
        var wasQuote = false
        func endRow() {
            row.append(String(cell))
            cell = String.UnicodeScalarView()
            rows.append(row)
            row = []
        }
        for scalar in text.unicodeScalars {
            if isQuoted {
                if scalar == "\"" {
                    isQuoted = false
                    wasQuote = true
                } else {
                    cell.append(scalar)
                }
                continue
            }
            switch scalar {
            case "\"":
                // The second of two in a quoted cell stands for itself.
                if wasQuote { cell.append(scalar) }
                isQuoted = wasQuote || cell.isEmpty
                if !isQuoted { cell.append(scalar) }
            case ",":
                row.append(String(cell))
                cell = String.UnicodeScalarView()
            case "\n": endRow()
            case "\r", "\u{FEFF}": break
            default: cell.append(scalar)
            }
            wasQuote = false
        }
        guard !isQuoted else { throw TwinError(.invalid, "a quotation mark is opened and never closed") }
        if !cell.isEmpty || !row.isEmpty { endRow() }
        return rows
    }

    /// The answers as a file that `read` takes.
    package static func write(_ answers: [VerifiedAnswer], format: Format) -> String {
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

    /// Whether a spreadsheet would compute the cell, or would but for apostrophes before it.
    private static func looksLikeFormula(_ cell: String) -> Bool {
        switch cell.unicodeScalars.first(where: { $0 != "'" }) {
        case "=", "+", "-", "@", "\t", "\r": true
        default: false
        }
    }

    private static func withoutGuard(_ cell: String) -> String {
        cell.hasPrefix("'") && looksLikeFormula(cell) ? String(cell.unicodeScalars.dropFirst()) : cell
    }

    private static func quoted(_ cell: String) -> String {
        let cell = looksLikeFormula(cell) ? "'" + cell : cell
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
