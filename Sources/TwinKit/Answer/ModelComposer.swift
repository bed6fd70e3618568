/// Words an answer with a language model, out of numbered evidence. What cannot be checked is not shown.
struct ModelComposer {
    let model: any LanguageModel
    let twin: Twin
    let style: AnswerStyle

    enum Outcome {
        /// The sentences that were shown, and which evidence they cite.
        case answered(text: String, cited: Set<Int>)
        /// The model says that the evidence does not hold the answer.
        case noAnswer
        /// It failed, for this reason; `shown` is what had been shown by then.
        case failed(reason: String, shown: String)
    }

    /// Asks the model, giving `show` each sentence as soon as it is whole and checked. What `show` throws is thrown.
    func compose(
        question: String, evidence: [Citation], history: [Message], isCancelled: @escaping () -> Bool,
        show: @escaping (String) throws -> Void
    ) throws -> Outcome {
        let (request, used) = ModelPrompt(twin: twin, style: style).request(
            question: question, evidence: evidence, history: history)
        var sentences = CitedSentences(Array(evidence.prefix(used)))
        var shown = ""
        var heard = ""
        func pass(_ checked: [String]) throws {
            for sentence in checked {
                let piece = shown.isEmpty ? sentence : " " + sentence
                try show(piece)
                shown += piece
            }
        }
        do {
            _ = try model.complete(request, isCancelled: isCancelled) { delta in
                heard += delta
                try pass(sentences.add(delta))
            }
            try pass(sentences.finish())
        } catch let error as ProviderError {
            return .failed(reason: error.reason, shown: shown)
        }
        if shown.isEmpty {
            return heard.contains(ModelPrompt.noAnswer) ? .noAnswer : .failed(reason: "unsupported_claims", shown: "")
        }
        return .answered(text: shown, cited: sentences.cited)
    }
}
