/// Takes a model's text as it comes and lets through the sentences that can be checked: each names evidence that exists,
/// and what it puts in quotation marks stands there. A sentence is held back until it is whole.
struct CitedSentences {
    private let evidence: [Int: String]
    private let segmenter = SentenceSegmenter()
    private var pending = ""
    /// The numbers of the evidence that was cited.
    private(set) var cited: Set<Int> = []
    /// Sentences that were held back for good.
    private(set) var withheld = 0

    init(_ evidence: [Citation]) {
        self.evidence = Dictionary(evidence.map { ($0.number, Self.folded($0.quote)) }, uniquingKeysWith: { first, _ in first })
    }

    /// Adds a piece of the text and answers the checked sentences that it completes.
    mutating func add(_ piece: String) -> [String] {
        pending += piece
        // A citation stands behind its sentence, so a sentence is whole only when the next one has begun.
        let ranges = segmenter.sentences(in: pending)
        guard ranges.count > 1, let last = ranges.last else { return [] }
        let utf8 = Array(pending.utf8)
        var next = last.lowerBound
        // "… honey. [1] Bees" : the number belongs to what is before it.
        let tail = String(decoding: utf8[next...], as: UTF8.self)
        let leading = Self.leadingCitations(tail)
        next += leading
        guard leading < tail.utf8.count else { return [] }
        let whole = String(decoding: utf8[..<next], as: UTF8.self)
        pending = String(decoding: utf8[next...], as: UTF8.self)
        return check(whole)
    }

    /// The rest, when the text is at its end.
    mutating func finish() -> [String] {
        defer { pending = "" }
        return check(pending)
    }

    /// The sentences of `text` with the citations that follow each, those that hold only.
    private mutating func check(_ text: String) -> [String] {
        let utf8 = Array(text.utf8)
        var pieces: [String] = []
        for range in segmenter.sentences(in: text) {
            var sentence = String(decoding: utf8[range], as: UTF8.self)
            let leading = Self.leadingCitations(sentence)
            if leading > 0, !pieces.isEmpty {
                pieces[pieces.count - 1] += " " + String(decoding: Array(sentence.utf8)[..<leading], as: UTF8.self).trimmed
                sentence = String(decoding: Array(sentence.utf8)[leading...], as: UTF8.self).trimmed
            }
            if !sentence.isEmpty { pieces.append(sentence) }
        }
        return pieces.compactMap { sentence in
            let numbers = Self.citations(sentence)
            let known = numbers.filter { evidence[$0] != nil }
            guard !known.isEmpty, known.count == numbers.count,
                Self.quotations(sentence).allSatisfy({ quotation in known.contains { evidence[$0]?.contains(quotation) == true } })
            else {
                withheld += 1
                return nil
            }
            cited.formUnion(known)
            return sentence
        }
    }

    /// The bytes of `[1] [2, 3]` at the beginning, white space included.
    private static func leadingCitations(_ text: String) -> Int {
        let bytes = Array(text.utf8)
        var position = 0
        var end = 0
        while position < bytes.count {
            while position < bytes.count, bytes[position] == 0x20 || bytes[position] == 0x0A { position += 1 }
            guard position < bytes.count, bytes[position] == UInt8(ascii: "["),
                let close = bytes[position...].firstIndex(of: UInt8(ascii: "]")),
                bytes[(position + 1)..<close].allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2C || $0 == 0x20 })
            else { break }
            position = close + 1
            end = position
        }
        return end
    }

    /// The numbers in square brackets, in order: `[1]`, `[2, 3]`.
    static func citations(_ text: String) -> [Int] {
        var result: [Int] = []
        for part in text.split(separator: "[").dropFirst(text.hasPrefix("[") ? 0 : 1) {
            guard let close = part.firstIndex(of: "]") else { continue }
            let numbers = part[..<close].split(separator: ",").map { Int(String($0).trimmed) }
            if numbers.allSatisfy({ $0 != nil }) { result += numbers.compactMap(\.self) }
        }
        return result
    }

    /// What stands in quotation marks, folded. A single word may be in marks for another reason than to quote it.
    private static func quotations(_ text: String) -> [String] {
        var result: [String] = []
        var open: String.Index?
        for index in text.indices {
            switch text[index] {
            case "“": open = text.index(after: index)
            case "\"", "”":
                if let start = open {
                    let quotation = folded(String(text[start..<index]))
                    if quotation.contains(" ") { result.append(quotation) }
                    open = nil
                } else if text[index] == "\"" {
                    open = text.index(after: index)
                }
            default: break
            }
        }
        return result
    }

    /// Lower case, with single spaces, one kind of apostrophe, and without the full stop that a quotation may take in.
    private static func folded(_ text: String) -> String {
        let words = text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let plain = String(words.map { $0 == "’" ? "'" : $0 })
        return plain.hasSuffix(".") || plain.hasSuffix(",") ? String(plain.dropLast()) : plain
    }
}
