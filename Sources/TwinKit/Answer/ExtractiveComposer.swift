import TwinDatabase
import TwinSupport

/// Answers with the words of the sources themselves: the chosen sentences in reading order, each with its citation.
enum ExtractiveComposer {
    /// The citations of the chosen sentences, numbered from 1 in reading order. Each is compared with the stored text
    /// of its passage; one whose bytes are not the quotation is dropped, because a claim that cannot be checked is not shown.
    static func citations(for found: FoundEvidence) -> [Citation] {
        var citations: [Citation] = []
        for sentence in found.selection.sentences {
            guard found.passages.indices.contains(sentence.passage) else { continue }
            let source = found.passages[sentence.passage]
            let section = found.sections[sentence.passage]
            guard let stored = section?.quote(sentence.range) ?? source.quote(sentence.range), stored == sentence.text else {
                continue
            }
            let place = section?.place(of: sentence.range) ?? source.place(of: sentence.range)
            citations.append(
                Citation(
                    number: citations.count + 1, sourceID: source.sourceID, sourceTitle: source.passage.title,
                    locator: source.locator, version: source.version, range: sentence.range,
                    headings: source.passage.headings, page: place.page, time: place.time, quote: stored))
        }
        return citations
    }

    /// Passages shown to a model at the most.
    private static let evidencePassages = 8

    /// Whole passages as numbered evidence for a model: first those that the chosen sentences come from, then the others
    /// in the order of the search. Each is the stored text.
    static func evidence(for found: FoundEvidence) -> [Citation] {
        var order: [Int] = []
        for index in found.selection.sentences.map(\.passage) + Array(found.passages.indices)
        where found.passages.indices.contains(index) && !order.contains(index) { order.append(index) }
        return order.prefix(evidencePassages).enumerated().map { number, index in
            let source = found.passages[index]
            return Citation(
                number: number + 1, sourceID: source.sourceID, sourceTitle: source.passage.title, locator: source.locator,
                version: source.version, range: source.passage.range, headings: source.passage.headings, page: source.page,
                time: source.time, quote: source.passage.text)
        }
    }

    /// The quotations as one text with their numbers. Sentences that follow each other in one source stay one paragraph.
    static func text(_ citations: [Citation]) -> String {
        var result = ""
        var previous: Citation?
        for citation in citations {
            if let previous {
                let follows =
                    previous.sourceID == citation.sourceID && citation.range.lowerBound >= previous.range.upperBound
                    && citation.range.lowerBound - previous.range.upperBound <= 2
                result += follows ? " " : "\n\n"
            }
            result += "\(quotable(citation.quote)) [\(citation.number)]"
            previous = citation
        }
        return result
    }

    /// A quotation for reading: the items of a list stand on lines of their own, other line breaks of the original become
    /// spaces, in verse and code as well, and the mark of a single item goes.
    private static func quotable(_ quote: String) -> String {
        var lines: [String] = []
        var items = 0
        for line in quote.split(whereSeparator: \.isNewline) {
            let text = line.split(whereSeparator: { $0 == "\t" || $0 == " " }).joined(separator: " ")
            guard !text.isEmpty else { continue }
            let isItem = text.withView { TextLine.itemContent($0, 0..<$0.count) != nil }
            if isItem { items += 1 }
            if isItem || lines.isEmpty { lines.append(text) } else { lines[lines.count - 1] += " " + text }
        }
        if items == 1, lines.count == 1, let first = lines.first, first.hasPrefix("- ") { return String(first.dropFirst(2)) }
        return lines.joined(separator: "\n")
    }
}
