/// A question with what is known about its answer.
package struct EvaluationQuestion: Sendable, Equatable {
    package var id: String
    package var text: String
    /// Grades by document: above 0 is relevant. Empty when no source is expected.
    package var grades: [String: Int]
    /// The spans of which a right answer contains one. Empty when none is known.
    package var answers: [String]
    /// The documents do not hold the answer: the right thing is to refuse.
    package var isUnanswerable: Bool
    /// A name under which refusal is reported by itself, such as `near-miss`.
    package var label: String?
    /// What was asked before in the same conversation, oldest first.
    package var earlier: [String]

    package init(
        id: String, text: String, grades: [String: Int] = [:], answers: [String] = [], isUnanswerable: Bool = false,
        label: String? = nil, earlier: [String] = []
    ) {
        self.id = id
        self.text = text
        self.grades = grades
        self.answers = answers
        self.isUnanswerable = isUnanswerable
        self.label = label
        self.earlier = earlier
    }
}

/// A document that comes with the questions, to be ingested into a twin made for the evaluation.
package struct EvaluationDocument: Sendable, Equatable {
    package var id: String
    package var title: String
    package var text: String

    package init(id: String, title: String, text: String) {
        self.id = id
        self.title = title
        self.text = text
    }
}

/// The questions of an evaluation and, where they come with some, the documents that they are about.
package struct QuestionSet: Sendable, Equatable {
    package var name: String
    package var questions: [EvaluationQuestion]
    /// Empty when the questions are about what a twin already holds.
    package var documents: [EvaluationDocument]

    package init(name: String, questions: [EvaluationQuestion], documents: [EvaluationDocument] = []) {
        self.name = name
        self.questions = questions
        self.documents = documents
    }

    /// The same questions with these grades instead of their own; with `onlyGraded`, without the questions that have none.
    package func grading(_ qrels: Qrels, onlyGraded: Bool = true) -> QuestionSet {
        var set = self
        set.questions = questions.compactMap { question in
            guard let grades = qrels.grades[question.id] else { return onlyGraded ? nil : question }
            var question = question
            question.grades = grades
            return question
        }
        return set
    }

    /// The set without the documents of these titles. The questions about them stay, unanswerable now and labelled
    /// `left-out`: they ask about something the twin has never read.
    package func leavingOut(titles: Set<String>) -> QuestionSet {
        var set = self
        set.documents = documents.filter { !titles.contains($0.title) }
        let removed = Set(documents.filter { titles.contains($0.title) }.map(\.id))
        set.questions = questions.map { question in
            guard question.grades.keys.contains(where: removed.contains) else { return question }
            var question = question
            question.isUnanswerable = true
            question.label = "left-out"
            question.grades = [:]
            question.answers = []
            return question
        }
        return set
    }
}
