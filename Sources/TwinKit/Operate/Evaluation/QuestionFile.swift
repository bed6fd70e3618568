import TwinSupport

/// A file of questions, one JSON object a line:
///
///     {"question": "Who signs travel requests?", "expected_sources": ["travel.md"], "answers": ["the team lead"]}
///     {"question": "What is the office dog called?", "unanswerable": true}
///     {"question": "and how old is it?", "after": ["What is the office dog called?"], "answers": ["four years"]}
///
/// `id` (also `_id`) names the question, its line number does otherwise; `text` stands for `question` too; `answer` for
/// `answers` with one span; `label` groups questions in the report; `after` holds what the same person asked before. `expected_sources` may be an object with grades. Other
/// members are left alone.
package enum QuestionFile {
    /// Questions in one file at the most.
    package static let maximumQuestions = 1_000_000

    /// The questions in the order of the file, at least one. Throws `TwinError` with the line that is wrong, after `name`, and
    /// `limitReached` for more than `maximumQuestions`.
    package static func read(_ bytes: [UInt8], name: String) throws -> [EvaluationQuestion] {
        try read(EvaluationFile(name: name, bytes: bytes))
    }

    static func read(_ file: EvaluationFile) throws -> [EvaluationQuestion] {
        var questions: [EvaluationQuestion] = []
        var identifiers: Set<String> = []
        try file.forEachObject { object, line in
            guard questions.count < maximumQuestions else {
                throw TwinError(.limitReached, "\(file.name) has more than \(maximumQuestions) questions")
            }
            let question = try question(object, file: file, line: line)
            guard identifiers.insert(question.id).inserted else {
                throw file.invalid(line, "repeats the question identifier \(question.id)")
            }
            questions.append(question)
        }
        guard !questions.isEmpty else { throw TwinError(.invalid, "\(file.name) has no questions") }
        return questions
    }

    private static func question(_ object: JSON, file: EvaluationFile, line: Int) throws -> EvaluationQuestion {
        guard let text = (object["question"] ?? object["text"])?.stringValue, text.contains(where: { !$0.isWhitespace })
        else {
            throw file.invalid(line, #"needs "question" with the text of the question"#)
        }
        let isUnanswerable: Bool
        switch object["unanswerable"] {
        case nil, .null?: isUnanswerable = false
        case .bool(let value)?: isUnanswerable = value
        default: throw file.invalid(line, #"has an "unanswerable" that is neither true nor false"#)
        }
        var answers = try strings(object["answers"], "answers", file, line)
        if let answer = object["answer"]?.stringValue { answers.append(answer) }
        answers = answers.filter { $0.contains { !$0.isWhitespace } }
        let grades = try grades(object["expected_sources"], file, line)
        if isUnanswerable, !answers.isEmpty {
            throw file.invalid(line, #"is "unanswerable" and has "answers": keep one of the two"#)
        }
        return EvaluationQuestion(
            id: try identifier(object["id"] ?? object["_id"], file, line) ?? String(line), text: text, grades: grades,
            answers: answers, isUnanswerable: isUnanswerable, label: object["label"]?.stringValue,
            earlier: try strings(object["after"], "after", file, line))
    }

    /// An identifier given as a string or a whole number; none when it is missing.
    static func identifier(_ value: JSON?, _ file: EvaluationFile, _ line: Int) throws -> String? {
        switch value {
        case nil, .null?: return nil
        case .string(let text)? where !text.isEmpty: return text
        case .int(let number)?: return String(number)
        default: throw file.invalid(line, "has an identifier that is neither text nor a whole number")
        }
    }

    private static func strings(_ value: JSON?, _ name: String, _ file: EvaluationFile, _ line: Int) throws -> [String] {
        switch value {
        case nil, .null?: return []
        case .string(let text)?: return [text]
        case .array(let items)?:
            return try items.map {
                guard let text = $0.stringValue else {
                    throw file.invalid(line, #"has an item in "\#(name)" that is not text"#)
                }
                return text
            }
        default: throw file.invalid(line, #"has "\#(name)" that is not a list of texts"#)
        }
    }

    private static func grades(_ value: JSON?, _ file: EvaluationFile, _ line: Int) throws -> [String: Int] {
        guard case .object(let members)? = value else {
            return Dictionary(try strings(value, "expected_sources", file, line).map { ($0, 1) }, uniquingKeysWith: max)
        }
        var grades: [String: Int] = [:]
        for (key, grade) in members.members {
            guard let grade = grade.intValue, Qrels.gradeRange.contains(grade) else {
                throw file.invalid(line, #"has a grade in "expected_sources" that is not a whole number from -1000 to 1000"#)
            }
            grades[key] = grade
        }
        return grades
    }
}

extension EvaluationQuestion: JSONRepresentable {
    /// The question as a line of a question file.
    package var json: JSON {
        var object: JSONObject = ["id": .string(id), "question": .string(text)]
        if !grades.isEmpty {
            let ordered = grades.sorted { $0.key < $1.key }
            object["expected_sources"] =
                grades.values.allSatisfy { $0 == 1 }
                ? .strings(ordered.map(\.key)) : .object(JSONObject(ordered.map { ($0.key, .number($0.value)) }))
        }
        if !answers.isEmpty { object["answers"] = .strings(answers) }
        if isUnanswerable { object["unanswerable"] = true }
        if let label { object["label"] = .string(label) }
        if !earlier.isEmpty { object["after"] = .strings(earlier) }
        return .object(object)
    }
}

extension QuestionSet {
    /// Reads what stands at `path`: a folder in BEIR's layout, a SQuAD file, or a file of questions. `qrels` is the path of
    /// judgements that replace the questions' own. Throws `TwinError`.
    package static func load(
        path: String, qrels: String? = nil, split: String = "test", granularity: SQuADFile.Granularity = .paragraph
    ) throws -> QuestionSet {
        let set: QuestionSet
        if EvaluationFile.isFolder(path) {
            if qrels == nil { return try BEIRFolder.read(path: path, split: split) }
            set = QuestionSet(
                name: BEIRFolder.lastComponent(of: path),
                questions: try QuestionFile.read(EvaluationFile(path: "\(path)/queries.jsonl")),
                documents: try BEIRFolder.documents(EvaluationFile(path: "\(path)/corpus.jsonl")))
        } else {
            let file = try EvaluationFile(path: path)
            if let root = try? JSONParser.parse(file.bytes), SQuADFile.recognizes(root) {
                set = try SQuADFile.read(root, name: file.name, granularity: granularity)
            } else {
                set = QuestionSet(name: BEIRFolder.lastComponent(of: path), questions: try QuestionFile.read(file))
            }
        }
        guard let qrels else { return set }
        let graded = set.grading(try Qrels.read(path: qrels))
        guard !graded.questions.isEmpty else {
            throw TwinError(.invalid, "\(qrels) judges none of the questions in \(path)")
        }
        return graded
    }
}
