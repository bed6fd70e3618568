/// What the rules find in one text: the things it names, how they are related, and what its writer states of themselves.
///
/// Deterministic: the same text gives the same extraction, and nothing but the text decides it, so that what a twin knows
/// of several documents is what each of them alone gives.
package struct Extraction: Sendable, Equatable {
    /// Something named in the text, under all its names.
    package struct Thing: Sendable, Equatable {
        package var type: NameType
        /// The fullest of its names.
        package var name: String
        /// What identifies it among things of its type: the name folded.
        package var key: String
        /// All names as they are written, the fullest among them.
        package var names: [String]
        /// Where it is named, as bytes of the text, in their order.
        package var mentions: [Range<Int>]

        package init(type: NameType, name: String, key: String, names: [String], mentions: [Range<Int>]) {
            self.type = type
            self.name = name
            self.key = key
            self.names = names
            self.mentions = mentions
        }
    }

    /// A relation between a thing and another, or a text, that a sentence states.
    package struct Fact: Sendable, Equatable {
        /// What a fact says of its subject.
        package enum Object: Sendable, Equatable {
            /// An index of `things`.
            case thing(Int)
            case text(String)
        }
        /// An index of `things`.
        package var subject: Int
        package var predicate: Predicate
        package var object: Object
        /// The sentence that says so.
        package var evidence: Range<Int>
        /// Since when it holds, where that is said: YYYY, YYYY-MM or YYYY-MM-DD.
        package var validFrom: String?

        package init(
            subject: Int, predicate: Predicate, object: Object, evidence: Range<Int>, validFrom: String? = nil
        ) {
            self.subject = subject
            self.predicate = predicate
            self.object = object
            self.evidence = evidence
            self.validFrom = validFrom
        }
    }

    /// What the writer prefers, avoids or has decided: a `Statement` with its words copied out of the text.
    package struct View: Sendable, Equatable {
        package var kind: Statement.Kind
        package var object: String
        package var sentence: String
        /// Above 0, up to 1: how firmly it is said.
        package var strength: Double
        /// The sentence, as bytes of the text.
        package var evidence: Range<Int>
    }

    /// Facts refer to them by their place here.
    package var things: [Thing] = []
    package var facts: [Fact] = []
    package var views: [View] = []

    /// Bump it when the rules change, so that what was found by earlier ones is found anew.
    package static let version = 2
    /// Bytes of a name or an object at the most; longer ones are no names but mistakes.
    package static let maximumNameBytes = 200
    /// Mentions of one thing that are kept of one text.
    package static let maximumMentions = 64

    /// Extracts from text, which must be valid UTF-8.
    package init(_ text: String) {
        var text = text
        text.withUTF8 { read($0) }
    }

    package init(_ bytes: UnsafeBufferPointer<UInt8>) { read(bytes) }

    private mutating func read(_ bytes: UnsafeBufferPointer<UInt8>) {
        let tokenized = TokenizedText(bytes)
        let spans = NameFinder(bytes, tokenized).spans().filter { $0.range.count <= Self.maximumNameBytes }
        let clusters = AliasFinder(bytes, tokenized, spans).clusters()
        let indices = collect(spans, clusters, bytes)
        for relation in RelationFinder(bytes, tokenized, spans).relations() {
            let object: Fact.Object
            switch relation.object {
            case .name(let name):
                guard indices[name] != indices[relation.subject] else { continue }
                object = .thing(indices[name])
            case .text(let range):
                let words = Self.words(bytes[range])
                guard words.utf8.count <= Self.maximumNameBytes else { continue }
                object = .text(words)
            }
            facts.append(
                Fact(
                    subject: indices[relation.subject], predicate: relation.predicate, object: object, evidence: relation.evidence
                ))
        }
        for statement in StatementFinder(bytes, tokenized).statements() {
            views.append(
                View(
                    kind: statement.kind, object: Self.words(bytes[statement.object]),
                    sentence: Self.words(bytes[statement.evidence]), strength: statement.strength, evidence: statement.evidence))
        }
    }

    /// Makes a thing of each cluster; answers the thing's index of each span.
    private mutating func collect(
        _ spans: [NameSpan], _ clusters: [Int], _ bytes: UnsafeBufferPointer<UInt8>
    ) -> [Int] {
        var types: [[NameType: Int]] = []
        for (span, cluster) in zip(spans, clusters) {
            while things.count <= cluster {
                things.append(Thing(type: .concept, name: "", key: "", names: [], mentions: []))
                types.append([:])
            }
            let name = Self.words(bytes[span.range])
            if !things[cluster].names.contains(name) { things[cluster].names.append(name) }
            if things[cluster].mentions.count < Self.maximumMentions { things[cluster].mentions.append(span.range) }
            types[cluster][span.type, default: 0] += span.type == .concept ? 1 : 3
        }
        for index in things.indices {
            things[index].names.sort()
            things[index].name = things[index].names.max { ($0.utf8.count, $1) < ($1.utf8.count, $0) } ?? ""
            things[index].key = Self.key(things[index].name)
            things[index].type =
                types[index].max { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) }?.key ?? .concept
        }
        return mergeEqualKeys(clusters)
    }

    /// Clusters whose fullest names are equal but for their case are one thing.
    private mutating func mergeEqualKeys(_ clusters: [Int]) -> [Int] {
        var known: [String: Int] = [:]
        var kept: [Thing] = []
        var places: [Int] = []
        for thing in things {
            let identity = thing.type.rawValue + "\u{1F}" + thing.key
            if let place = known[identity] {
                kept[place].names = Set(kept[place].names + thing.names).sorted()
                let mentions = (kept[place].mentions + thing.mentions).sorted { $0.lowerBound < $1.lowerBound }
                kept[place].mentions = Array(mentions.prefix(Self.maximumMentions))
                places.append(place)
            } else {
                known[identity] = kept.count
                places.append(kept.count)
                kept.append(thing)
            }
        }
        things = kept
        return clusters.map { places[$0] }
    }

    /// Words of a text in one line.
    static func words(_ bytes: some Sequence<UInt8>) -> String {
        var result: [UInt8] = []
        for byte in bytes {
            if byte <= 0x20 {
                if result.last != 0x20, !result.isEmpty { result.append(0x20) }
            } else {
                result.append(byte)
            }
        }
        if result.last == 0x20 { result.removeLast() }
        return String(decoding: result, as: UTF8.self)
    }

    /// What identifies a name: in lower case, without article, punctuation at its ends and legal form's full stop.
    package static func key(_ name: String) -> String {
        var key = name.lowercased()
        for article in ["the ", "a ", "an "] where key.hasPrefix(article) { key.removeFirst(article.count) }
        while let last = key.last, last == "." || last == "," || last == "'" { key.removeLast() }
        return key.replacing("\u{2019}", with: "'")
    }
}
