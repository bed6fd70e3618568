import TwinSupport

/// Writes a table row by row, each row as one line `Header: value; Header: value`, so that a row found alone still says
/// what its values are. Empty values are left out.
struct RecordWriter {
    private var headers: [[UInt8]] = []
    private var row: [UInt8] = []
    private var column = 0
    private(set) var rowCount = 0
    private let maximumRowBytes: Int

    init(limits: ReaderLimits) { maximumRowBytes = limits.maximumRowBytes }

    var hasHeaders: Bool { !headers.isEmpty }

    /// Names the columns. A header's own colon at its end is dropped.
    mutating func setHeaders(_ names: [String]) {
        headers = names.map { name in
            var bytes = name.withView { view in
                var scratch: [UInt8] = []
                Self.append(view.trimmed, to: &scratch)
                return scratch
            }
            if bytes.last == UInt8(ascii: ":") { bytes.removeLast() }
            return bytes
        }
    }

    /// Adds the next cell of the row; white space in it, line breaks too, becomes single spaces.
    mutating func addCell(_ value: ByteView) {
        let value = value.trimmed
        defer { column += 1 }
        guard !value.isEmpty else { return }
        if !row.isEmpty {
            row.append(UInt8(ascii: ";"))
            row.append(0x20)
        }
        if column < headers.count, !headers[column].isEmpty {
            row.append(contentsOf: headers[column])
            row.append(UInt8(ascii: ":"))
            row.append(0x20)
        }
        Self.append(value, to: &row)
    }

    mutating func addCell(_ value: String) { value.withView { addCell($0) } }

    /// The next cell is that of this column, counted from 0; the columns between are empty.
    mutating func move(toColumn index: Int) { column = max(index, 0) }

    /// Writes the row as a record. Throws `tooLarge` for a row over the limit.
    mutating func endRow(into builder: inout DocumentBuilder) throws(ReadFailure) {
        rowCount += 1
        column = 0
        guard !row.isEmpty else { return }
        guard row.count <= maximumRowBytes else {
            throw .tooLarge("row \(rowCount) is longer than \(ReaderLimits.size(maximumRowBytes)); check its quotation marks")
        }
        builder.startLine()
        builder.mark(.record)
        row.withView { builder.append(any: $0, onOneLine: true) }
        builder.startLine()
        row.removeAll(keepingCapacity: true)
    }

    /// Ends the table; prose follows.
    func finish(into builder: inout DocumentBuilder) {
        builder.endParagraph()
        builder.mark(.prose)
    }

    private static func append(_ value: ByteView, to row: inout [UInt8]) {
        var start = 0
        var index = 0
        while index < value.count {
            if value[index] >= 0x20 {
                index += 1
                continue
            }
            row.append(value.slice(start, index))
            while value[index].isSpace { index += 1 }
            if index < value.count, value[index] < 0x20 { index += 1 }
            start = index
            if let last = row.last, last != 0x20 { row.append(0x20) }
        }
        row.append(value.slice(start, value.count))
    }
}
