import TwinKnowledge
import TwinSupport

/// Texts whose names, relations, aliases or statements are known, to measure the extraction with.
package struct GraphSet: Sendable {
    /// A name that the set marks.
    package struct Name: Sendable, Equatable {
        /// Bytes of the document's text.
        package var range: Range<Int>
        package var type: NameType
        /// Which thing of the document it names; none where the set does not say.
        package var thing: Int?
    }

    /// A text with what is known of it.
    package struct Document: Sendable {
        package var text: String
        package var names: [Name] = []
        /// Names that count neither for nor against: dates and amounts where the set has them as names.
        package var ignored: Set<Range<Int>> = []
        /// Relations by the indices of `names`.
        package var relations: Set<KnownRelation> = []
        /// Whether the text states a preference, where the set says so.
        package var isStated: Bool?
    }

    /// Subject and object are indices of the document's `names`.
    package struct KnownRelation: Sendable, Hashable {
        package var subject: Int
        package var predicate: Predicate
        package var object: Int
    }

    /// Which measures a set allows.
    package enum Content: String, Sendable {
        /// Token and label by line (CrossNER, CoNLL-2003).
        case names
        /// CoNLL04: names and five relations.
        case relations
        /// DocRED: names and which of them name one thing.
        case aliases
        /// JSON Lines of `text` and `stated`.
        case statements
    }

    package var name: String
    package var content: Content
    package var documents: [Document]

    /// Reads a file, whose beginning tells its layout. Throws `TwinError`.
    package static func load(path: String) throws -> GraphSet {
        let file = try EvaluationFile(path: path)
        let reader = GraphSetReader(file: file)
        let first = file.bytes.first { $0 > 0x20 }
        let set: GraphSet
        switch first {
        case 0x5B: set = try reader.documentsOfDocRED()
        case 0x7B: set = try reader.statements()
        case 0x23 where file.bytes.starts(with: Array("#doc".utf8)): set = try reader.documentsOfCoNLL04()
        default: set = try reader.labelledSentences()
        }
        guard !set.documents.isEmpty else { throw TwinError(.invalid, "\(path) holds no texts to measure with") }
        return set
    }
}

/// The words of a sentence as tokenized sets have them, put together again as a writer would have written them.
struct RestoredText {
    private(set) var text = ""
    /// The bytes of each word.
    private(set) var ranges: [Range<Int>] = []

    private static let attached: Set<String> = [
        ",", ".", ";", ":", "?", "!", ")", "]", "'s", "\u{2019}s", "n't", "%", "'", "-", "\u{2013}", "/",
    ]
    private static let attaching: Set<String> = ["(", "[", "-", "\u{2013}", "/", "$", "#", "``"]

    init(_ words: [String]) {
        var isGlued = true
        var isQuoted = false
        for word in words {
            var touches = isGlued || Self.attached.contains(word)
            if word == "\"" { touches = isQuoted || isGlued }
            if !touches { text += " " }
            let start = text.utf8.count
            text += word
            ranges.append(start..<text.utf8.count)
            isGlued = Self.attaching.contains(word)
            if word == "\"" {
                isGlued = !isQuoted
                isQuoted.toggle()
            }
        }
    }
}
