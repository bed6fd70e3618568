import TwinSupport

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
