import TwinSupport

/// Relevance judgements: which documents answer which question, and how well.
///
/// Read from BEIR's three columns (question, document, grade) with or without their header, or from TREC's four
/// (question, 0, document, grade); columns are separated by tabs or spaces.
package struct Qrels: Sendable, Equatable {
    static let gradeRange = -1000...1000

    /// Grades by document, by question. Questions whose documents are all graded 0 are kept.
    package private(set) var grades: [String: [String: Int]]

    package static func read(_ bytes: [UInt8], name: String) throws -> Qrels {
        try Qrels(EvaluationFile(name: name, bytes: bytes))
    }

    /// Throws `TwinError` with the line that is wrong.
    package static func read(path: String) throws -> Qrels { try Qrels(EvaluationFile(path: path)) }

    init(_ file: EvaluationFile) throws {
        grades = [:]
        var isFirst = true
        var columnCount = 0
        try file.forEachLine { line, number in
            let columns = line.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }.map { String(decoding: $0, as: UTF8.self) }
            let mayBeHeader = isFirst
            isFirst = false
            guard columns.count == 3 || columns.count == 4, let last = columns.last else {
                throw file.invalid(number, "needs a question, a document and a grade, separated by tabs")
            }
            guard let grade = Int(last), Self.gradeRange.contains(grade) else {
                if mayBeHeader { return }
                throw file.invalid(number, "has the grade \(last), which is no whole number from -1000 to 1000")
            }
            if columnCount == 0 { columnCount = columns.count }
            guard columns.count == columnCount else {
                throw file.invalid(number, "has another number of columns than the lines above")
            }
            grades[columns[0], default: [:]][columns[columns.count - 2]] = grade
        }
        guard !grades.isEmpty else { throw TwinError(.invalid, "\(file.name) has no judgements") }
    }
}
