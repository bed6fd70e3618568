import TwinSupport

/// How often and where a document has a term, in one byte: the low six bits for the body, a bit each for headings and
/// title.
struct TermFrequency: Equatable, Hashable, Sendable {
    static let inHeadings: UInt8 = 0x40
    static let inTitle: UInt8 = 0x80
    static let bodyMask: UInt8 = 0x3F
    private static let exactLimit = 40

    var code: UInt8

    init(code: UInt8) { self.code = code }

    /// Body counts up to 40 are kept exactly, larger ones are rounded down to one of 23 steps up to 1,098: the score hardly
    /// changes there.
    init(body: Int, inHeadings: Bool, inTitle: Bool) {
        var step = min(max(body, 0), Self.exactLimit)
        while step < Int(Self.bodyMask), Self.count(step + 1) <= body { step += 1 }
        code = UInt8(step) | (inHeadings ? Self.inHeadings : 0) | (inTitle ? Self.inTitle : 0)
    }

    /// Occurrences in the body.
    var body: Int { Self.count(Int(code & Self.bodyMask)) }

    private static func count(_ step: Int) -> Int {
        step <= exactLimit ? step : exactLimit + 2 * (step - exactLimit) * (step - exactLimit)
    }
}

/// A posting of a segment under construction or in a merge: the document's number in the upper 24 bits, the code of its
/// `TermFrequency` in the lower eight.
typealias PackedPosting = UInt32

/// What bounds the score of a set of postings from above, whatever the scoring settings are: the pairs of frequency and
/// document length of which none is beaten by another (more occurrences, more fields, shorter document).
struct ImpactFrontier {
    struct Impact: Equatable {
        var code: UInt8
        var length: UInt16

        @inline(__always)
        func dominates(_ other: Impact) -> Bool {
            length <= other.length && code & TermFrequency.bodyMask >= other.code & TermFrequency.bodyMask
                && ~code & other.code & ~TermFrequency.bodyMask == 0
        }
    }

    static let limit = 4
    private(set) var impacts: [Impact] = []

    init() { impacts.reserveCapacity(Self.limit + 1) }

    mutating func removeAll() { impacts.removeAll(keepingCapacity: true) }

    mutating func insert(code: UInt8, length: UInt16) {
        var new = Impact(code: code, length: length)
        for impact in impacts where impact.dominates(new) { return }
        if impacts.count >= Self.limit, let last = impacts.popLast() {
            // One looser pair stands for two.
            let flags = (new.code | last.code) & ~TermFrequency.bodyMask
            new.code = flags | max(new.code & TermFrequency.bodyMask, last.code & TermFrequency.bodyMask)
            new.length = min(new.length, last.length)
        }
        impacts.removeAll { new.dominates($0) }
        impacts.append(new)
    }

    mutating func insert(_ other: ImpactFrontier) {
        for impact in other.impacts { insert(code: impact.code, length: impact.length) }
    }

    func append(to output: inout [UInt8]) {
        for impact in impacts {
            output.append(impact.code)
            output.append16(impact.length)
        }
    }
}
