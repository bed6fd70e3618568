/// Finds relations between the names of a sentence by the words between and around them.
///
/// Each rule needs the types of both names and a form of words that says the relation; names that merely stand together say
/// nothing. What is known of a city holds for the region that follows it ("of Bethany, Conn.").
struct RelationFinder {
    let bytes: UnsafeBufferPointer<UInt8>
    let tokens: [Token]
    let spans: [NameSpan]

    init(_ bytes: UnsafeBufferPointer<UInt8>, _ text: TokenizedText, _ spans: [NameSpan]) {
        self.bytes = bytes
        tokens = text.tokens
        self.spans = spans
        sentences = text.sentences
    }

    private let sentences: [Range<Int>]

    func relations() -> [Relation] {
        var found: [Relation] = []
        var first = 0
        for sentence in sentences {
            while first < spans.count, spans[first].tokens.lowerBound < sentence.lowerBound { first += 1 }
            var end = first
            while end < spans.count, spans[end].tokens.lowerBound < sentence.upperBound { end += 1 }
            if end > first {
                var scan = SentenceRelations(finder: self, sentence: sentence, names: first..<end)
                scan.collect()
                found.append(contentsOf: scan.found)
            }
            first = end
        }
        return found
    }
}

/// The relations of one sentence.
struct SentenceRelations {
    let finder: RelationFinder
    let sentence: Range<Int>
    /// Indices of the sentence's names.
    let names: Range<Int>
    private(set) var found: [Relation] = []

    init(finder: RelationFinder, sentence: Range<Int>, names: Range<Int>) {
        self.finder = finder
        self.sentence = sentence
        self.names = names
    }

    private var tokens: [Token] { finder.tokens }
    private func type(_ name: Int) -> NameType { finder.spans[name].type }
    private func span(_ name: Int) -> Range<Int> { finder.spans[name].tokens }

    mutating func collect() {
        for name in names {
            dates(of: name)
            definition(of: name)
            for other in name + 1..<min(names.upperBound, name + 5) { pair(name, other) }
        }
        followRegions()
    }

    private mutating func add(_ subject: Int, _ predicate: Predicate, _ object: Int) {
        let relation = Relation(subject: subject, predicate: predicate, object: .name(object), evidence: evidence)
        if subject != object, !found.contains(relation) { found.append(relation) }
    }

    private var evidence: Range<Int> {
        Int(tokens[sentence.lowerBound].start)..<Int(tokens[sentence.upperBound - 1].end)
    }

    // MARK: Two names

    private mutating func pair(_ first: Int, _ second: Int) {
        guard span(first).upperBound <= span(second).lowerBound else { return }
        let gap = Gap(tokens, span(first).upperBound..<span(second).lowerBound)
        guard gap.count <= 24 else { return }
        let hasNames = second > first + 1
        switch (type(first), type(second)) {
        case (.person, .organization):
            if gap.tellsWork(between: hasNames) { add(first, .worksFor, second) }
        case (.organization, .person):
            if !hasNames, gap.isRoleInFront { add(second, .worksFor, first) }
            if !hasNames, gap.isPossessive, gap.isRoleAfterPossessive { add(second, .worksFor, first) }
        case (.person, .place):
            if !hasNames, gap.tellsResidence { add(first, .livesIn, second) }
            if !hasNames, gap.isApposition, roleFollows(second) { add(first, .livesIn, second) }
        case (.place, .person):
            if !hasNames, gap.isRoleInFront || gap.isPossessive && gap.isRoleAfterPossessive { add(second, .livesIn, first) }
        case (.organization, .place):
            if !hasNames, gap.tellsSeat { add(first, .basedIn, second) }
        case (.place, .organization):
            if !hasNames, gap.count == 0 || gap.isPossessive && gap.count <= 2 || gap.isBased { add(second, .basedIn, first) }
        case (.place, .place):
            if !hasNames, gap.tellsPlace || gap.isComma && isRegion(second, after: first) { add(first, .locatedIn, second) }
            if !hasNames, gap.isPossessive, gap.count <= 2 { add(second, .locatedIn, first) }
        case (.person, .person):
            if gap.tellsKilling(between: hasNames) { add(first, .killed, second) }
            if !hasNames, gap.tellsKiller { add(second, .killed, first) }
        default: break
        }
        if type(first) == .person, type(second) == .product || type(second) == .concept, !hasNames, gap.tellsAuthor {
            add(first, .authorOf, second)
        }
        if type(second) == .person, type(first) == .product, !hasNames, gap.tellsAuthorship { add(second, .authorOf, first) }
    }

    /// Whether a role stands after the name: "an Atlanta architect".
    private func roleFollows(_ name: Int) -> Bool {
        let next = span(name).upperBound
        return next < sentence.upperBound && tokens[next].isWord && !tokens[next].isCapital
            && (next + 1 >= sentence.upperBound || !tokens[next + 1].isWord || tokens[next].classes.contains(.role))
    }

    /// Whether the second of two places parted by a comma is where the first is, and not the next of a list.
    private func isRegion(_ second: Int, after first: Int) -> Bool {
        let last = tokens[span(second).lowerBound]
        let isKnown =
            span(second).contains { tokens[$0].classes.contains(.knownPlace) }
            || Gap.isAbbreviated(tokens[span(second).upperBound - 1])
        guard isKnown else { return false }
        let firstIsCountry = tokens[span(first).lowerBound].classes.contains(.demonym)
        if firstIsCountry { return false }
        if last.classes.contains(.abbreviation) || Gap.isAbbreviated(last) { return true }
        // A list goes on: "Paris, London and Rome".
        if first > names.lowerBound, type(first - 1) == .place,
            Gap(tokens, span(first - 1).upperBound..<span(first).lowerBound).isComma
        {
            return false
        }
        let next = span(second).upperBound
        guard next < sentence.upperBound else { return true }
        if tokens[next].hash == NameRun.and { return false }
        if tokens[next].isMark(","), second + 1 < names.upperBound, type(second + 1) == .place,
            span(second + 1).lowerBound <= next + 2
        {
            return false
        }
        return true
    }

    /// A person or an institution of a city is of the city's region too.
    private mutating func followRegions() {
        for relation in found
        where relation.predicate == .livesIn || relation.predicate == .basedIn || relation.predicate == .locatedIn {
            guard case .name(var place) = relation.object else { continue }
            while let region = found.first(where: { $0.subject == place && $0.predicate == .locatedIn }),
                case .name(let next) = region.object, next > place
            {
                add(relation.subject, relation.predicate, next)
                place = next
            }
        }
    }

    // MARK: Dates and definitions

    private mutating func dates(of name: Int) {
        guard type(name) == .person || type(name) == .organization || type(name) == .concept else { return }
        var index = span(name).upperBound
        guard index < sentence.upperBound else { return }
        if tokens[index].isMark("(") || tokens[index].isMark(",") { index += 1 }
        if index < sentence.upperBound, Gap.was.contains(tokens[index].hash) { index += 1 }
        guard index < sentence.upperBound else { return }
        let predicate: Predicate
        switch tokens[index].hash {
        case Gap.born: predicate = .bornOn
        case Gap.died: predicate = .diedOn
        case Gap.founded, Gap.established, Gap.incorporated: predicate = .foundedOn
        default: return
        }
        if predicate == .foundedOn, type(name) == .person { return }
        index += 1
        // "in Vienna on 3 May 1901" is passed over up to the date.
        var limit = 0
        while index < sentence.upperBound, limit < 6, Gap.dateLength(tokens, from: index, in: sentence) == 0 {
            guard tokens[index].isWord else { return }
            index += 1
            limit += 1
        }
        let length = Gap.dateLength(tokens, from: index, in: sentence)
        guard length > 0 else { return }
        let range = Int(tokens[index].start)..<Int(tokens[index + length - 1].end)
        found.append(Relation(subject: name, predicate: predicate, object: .text(range), evidence: evidence))
    }

    /// "Varroa is a mite that …": said of the sentence's first name, up to the end of the sentence.
    private mutating func definition(of name: Int) {
        guard name == names.lowerBound, type(name) != .person else { return }
        let index = span(name).upperBound
        guard span(name).lowerBound <= sentence.lowerBound + 1, index + 2 < sentence.upperBound else { return }
        guard tokens[index].hash == Gap.isWord || tokens[index].hash == Gap.means else { return }
        let article = tokens[index + 1]
        guard Gap.articles.contains(article.hash), tokens[index].hash == Gap.isWord else { return }
        var end = index + 1
        while end < sentence.upperBound, end < index + 30, !tokens[end].isMark("."), !tokens[end].isMark(";") { end += 1 }
        guard end > index + 2 else { return }
        let range = Int(tokens[index + 1].start)..<Int(tokens[end - 1].end)
        found.append(Relation(subject: name, predicate: .definedAs, object: .text(range), evidence: evidence))
    }
}
