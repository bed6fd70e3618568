import TwinSupport

/// Questions with their answers as CSV (RFC 4180; semicolons or tabs stand for the commas where the first line has them) or JSON
/// Lines. What is wrong with one row is told and the others are read.
///
/// A spreadsheet takes a cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return for a formula, and a question
/// comes from anybody. So in CSV such a cell gets an apostrophe before it, as OWASP advises (CSV Injection), which is taken away
/// here; one that has apostrophes before such a sign gets one more, so that nothing is lost on the way.
package struct AnswerFile: Equatable, Sendable {
    /// The forms of such a file: a table whose first row names its columns, or JSON Lines.
    package enum Format: String, Sendable { case csv, jsonl }

    /// A question with its answer as the file has it, not yet checked against a twin.
    package struct Row: Equatable, Sendable {
        /// Where it stands in the file: `row 7` of a table, whose first row is that of the names, or `line 7`.
        package var place: String
        package var question: String
        package var answer: String
        package var citations: [String] = []
        /// Nil where the file says nothing of it.
        package var visibility: String?
    }

    /// A row that was left out.
    package struct Fault: Equatable, Sendable {
        package var place: String
        package var reason: String
    }

    package var rows: [Row] = []
    package var faults: [Fault] = []

    /// Rows and faults of a file at most.
    package static let maximumRows = 100_000

    /// Without a format it is JSON Lines when it begins with a brace, else CSV. Throws `ReadFailure` for what is no such file.
    package init(_ bytes: [UInt8], format: Format?) throws(ReadFailure) {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .malformed("it is not UTF-8 text") }
        switch format ?? (text.trimmed.hasPrefix("{") ? .jsonl : .csv) {
        case .jsonl: try readLines(text)
        case .csv: try readTable(text)
        }
        guard !rows.isEmpty || !faults.isEmpty else { throw .malformed("the file has no entries") }
    }

    private func checkRoom() throws(ReadFailure) {
        guard rows.count + faults.count < Self.maximumRows else {
            throw .tooLarge("a file has at most \(Self.maximumRows) entries; split it")
        }
    }

    private mutating func readLines(_ text: String) throws(ReadFailure) {
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let line = String(line).trimmed
            guard !line.isEmpty else { continue }
            try checkRoom()
            guard let json = try? JSONParser.parse(line), let question = json["question"]?.stringValue,
                let answer = json["answer"]?.stringValue
            else {
                faults.append(Fault(place: "line \(index + 1)", reason: "it is not an object with a question and an answer"))
                continue
            }
            rows.append(
                Row(
                    place: "line \(index + 1)", question: question, answer: answer,
                    citations: (json["citations"]?.arrayValue ?? []).compactMap(\.stringValue),
                    visibility: json["visibility"]?.stringValue))
        }
    }

    private mutating func readTable(_ text: String) throws(ReadFailure) {
        var table: [[String]] = []
        var places: (question: Int, answer: Int)?
        for delimiter: Unicode.Scalar in [",", ";", "\t"] {
            table = try Self.cells(text, delimiter: delimiter, maximumRows: Self.maximumRows + 1)
            let names = Self.names(table)
            guard let question = names.firstIndex(of: "question"), let answer = names.firstIndex(of: "answer") else { continue }
            places = (question, answer)
            break
        }
        guard let places else { throw .malformed("the first line must name the columns 'question' and 'answer'") }
        let names = Self.names(table)
        let citations = names.firstIndex(of: "citations")
        let visibility = names.firstIndex(of: "visibility")
        for (index, row) in table.enumerated().dropFirst() where !row.allSatisfy(\.trimmed.isEmpty) {
            try checkRoom()
            guard row.count > max(places.question, places.answer) else {
                faults.append(Fault(place: "row \(index + 1)", reason: "it has fewer columns than the first line"))
                continue
            }
            func cell(_ index: Int?) -> String? { index.flatMap { row.indices.contains($0) ? row[$0] : nil } }
            rows.append(
                Row(
                    place: "row \(index + 1)", question: Self.withoutGuard(row[places.question]),
                    answer: Self.withoutGuard(row[places.answer]),
                    citations: (cell(citations) ?? "").split(separator: " ").map(String.init), visibility: cell(visibility)))
        }
    }

    private static func names(_ table: [[String]]) -> [String] { (table.first ?? []).map { $0.trimmed.lowercased() } }

    /// The cells of a table. A quoted cell may hold delimiters, line breaks and doubled quotation marks.
    private static func cells(
        _ text: String, delimiter: Unicode.Scalar, maximumRows: Int
    ) throws(ReadFailure) -> [[String]] {
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
            case delimiter:
                row.append(String(cell))
                cell = String.UnicodeScalarView()
            case "\n":
                endRow()
                guard rows.count <= maximumRows else {
                    throw .tooLarge("a file has at most \(maximumRows - 1) entries; split it")
                }
            case "\r", "\u{FEFF}": break
            default: cell.append(scalar)
            }
            wasQuote = false
        }
        guard !isQuoted else { throw .malformed("a quotation mark is opened and never closed") }
        if !cell.isEmpty || !row.isEmpty { endRow() }
        return rows
    }

    // MARK: Cells that look like formulas

    /// Whether a spreadsheet would compute the cell, or would but for apostrophes before it.
    package static func looksLikeFormula(_ cell: String) -> Bool {
        switch cell.unicodeScalars.first(where: { $0 != "'" }) {
        case "=", "+", "-", "@", "\t", "\r": true
        default: false
        }
    }

    private static func withoutGuard(_ cell: String) -> String {
        cell.hasPrefix("'") && looksLikeFormula(cell) ? String(cell.unicodeScalars.dropFirst()) : cell
    }
}

extension AnswerFile {
    /// As a reader's report carries it.
    var json: JSON {
        [
            "rows": .array(
                rows.map { row in
                    [
                        "place": .string(row.place), "question": .string(row.question), "answer": .string(row.answer),
                        "citations": .strings(row.citations), "visibility": .optional(row.visibility),
                    ]
                }),
            "faults": .array(faults.map { ["place": .string($0.place), "reason": .string($0.reason)] }),
        ]
    }

    init(_ json: JSON) {
        rows = (json["rows"]?.arrayValue ?? []).map { row in
            Row(
                place: row["place"]?.stringValue ?? "", question: row["question"]?.stringValue ?? "",
                answer: row["answer"]?.stringValue ?? "",
                citations: (row["citations"]?.arrayValue ?? []).compactMap(\.stringValue),
                visibility: row["visibility"]?.stringValue)
        }
        faults = (json["faults"]?.arrayValue ?? []).map { fault in
            Fault(place: fault["place"]?.stringValue ?? "", reason: fault["reason"]?.stringValue ?? "")
        }
    }
}
