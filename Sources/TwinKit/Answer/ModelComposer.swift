/// Words an answer with a language model, out of numbered evidence. What cannot be checked is not shown.
struct ModelComposer {
    let model: any LanguageModel
    let twin: Twin
    let style: AnswerStyle

    enum Outcome: Equatable {
        /// The sentences that were shown, and which evidence they cite.
        case answered(text: String, cited: Set<Int>)
        /// The model says that the evidence does not hold the answer.
        case noAnswer
        /// It failed, for this reason; `shown` is what had been shown by then.
        case failed(reason: String, shown: String)
    }

    /// What the model will be asked, as far as the budget reaches.
    func prompt(question: String, evidence: [Citation], views: [OwnerMemory], history: [PastMessage]) -> ModelPrompt.Prepared {
        ModelPrompt(twin: twin, style: style).prepare(question: question, evidence: evidence, views: views, history: history)
    }

    /// Asks the model, giving `show` each sentence as soon as it is whole and checked. What `show` throws is thrown. `counted` is
    /// told the tokens of the prompt and the answer, where the model counts them.
    func compose(
        _ prompt: ModelPrompt.Prepared, question: String = "", isCancelled: @escaping () -> Bool,
        counted: (Int) -> Void = { _ in },
        show: @escaping (String) throws -> Void
    ) throws -> Outcome {
        var sentences = CitedSentences(prompt.evidence, question: question)
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
            let completion = try model.complete(prompt.request, isCancelled: isCancelled) { delta in
                heard += delta
                try pass(sentences.add(delta))
            }
            if let usage = completion.usage { counted(max(0, usage.promptTokens) + max(0, usage.completionTokens)) }
            try pass(sentences.finish(isCut: completion.finishReason == "length"))
        } catch let error as ProviderError {
            return .failed(reason: error.reason, shown: shown)
        }
        if shown.isEmpty {
            return heard.contains(ModelPrompt.noAnswer) ? .noAnswer : .failed(reason: "unsupported_claims", shown: "")
        }
        return .answered(text: shown, cited: sentences.cited)
    }
}
