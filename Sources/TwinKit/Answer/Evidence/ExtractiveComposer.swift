/// Makes an answer of quotations alone: the default composer, and what a model's answer falls back to.
public struct ExtractiveComposer: Sendable {
    public init() {}

    /// The quotations of `selection` in reading order, each with its number in brackets behind it, as a model's answer has
    /// them: sentence `n` of `selection.sentences` is `[n]`, from 1. Quotations of different passages stand in paragraphs of
    /// their own. White space inside a quotation, such as a hard-wrapped line's end, becomes one space.
    public func compose(_ selection: EvidenceSelection) -> String {
        var text = ""
        var previous: EvidenceSentence?
        for (index, sentence) in selection.sentences.enumerated() {
            if let previous { text += previous.passage == sentence.passage ? " " : "\n\n" }
            text += sentence.text.split(whereSeparator: \.isWhitespace).joined(separator: " ") + " [\(index + 1)]"
            previous = sentence
        }
        return text
    }
}
