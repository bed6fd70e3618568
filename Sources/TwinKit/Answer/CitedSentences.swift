import TwinSupport

/// Takes a model's text as it comes and lets through the sentences that can be checked: each names evidence, all that it
/// names exists, what it puts in quotation marks stands there, and so does what it says (`SupportCheck`). A sentence is held back until it is whole. How the text
/// is cut into pieces on its way does not matter.
struct CitedSentences {
    private let evidence: [Int: String]
    private let passages: [Int: SupportCheck.Passage]
    private let question: String
    private let segmenter = SentenceSegmenter()
    private var pending = ""
    private var endsWithSpace = true
    /// Whether the beginning of what is pending was thrown away.
    private var isOverlong = false
    /// The numbers of the evidence that was cited.
    private(set) var cited: Set<Int> = []
    /// Sentences that were held back for good.
    private(set) var withheld = 0

    /// Bytes of a sentence at the most. A model that goes on for longer without an end is not making sentences.
    static let maximumSentenceBytes = 4096

    init(_ evidence: [Citation], question: String = "") {
        self.question = question
        passages = Dictionary(evidence.map { ($0.number, SupportCheck.Passage($0)) }, uniquingKeysWith: { first, _ in first })
        self.evidence = Dictionary(
            evidence.map { ($0.number, QuotedText.folded($0.quote)) }, uniquingKeysWith: { first, _ in first })
    }

    /// Adds a piece of the text and answers the checked sentences that it completes.
    mutating func add(_ piece: String) -> [String] {
        var checked: [String] = []
        for scalar in piece.unicodeScalars {
            pending.unicodeScalars.append(scalar)
            let isSpace = scalar.properties.isWhitespace
            // The word behind a full stop tells whether it ends a sentence, so this looks when a word is whole.
            if isSpace && !endsWithSpace || Self.wideStops.contains(scalar) { checked += advance() }
            endsWithSpace = isSpace
            if pending.utf8.count > Self.maximumSentenceBytes {
                pending = ""
                isOverlong = true
            }
        }
        return checked
    }

    /// The full stops of Chinese and Japanese, behind which no space tells that a word has ended.
    private static let wideStops: Set<Unicode.Scalar> = ["。", "！", "？"]

    /// Takes out the sentences that are whole.
    private mutating func advance() -> [String] {
        let ranges = segmenter.sentences(in: pending)
        guard ranges.count > 1, let last = ranges.last else { return [] }
        let utf8 = Array(pending.utf8)
        // "… honey. [1] Bees" : the number belongs to what is before it, and it may still be on its way.
        let tail = utf8[last.lowerBound...]
        let leading = CitationMarks.leadingLength(tail)
        let rest = tail.dropFirst(leading)
        guard let first = rest.first(where: { $0 != 0x20 && $0 != 0x0A }) else { return [] }
        if first == UInt8(ascii: "["), !rest.contains(UInt8(ascii: "]")) { return [] }
        let next = last.lowerBound + leading
        pending = String(decoding: utf8[next...], as: UTF8.self)
        return check(String(decoding: utf8[..<next], as: UTF8.self))
    }

    /// The rest, when the text is at its end. `isCut` says that the model was stopped, so that the last sentence may lack
    /// its end.
    mutating func finish(isCut: Bool = false) -> [String] {
        defer { pending = "" }
        guard isCut, let last = segmenter.sentences(in: pending).last else { return check(pending) }
        let utf8 = Array(pending.utf8)
        let isWhole = utf8[last].last.map { ".!?]\"".utf8.contains($0) } ?? true
        return check(isWhole ? pending : String(decoding: utf8[..<last.lowerBound], as: UTF8.self))
    }

    /// The sentences of `text` with the citations that follow each, those that hold only.
    private mutating func check(_ text: String) -> [String] {
        let utf8 = Array(text.utf8)
        var pieces: [String] = []
        for range in segmenter.sentences(in: text) {
            var sentence = utf8[range]
            let leading = CitationMarks.leadingLength(sentence)
            if leading > 0, !pieces.isEmpty {
                pieces[pieces.count - 1] += " " + String(decoding: sentence.prefix(leading), as: UTF8.self).trimmed
                sentence = sentence.dropFirst(leading)
            }
            let piece = String(decoding: sentence, as: UTF8.self).trimmed
            if !piece.isEmpty { pieces.append(piece) }
        }
        if isOverlong, !pieces.isEmpty {
            pieces.removeFirst()
            withheld += 1
            isOverlong = false
        }
        return pieces.compactMap { sentence in
            guard let numbers = support(sentence) else {
                withheld += 1
                return nil
            }
            cited.formUnion(numbers)
            return sentence
        }
    }

    /// The evidence that a sentence names, when all of it exists and holds what the sentence quotes.
    private func support(_ sentence: String) -> Set<Int>? {
        guard !sentence.contains(ModelPrompt.noAnswer), let numbers = CitationMarks.numbers(in: sentence), !numbers.isEmpty,
            numbers.allSatisfy({ evidence[$0] != nil }), let quotations = QuotedText.quotations(in: sentence),
            quotations.allSatisfy({ quotation in numbers.contains { evidence[$0]?.contains(quotation) == true } })
        else { return nil }
        let statement = CitationMarks.removed(from: sentence)
        guard SupportCheck.fault(of: statement, by: numbers.compactMap { passages[$0] }, question: question) == nil else {
            return nil
        }
        return Set(numbers)
    }
}

/// The numbers in square brackets by which a sentence names its evidence: `[1]`, `[2, 3]`, `[4-6]`.
enum CitationMarks {
    /// The bytes of the marks at the beginning of `text`, white space before each included.
    static func leadingLength(_ text: ArraySlice<UInt8>) -> Int {
        var rest = text
        var length = 0
        while true {
            let spaces = rest.prefix { $0 == 0x20 || $0 == 0x0A }
            let mark = rest.dropFirst(spaces.count)
            guard mark.first == UInt8(ascii: "["), let close = mark.firstIndex(of: UInt8(ascii: "]")),
                mark[(mark.startIndex + 1)..<close].allSatisfy({ (0x30...0x39).contains($0) || " ,;-".utf8.contains($0) })
            else { return length }
            rest = rest[(close + 1)...]
            length = rest.startIndex - text.startIndex
        }
    }

    /// The numbers that `sentence` names, in order. None when there are brackets that look like such marks and cannot be
    /// read: what they point at cannot be checked.
    static func numbers(in sentence: String) -> [Int]? {
        var result: [Int] = []
        for part in sentence.split(separator: "[", omittingEmptySubsequences: false).dropFirst() {
            guard let close = part.firstIndex(of: "]") else { continue }
            let mark = part[..<close]
            guard mark.contains(where: \.isNumber), mark.allSatisfy({ $0.isNumber || separators.contains($0) }) else { continue }
            for item in mark.split(whereSeparator: { ",; ".contains($0) }) {
                let ends = item.split(omittingEmptySubsequences: false, whereSeparator: { "-–—".contains($0) }).map {
                    Int(String($0))
                }
                guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2, first <= last,
                    last - first < 100
                else { return nil }
                result += first...last
            }
        }
        return result
    }

    /// The sentence without what stands in square brackets.
    static func removed(from sentence: String) -> String {
        var result = ""
        var depth = 0
        for character in sentence {
            if character == "[" {
                depth += 1
            } else if character == "]", depth > 0 {
                depth -= 1
            } else if depth == 0 {
                result.append(character)
            }
        }
        return result.trimmed
    }

    private static let separators: Set<Character> = [",", ";", " ", "-", "–", "—", "^", "#", "."]
}

/// What a sentence quotes.
enum QuotedText {
    /// What stands in quotation marks, folded. A single word may be in marks for another reason than to quote it. None when
    /// a quotation has no end.
    static func quotations(in sentence: String) -> [String]? {
        var result: [String] = []
        var open: (start: String.Index, ends: String)?
        var previous: Character = " "
        for index in sentence.indices {
            let character = sentence[index]
            defer { previous = character }
            if let quotation = open {
                guard quotation.ends.contains(character) else { continue }
                let text = folded(String(sentence[quotation.start..<index]))
                if text.contains(" ") { result.append(text) }
                open = nil
            } else if let ends = marks[character], character != "\"" || !previous.isNumber {
                // A straight mark behind a number means inches.
                open = (sentence.index(after: index), ends)
            }
        }
        return open == nil ? result : nil
    }

    /// What begins a quotation, and what ends it.
    private static let marks: [Character: String] = ["\"": "\"”", "“": "”\"", "„": "“”\"", "«": "»", "»": "«"]

    /// Lower case, with single spaces, one kind of apostrophe, and without the full stop that a quotation may take in.
    static func folded(_ text: String) -> String {
        let words = text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let plain = String(words.map { $0 == "’" ? "'" : $0 })
        return plain.hasSuffix(".") || plain.hasSuffix(",") ? String(plain.dropLast()) : plain
    }
}
