import TwinHTTP
import TwinSupport

/// The text of one section: what stands between two headings of a source, or a part of it where that is long.
package struct SectionSpan: Sendable, Equatable {
    /// Bytes of the source's text.
    package var range: Range<Int>
    package var text: String
    /// Whether it begins where the section does.
    package var isWhole: Bool

    package init(range: Range<Int>, text: String, isWhole: Bool = true) {
        self.range = range
        self.text = text
        self.isWhole = isWhole
    }
}

/// A section cut into units, from which an answer takes one stretch: the best sentence with what it cannot do without.
struct SectionText {
    struct Unit {
        /// Bytes of the section's text.
        var range: Range<Int>
        var kind: SentenceSegmenter.Unit.Kind
        var block: Int
        var words: Int
        var isHeading: Bool
        /// Ends with a question mark.
        var isQuestion: Bool
        /// Ends with a colon, so that it announces what follows.
        var isLeadIn: Bool
        /// Code, a command line or a template.
        var isCode: Bool
        /// Begins with a word that points back: `It`, `However`, `For example`.
        var pointsBack: Bool
    }

    let span: SectionSpan
    private(set) var units: [Unit] = []

    /// How much of a section is quoted.
    struct Room {
        /// Words that a stretch is filled up to; what a sentence cannot do without may exceed them.
        var words: Int
        /// Bytes that it is filled up to.
        var bytes: Int
        /// Whether an item brings the list that it is of, because several things may be the answer.
        var takesLists = false
        /// Bytes with all that it cannot do without, a list above all, at the most.
        var mostBytes: Int { bytes * 5 / 2 }
    }

    /// Units behind the best one among which the announcement of a list is looked for.
    private static let nearLists = 2
    /// Items of a list that are quoted at the most.
    static let maximumItems = 10
    /// Words up to which a sentence brings what it points back to.
    private static let mostWords = 72
    /// Sentences that are brought before the best one because it points back to them.
    private static let mostBackward = 2
    /// Fewer words say something only with what follows: `No.`
    private static let shortestStatement = 3

    init(_ span: SectionSpan, headings: [String], title: String, segmenter: SentenceSegmenter) {
        self.span = span
        span.text.withView { text in
            let found = segmenter.units(in: text)
            units = found.enumerated().map { place, unit in
                let range = unit.range
                return Unit(
                    range: range, kind: unit.kind, block: unit.block, words: Self.wordCount(text[range]),
                    isHeading: TextLine.isTitle(
                        text, range, title: title, headings: headings, isLast: place == found.count - 1),
                    isQuestion: Self.endsWithQuestionMark(text[range]),
                    isLeadIn: Self.endsWithColon(text[range]),
                    isCode: TextLine.isCodeLike(text[range]), pointsBack: Self.pointsBack(text[range]))
            }
        }
    }

    /// The unit that holds most of `range`, which are bytes of the source's text.
    func unit(at range: Range<Int>) -> Int? {
        let local = (range.lowerBound - span.range.lowerBound)..<(range.upperBound - span.range.lowerBound)
        var best: (place: Int, common: Int)?
        for (place, unit) in units.enumerated() {
            let common = unit.range.clamped(to: local).count
            if common > (best?.common ?? 0) { best = (place, common) }
        }
        return best?.place
    }

    /// The first unit that says something.
    var opening: Int? { units.firstIndex { !$0.isHeading } }

    /// Bytes of the source's text from one unit to another.
    func range(_ stretch: ClosedRange<Int>) -> Range<Int> {
        guard units.indices.contains(stretch.lowerBound), units.indices.contains(stretch.upperBound) else {
            return span.range.lowerBound..<span.range.lowerBound
        }
        var lower = units[stretch.lowerBound].range.lowerBound
        let upper = units[stretch.upperBound].range.upperBound
        // A single item is quoted without its mark.
        if stretch.count == 1 || units[stretch.lowerBound].block == units[stretch.upperBound].block {
            lower = span.text.withView { text in
                guard let content = TextLine.itemContent(text, lower..<upper), content < upper else { return lower }
                return content
            }
        }
        return extent(span.range.lowerBound + lower, span.range.lowerBound + upper)
    }

    /// What the section has in `range`, which are bytes of the source's text; none outside of the section.
    func text(in range: Range<Int>) -> String? {
        guard range.lowerBound >= span.range.lowerBound, range.upperBound <= span.range.upperBound else { return nil }
        return span.text.withView {
            $0.slice(range.lowerBound - span.range.lowerBound, range.upperBound - span.range.lowerBound).string
        }
    }

    /// The words of `text`; in scripts without spaces every two characters are one.
    static func wordCount(_ text: String) -> Int { text.withView { wordCount($0) } }

    // MARK: The stretch

    /// The units to quote for the best one. `isAsked` says that the best one is a question much like that of the asker, who
    /// wants the reply.
    func stretch(around best: Int, isAsked: Bool, room: Room) -> ClosedRange<Int> {
        guard units.indices.contains(best) else { return 0...0 }
        var first = best
        var last = best
        // A question says nothing without its reply, and "No." nothing without what follows.
        while needsMore(last), let next = follower(of: last), last - best < 3, bytes(first...next) <= room.mostBytes {
            last = next
            if isAsked, units[first].isQuestion { first = next }
        }
        // What announces something brings it.
        if units[last].isLeadIn { last = endOfList(announcedBy: last, room) }
        // "It" and "However" bring what they point back to, and what that points back to.
        while best - first < Self.mostBackward, units[first].pointsBack, first > 0, isJoined(first - 1, first),
            words(first - 1...last) <= Self.mostWords, bytes(first - 1...last) <= room.mostBytes
        {
            first -= 1
        }
        // An item brings what announces the list, where that is near.
        if units[first].kind == .item, let start = leadIn(above: first), words(start...last) <= Self.mostWords / 2,
            bytes(start...last) <= room.mostBytes
        {
            first = start
            if room.takesLists { last = max(last, endOfList(announcedBy: start, room)) }
        } else if units[first].kind == .item, room.takesLists, let whole = listUnderHeading(around: first, room) {
            first = min(first, whole.lowerBound)
            last = max(last, whole.upperBound)
        }
        // The rest of the room is filled with what follows, then with what stands before it in the same paragraph.
        while let next = follower(of: last), fits(first...next, room) {
            // What announces something is not the end of an answer, nor is a question.
            if units[next].isLeadIn, room.takesLists, next - best <= Self.nearLists {
                let end = endOfList(announcedBy: next, room)
                if end > next, units[next + 1].kind == .item, bytes(first...end) <= room.mostBytes { last = end }
                break
            }
            if units[next].isLeadIn || units[next].isQuestion || units[next].isCode { break }
            if units[next].block != units[last].block, words(first...last) * 2 > room.words, units[next].kind != .item { break }
            last = next
        }
        while first > 0, isJoined(first - 1, first), !units[first - 1].isQuestion, fits(first - 1...last, room) { first -= 1 }
        return first...last
    }

    /// The list that an item is of, where the section begins with it, so that its heading announces it.
    private func listUnderHeading(around item: Int, _ room: Room) -> ClosedRange<Int>? {
        var start = item
        while start > 0, units[start - 1].kind == .item { start -= 1 }
        guard start == opening, span.isWhole else { return nil }
        var end = start
        while end + 1 < units.count, units[end + 1].kind == .item, end + 1 - start < Self.maximumItems,
            bytes(start...end + 1) <= room.mostBytes
        { end += 1 }
        return end >= item ? start...end : nil
    }

    private func words(_ stretch: ClosedRange<Int>) -> Int { units[stretch].reduce(0) { $0 + $1.words } }

    private func bytes(_ stretch: ClosedRange<Int>) -> Int {
        units[stretch.upperBound].range.upperBound - units[stretch.lowerBound].range.lowerBound
    }

    private func fits(_ stretch: ClosedRange<Int>, _ room: Room) -> Bool {
        words(stretch) <= room.words && bytes(stretch) <= room.bytes
    }

    private func needsMore(_ place: Int) -> Bool {
        let unit = units[place]
        return unit.isQuestion || unit.words < Self.shortestStatement && unit.kind == .prose
    }

    /// The next unit, when the section goes on.
    private func follower(of place: Int) -> Int? {
        let next = place + 1
        return next < units.count && !units[next].isHeading ? next : nil
    }

    private func isJoined(_ one: Int, _ other: Int) -> Bool {
        units[one].block == units[other].block && !units[one].isHeading
    }

    /// The last unit of the list, the code or the paragraph that follows what announces it.
    private func endOfList(announcedBy place: Int, _ room: Room) -> Int {
        guard let start = follower(of: place), !isTemplate(start) else { return place }
        var last = start
        var items = 1
        while let next = follower(of: last) {
            if units[next].block != units[last].block {
                guard units[start].kind == .item, units[next].kind == .item, items < Self.maximumItems else { break }
                items += 1
            }
            guard bytes(place...next) <= room.mostBytes else { break }
            last = next
        }
        return bytes(place...last) <= room.mostBytes ? last : place
    }

    /// Whether a unit only says where a program puts something in.
    private func isTemplate(_ place: Int) -> Bool {
        span.text.withView { $0[units[place].range].hasPrefix("{{") || $0[units[place].range].hasPrefix("{%") }
    }

    /// What announces the list that an item is of.
    private func leadIn(above item: Int) -> Int? {
        var place = item
        while place > 0, units[place].kind == .item { place -= 1 }
        return units[place].kind != .item && units[place].isLeadIn && !units[place].isHeading ? place : nil
    }

    // MARK: What a unit is

    private static func wordCount(_ text: ByteView) -> Int {
        var count = 0
        var isInside = false
        var wide = 0
        for byte in text.contents {
            // Scripts without spaces: two characters count as a word.
            if byte >= 0xE3, byte < 0xF0 { wide += 1 }
            if byte.isSpace {
                isInside = false
            } else if !isInside {
                isInside = true
                count += 1
            }
        }
        return count + wide / 2
    }

    static func endsWithColon(_ text: ByteView) -> Bool { ends(text, with: [":", "："]) }

    static func endsWithQuestionMark(_ text: ByteView) -> Bool { ends(text, with: ["?", "？", "؟"]) }

    private static func ends(_ text: ByteView, with marks: [String]) -> Bool {
        var end = text.count
        while end > 0, text[end - 1].isSpace || "\"')]*_`".utf8.contains(text[end - 1]) { end -= 1 }
        let tail = text.slice(max(0, end - 3), end).string
        return marks.contains { tail.hasSuffix($0) }
    }

    private static func pointsBack(_ text: ByteView) -> Bool {
        var end = 0
        while end < text.count, text[end].isLetter { end += 1 }
        return backward.contains(text.slice(0, end).string) || text.hasPrefix("For example") || text.hasPrefix("For instance")
    }

    private static let backward: Set<String> = [
        "It", "Its", "This", "That", "These", "Those", "They", "Their", "He", "She", "His", "Her", "However", "But", "So", "Then",
        "Instead", "Otherwise", "Therefore", "Thus", "Also", "Both", "Such", "Neither", "Either",
    ]
}
