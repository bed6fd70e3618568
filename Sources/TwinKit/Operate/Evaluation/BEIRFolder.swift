import TwinSupport

/// A collection in BEIR's layout: `corpus.jsonl` (`_id`, `title`, `text`), `queries.jsonl` (`_id`, `text`) and
/// `qrels/<split>.tsv`. Only the questions that the split judges are kept.
package enum BEIRFolder {
    /// Documents in one corpus at the most.
    package static let maximumDocuments = 2_000_000

    /// Reads the folder at `path`. Throws `TwinError`.
    package static func read(path: String, split: String = "test") throws -> QuestionSet {
        guard !split.contains("/"), split != "..", !split.isEmpty else {
            throw TwinError(.invalid, "a split is a plain name such as test or dev")
        }
        let qrelsPath = "\(path)/qrels/\(split).tsv"
        guard EvaluationFile.exists("\(path)/corpus.jsonl"), EvaluationFile.exists("\(path)/queries.jsonl") else {
            throw TwinError(
                .invalid, "\(path) is not a BEIR folder: it needs corpus.jsonl, queries.jsonl and qrels/\(split).tsv")
        }
        guard EvaluationFile.exists(qrelsPath) else {
            throw TwinError(.notFound, "there is no \(qrelsPath): name another split, or give the judgements with --qrels")
        }
        let set = QuestionSet(
            name: lastComponent(of: path), questions: try QuestionFile.read(EvaluationFile(path: "\(path)/queries.jsonl")),
            documents: try documents(EvaluationFile(path: "\(path)/corpus.jsonl"))
        ).grading(try Qrels.read(path: qrelsPath))
        guard !set.questions.isEmpty else {
            throw TwinError(.invalid, "\(qrelsPath) judges none of the questions in \(path)/queries.jsonl")
        }
        return set
    }

    static func documents(_ file: EvaluationFile) throws -> [EvaluationDocument] {
        var documents: [EvaluationDocument] = []
        var identifiers: Set<String> = []
        try file.forEachObject { object, line in
            guard documents.count < maximumDocuments else {
                throw TwinError(.limitReached, "\(file.name) has more than \(maximumDocuments) documents")
            }
            guard let id = try QuestionFile.identifier(object["_id"], file, line) else {
                throw file.invalid(line, #"needs "_id""#)
            }
            guard identifiers.insert(id).inserted else { throw file.invalid(line, "repeats the document identifier \(id)") }
            guard let text = object["text"]?.stringValue else { throw file.invalid(line, #"needs "text""#) }
            documents.append(EvaluationDocument(id: id, title: object["title"]?.stringValue ?? "", text: text))
        }
        return documents
    }

    /// The last part of a path, for a name to show.
    static func lastComponent(of path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }
}

/// Relevance judgements: which documents answer which question, and how well.
///
/// Read from BEIR's three columns (question, document, grade) with or without their header, or from TREC's four
/// (question, 0, document, grade); columns are separated by tabs or spaces.
package struct Qrels: Sendable, Equatable {
    static let gradeRange = -1000...1000

    /// Grades by document, by question. Questions whose documents are all graded 0 are kept.
    package private(set) var grades: [String: [String: Int]]

    /// Reads judgements: a question, perhaps `0`, a document and a grade a line, parted by tabs or spaces. Throws `TwinError`
    /// with the line that is wrong, after `name`.
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
                throw file.invalid(number, "has the grade \(last), which is not a whole number from -1000 to 1000")
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
