import TwinSupport

/// Comma- or tab-separated values (RFC 4180): each row becomes one record `Header: value; Header: value`.
struct DelimitedReader {
    private let text: ByteView
    private let delimiter: UInt8
    private let limits: ReaderLimits
    private var index = 0

    static func read(_ text: ByteView, delimiter: UInt8?, limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument {
        var start = 0
        var delimiter = delimiter
        // Spreadsheets write the delimiter that they use in a first line of their own.
        if text.hasPrefix("sep="), text.lineEnd(from: 0) <= 6 {
            delimiter = text[4]
            start = text.lineEnd(from: 0) + 1
        }
        var reader = DelimitedReader(text: text, delimiter: delimiter ?? detectDelimiter(text), limits: limits)
        reader.index = start
        return try reader.rows()
    }

    private init(text: ByteView, delimiter: UInt8, limits: ReaderLimits) {
        self.text = text
        self.delimiter = delimiter
        self.limits = limits
    }

    private mutating func rows() throws(ReadFailure) -> ExtractedDocument {
        var builder = DocumentBuilder(limits: limits, capacity: text.count * 2)
        var stream = TableStream(limits: limits)
        var scratch: [UInt8] = []
        while index < text.count, !builder.isFull {
            let rowStart = index
            if isBlankLine {
                _ = step(over: text.lineEnd(from: index))
                try stream.gap(into: &builder)
                continue
            }
            var cells: [String] = []
            var isRowOver = false
            while !isRowOver {
                let value = cell(&scratch)
                isRowOver = value.endsRow
                if !stream.isOpen {
                    cells.append(value.isQuoted ? scratch.string.trimmedText : text[value.range].string.trimmedText)
                } else if value.isQuoted {
                    scratch.withView { stream.addCell($0) }
                } else {
                    stream.addCell(text[value.range])
                }
                guard index - rowStart <= limits.maximumRowBytes else {
                    throw .tooLarge(
                        "row \(stream.nextRow) is longer than \(ReaderLimits.size(limits.maximumRowBytes)); check its quotation marks"
                    )
                }
            }
            if stream.isOpen {
                try stream.endRow(into: &builder)
            } else if cells.contains(where: { !$0.isEmpty }) {
                try stream.add(cells, into: &builder)
            } else {
                try stream.gap(into: &builder)
            }
        }
        try stream.finish(into: &builder)
        return try builder.finish()
    }

    private var isBlankLine: Bool { text.slice(index, text.lineEnd(from: index)).trimmed.isEmpty && delimiter != 0x09 }

    private struct Cell {
        var range: Range<Int>
        /// The value was quoted and stands unquoted in the scratch buffer.
        var isQuoted: Bool
        var endsRow: Bool
    }

    /// Reads one cell and steps over its delimiter or the end of its row.
    private mutating func cell(_ scratch: inout [UInt8]) -> Cell {
        var start = index
        while text[start] == 0x20 { start += 1 }
        guard text[start] == UInt8(ascii: "\"") else {
            var end = index
            while end < text.count, text[end] != delimiter, text[end] != 0x0A { end += 1 }
            let range = extent(index, end)
            return Cell(range: range, isQuoted: false, endsRow: step(over: end))
        }
        scratch.removeAll(keepingCapacity: true)
        index = start + 1
        let limit = index + limits.maximumRowBytes + 1
        while index < text.count, index < limit {
            guard let quote = text.first(UInt8(ascii: "\""), from: index, to: limit) else {
                scratch.append(text.slice(index, min(text.count, limit)))
                index = min(text.count, limit)
                break
            }
            scratch.append(text.slice(index, quote))
            index = quote + 1
            if text[index] == UInt8(ascii: "\"") {
                scratch.append(UInt8(ascii: "\""))
                index += 1
            } else {
                break
            }
        }
        // Text between the closing quote and the delimiter is against the rules and kept.
        var end = index
        while end < text.count, text[end] != delimiter, text[end] != 0x0A { end += 1 }
        scratch.append(text.slice(index, end))
        return Cell(range: extent(start, end), isQuoted: true, endsRow: step(over: end))
    }

    private mutating func step(over end: Int) -> Bool {
        index = end + 1
        guard end < text.count else { return true }
        return text[end] != delimiter
    }

    /// The candidate that stands most evenly on the first lines, outside of quotes.
    static func detectDelimiter(_ text: ByteView) -> UInt8 {
        let candidates: [UInt8] = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "|")]
        var rows: [[Int]] = []
        var counts = [0, 0, 0, 0]
        var isQuoted = false
        var index = 0
        while index < min(text.count, 65_536), rows.count < 20 {
            let byte = text[index]
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if byte == 0x0A, !isQuoted {
                rows.append(counts)
                counts = [0, 0, 0, 0]
            } else if !isQuoted, let candidate = candidates.firstIndex(of: byte) {
                counts[candidate] += 1
            }
            index += 1
        }
        if counts.contains(where: { $0 > 0 }) { rows.append(counts) }
        var best = 0
        var bestScore = 0
        for candidate in candidates.indices {
            // The count that most lines have: a title above the table has none.
            var lines: [Int: Int] = [:]
            for row in rows where row[candidate] > 0 { lines[row[candidate], default: 0] += 1 }
            guard let (usual, agreeing) = lines.max(by: { ($0.value, $0.key) < ($1.value, $1.key) }) else { continue }
            let score = agreeing * 1000 / rows.count * 10 + min(usual, 9)
            if score > bestScore { (best, bestScore) = (candidate, score) }
        }
        return candidates[best]
    }
}
