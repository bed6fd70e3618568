import TwinSupport

/// Whether a full stop, question or exclamation mark ends a sentence.
enum SentenceEnd {
    /// `stop` is the terminator with all that closes behind it, `sentence` where the sentence began.
    static func isEnd(
        _ text: ByteView, stop: Range<Int>, terminator: Terminator, sentence: Int, block: Range<Int>
    ) -> Bool {
        if stop.upperBound >= block.upperBound || terminator.isWide { return true }
        guard text[stop.upperBound].isSpace else { return false }
        var next = stop.upperBound
        while next < block.upperBound, text[next].isSpace { next += 1 }
        if next >= block.upperBound { return true }
        // A small letter goes on with the sentence: `e.g. this`, `"Why?" he asked`, `and so on ... until`.
        if text[next].isLower { return false }
        let isSingleStop = terminator.isFullStop && stop.count == 1
        return !isSingleStop || !isAbbreviated(text, stop: stop.lowerBound, sentence: sentence, next: next, end: block.upperBound)
    }

    /// Whether the full stop at `stop` belongs to the word before it and the sentence goes on at `next`.
    private static func isAbbreviated(_ text: ByteView, stop: Int, sentence: Int, next: Int, end: Int) -> Bool {
        var begin = stop
        while begin > sentence, text[begin - 1].isAlphanumeric || text[begin - 1] == UInt8(ascii: ".") { begin -= 1 }
        let word = begin..<stop
        if word.isEmpty { return false }
        // `3.` at the front is a list's number.
        if text[begin].isDigit { return begin == sentence && word.count <= 3 }
        if word.count == 1, text[begin].isUpper {
            return isInitial(text, next: next, end: end)
        }
        guard word.count <= 6 else { return false }
        let lowered = text[word].string.lowercased()
        if alwaysGoOn.contains(lowered) { return true }
        if text[next].isDigit, beforeNumbers.contains(lowered) { return true }
        // `U.S.`, `etc.` and `Inc.` may end a sentence too: what follows tells.
        let hasInnerStop = lowered.contains(".")
        return (hasInnerStop || mayEnd.contains(lowered)) && !startsLikeSentence(text, at: next, end: end)
    }

    /// One capital letter: an initial when a name goes on behind it (`J. Smith`, `George W. Bush`), else the sentence's
    /// last word (`vitamin C. The …`).
    private static func isInitial(_ text: ByteView, next: Int, end: Int) -> Bool {
        text[next].isUpper && !startsLikeSentence(text, at: next, end: end)
    }

    private static func startsLikeSentence(_ text: ByteView, at index: Int, end: Int) -> Bool {
        var place = index
        while place < end, text[place].isLetter { place += 1 }
        return starters.contains(text[index..<place].string)
    }

    /// A name, a number or an example follows these.
    private static let alwaysGoOn: Set<String> = [
        "mr", "mrs", "ms", "dr", "prof", "st", "vs", "gen", "col", "capt", "lt", "sgt", "cpl", "cmdr", "adm", "rev", "hon",
        "gov", "sen", "rep", "pres", "e.g", "i.e", "cf", "ca", "approx", "eg", "ie", "ex", "viz", "dept", "mt", "ft",
        "bzw", "z.b", "d.h", "vgl",
    ]
    private static let beforeNumbers: Set<String> = [
        "no", "nos", "vol", "fig", "figs", "eq", "eqs", "p", "pp", "ch", "sec", "art", "para", "ver", "c", "nr", "abb", "jan",
        "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "tel", "ext", "rs",
    ]
    private static let mayEnd: Set<String> = [
        "etc", "al", "inc", "ltd", "co", "corp", "jr", "sr", "est", "esq", "ed", "eds", "jan", "feb", "aug", "sept", "oct",
        "nov", "dec", "ave", "blvd", "rd", "usw",
    ]
    private static let starters: Set<String> = [
        "The", "A", "An", "In", "On", "At", "It", "Its", "He", "She", "His", "Her", "They", "Their", "We", "Our", "You", "Your",
        "This", "That", "These", "Those", "There", "But", "And", "However", "When", "While", "As", "After", "Before",
        "For", "From", "If", "By", "To", "With", "Since", "Some", "Many", "Most", "Another", "Other", "What", "Who", "Why",
        "How", "Where", "Although", "Because", "During", "Both", "Each", "All", "Also", "Then", "Such", "So",
    ]
}
