import TwinSupport

/// What a reader makes of a file: its text, once, and where its structure stands in that text.
package struct ExtractedDocument: Sendable, Equatable {
    /// The text that is stored, searched and cited: lines end with `\n`, no NUL, no byte-order mark, no trailing space on
    /// a line. Every offset below counts bytes of its UTF-8.
    package var text: String
    /// Nil where the document states none, as of the fields that follow.
    package var title: String?
    package var author: String?
    /// RFC 3339 date or date-time, when the document states one.
    package var publishedAt: String?
    /// A BCP 47 language tag that the document itself states.
    package var language: String?
    /// The document's own address (`<link rel=canonical>`, a feed item's link).
    package var link: String?
    /// More that the document says of itself, such as the front matter of Markdown.
    package var metadata: JSONObject
    /// Headings, pages, times and rows in the order of their offsets.
    package var marks: [Mark]
    /// What the reader wants in the source's log, for example that the bytes were read as Latin-1.
    package var notices: [String]

    package init(text: String, title: String? = nil, marks: [Mark] = []) {
        self.text = text
        self.title = title
        self.marks = marks
        metadata = JSONObject()
        notices = []
    }

    /// A place in the text where something begins; it holds until the next mark of the same kind.
    package struct Mark: Sendable, Equatable {
        /// What begins at a mark.
        package enum Kind: Sendable, Equatable {
            /// A heading line of this level (1 is the highest); it ends at the end of its line.
            case heading(level: Int)
            /// A page, counted from 1.
            case page(Int)
            /// A slide, sheet or chapter with its name.
            case part(String)
            /// Speech between two moments, in milliseconds from the start of the recording.
            case time(start: Int, end: Int)
            /// A record (a table row, a JSON line, a feed item) that chunks should not cut where that can be helped.
            case record
            /// Preformatted text: its line breaks matter and it is no prose.
            case code
            /// Prose again, after code or a table.
            case prose
        }
        package var offset: Int
        package var kind: Kind
        package init(offset: Int, kind: Kind) {
            self.offset = offset
            self.kind = kind
        }
    }
}

/// A range of a document's text that is indexed and found as one.
package struct Chunk: Sendable, Equatable {
    /// Byte range in the document's UTF-8.
    package var range: Range<Int>
    /// The headings above it, from the highest to the lowest.
    package var headings: [String]
    /// The page on which it begins.
    package var page: Int?
    /// Milliseconds from the start of the recording to the first and to the last word.
    package var time: Range<Int>?
    /// Where inside of it another page or other moments begin, in the order of their offsets; empty when it has one place.
    package var turns: [Turn] = []

    /// A place inside a chunk from which on page or time are others.
    package struct Turn: Sendable, Equatable {
        /// Byte offset in the document's UTF-8.
        package var offset: Int
        package var page: Int?
        package var time: Range<Int>?

        package init(offset: Int, page: Int? = nil, time: Range<Int>? = nil) {
            self.offset = offset
            self.page = page
            self.time = time
        }
    }

    package init(range: Range<Int>, headings: [String] = [], page: Int? = nil, time: Range<Int>? = nil) {
        self.range = range
        self.headings = headings
        self.page = page
        self.time = time
    }

    /// The page on which a quotation of it begins, and the time from its first word's moment to that of its last.
    package static func place(of quotation: Range<Int>, turns: [Turn], page: Int?, time: Range<Int>?) -> (
        page: Int?, time: Range<Int>?
    ) {
        var result = (page: page, time: time)
        var isTimed = false
        for turn in turns where turn.offset < max(quotation.upperBound, quotation.lowerBound + 1) {
            if turn.offset <= quotation.lowerBound {
                result.page = turn.page ?? result.page
                if let moments = turn.time {
                    result.time = moments
                    isTimed = true
                }
            } else if let moments = turn.time, isTimed, let begun = result.time {
                result.time = extent(begun.lowerBound, max(begun.upperBound, moments.upperBound))
            }
        }
        return result
    }
}
