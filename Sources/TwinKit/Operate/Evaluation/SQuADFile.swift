import TwinSupport

/// A file in the format of SQuAD 1.1 and 2.0 (Rajpurkar and others, 2016 and 2018): articles, their paragraphs, and
/// questions with answer spans or, marked `is_impossible`, none.
///
/// Each paragraph is a document of its own by default, `Title/0`, `Title/1` and so on, titled as its article: then the
/// ranking measures say whether the right paragraph was found. With `.article` an article is one document. A question
/// without an answer is labelled `near-miss`, because it was written to resemble what its paragraph says; it grades that
/// paragraph 0.
package enum SQuADFile {
    /// What counts as one document.
    package enum Granularity: String, Sendable, CaseIterable { case paragraph, article }

    /// Reads a file of SQuAD, version 1.1 or 2.0. Throws `TwinError` with the place that is wrong, after `name`.
    package static func read(
        _ bytes: [UInt8], name: String, granularity: Granularity = .paragraph
    ) throws -> QuestionSet {
        let root: JSON
        do {
            root = try JSONParser.parse(bytes)
        } catch {
            throw TwinError(.invalid, "\(name) is not JSON: \(error)")
        }
        return try read(root, name: name, granularity: granularity)
    }

    /// Whether `root` looks like such a file.
    static func recognizes(_ root: JSON) -> Bool { root["data"]?.arrayValue?.first?["paragraphs"]?.arrayValue != nil }

    static func read(_ root: JSON, name: String, granularity: Granularity) throws -> QuestionSet {
        func invalid(_ place: String, _ message: String) -> TwinError { TwinError(.invalid, "\(name): \(place) \(message)") }
        guard let articles = root["data"]?.arrayValue else {
            throw TwinError(.invalid, #"\#(name) is not a SQuAD file: it needs a list "data" of articles"#)
        }
        var set = QuestionSet(name: BEIRFolder.lastComponent(of: name), questions: [])
        var identifiers: Set<String> = []
        for (articleIndex, article) in articles.enumerated() {
            let key = article["title"]?.stringValue ?? "article-\(articleIndex)"
            let title = key.split(separator: "_").joined(separator: " ")
            guard let paragraphs = article["paragraphs"]?.arrayValue else {
                throw invalid("article \(key)", #"has no "paragraphs""#)
            }
            var texts: [String] = []
            for (index, paragraph) in paragraphs.enumerated() {
                let place = "\(key)/\(index)"
                guard let text = paragraph["context"]?.stringValue else { throw invalid(place, #"has no "context""#) }
                texts.append(text)
                let document = granularity == .paragraph ? place : key
                for (number, item) in (paragraph["qas"]?.arrayValue ?? []).enumerated() {
                    guard let question = item["question"]?.stringValue else {
                        throw invalid(place, "has a question without its text")
                    }
                    let id = item["id"]?.stringValue ?? "\(place)/\(number)"
                    guard identifiers.insert(id).inserted else {
                        throw invalid(place, "repeats the question identifier \(id)")
                    }
                    let isImpossible = item["is_impossible"]?.boolValue ?? false
                    var answers: [String] = []
                    for answer in isImpossible ? [] : item["answers"]?.arrayValue ?? [] {
                        guard let span = answer["text"]?.stringValue else {
                            throw invalid(place, "has an answer without its text")
                        }
                        if !answers.contains(span) { answers.append(span) }
                    }
                    set.questions.append(
                        EvaluationQuestion(
                            id: id, text: question, grades: [document: isImpossible ? 0 : 1], answers: answers,
                            isUnanswerable: isImpossible, label: isImpossible ? "near-miss" : nil))
                }
                if granularity == .paragraph {
                    set.documents.append(EvaluationDocument(id: place, title: title, text: text))
                }
            }
            if granularity == .article {
                set.documents.append(EvaluationDocument(id: key, title: title, text: texts.joined(separator: "\n\n")))
            }
        }
        guard !set.questions.isEmpty else { throw TwinError(.invalid, "\(name) has no questions") }
        return set
    }
}
