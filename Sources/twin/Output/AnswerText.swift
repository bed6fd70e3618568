import TwinKit

/// An answer as people read it: the text, then where each quotation stands.
enum AnswerText {
    /// An answer with its sources, and the questions that were perhaps meant.
    static func print(_ answer: ChatAnswer, on output: Output) throws {
        if let understood = answer.metadata.understoodAs { output.note("Understood as: \(understood)") }
        try print(answer.text, answer.metadata.citations, on: output)
        if let thread = answer.clarification {
            for option in thread.options { try output.line("  \(option.label, .bold): \(option.value)") }
            output.note(
                thread.id.map { "Only the owner can say: twin clarifications resolve \($0) TEXT" }
                    ?? "Only the owner can say, and was not asked")
        }
        guard !answer.metadata.suggestions.isEmpty else { return }
        try output.line()
        try output.line("Did you mean:")
        for suggestion in answer.metadata.suggestions { try output.line("  \(suggestion.question)") }
    }

    static func print(_ text: String, _ citations: [Citation], on output: Output) throws {
        for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
            for line in TextWrap.lines(String(paragraph), width: output.isTerminal ? output.width : Int.max) {
                try output.line(line)
            }
        }
        try sources(citations, on: output)
    }

    /// The list of citations under an answer.
    static func sources(_ citations: [Citation], on output: Output) throws {
        guard !citations.isEmpty else { return }
        try output.line()
        for citation in citations {
            let place = citation.place
            try output.line(
                "\("[\(citation.number)]", .cyan) \(citation.sourceTitle, .bold)\(place.isEmpty ? "" : " · " + place) \("\(citation.locator), bytes \(citation.range.lowerBound)-\(citation.range.upperBound)", .dim)"
            )
        }
    }
}
