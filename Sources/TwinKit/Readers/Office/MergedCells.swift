import TwinSupport

/// The merged ranges of a sheet (ECMA-376 part 1, section 18.3.1.55): what stands in their first cell stands in all of them.
struct MergedCells {
    private struct Merge {
        var rows: ClosedRange<Int>
        var columns: ClosedRange<Int>
        var text = ""
    }

    /// By their first row.
    private var waiting: [Merge] = []
    private var open: [Merge] = []
    /// Cells that may still be filled, so that a few merged ranges cannot become gigabytes of text.
    private var budget = 200_000

    private static let maximumMerges = 20_000

    /// Finds them in a sheet, where they stand behind its rows.
    init(_ sheet: ByteView, limits: ReaderLimits) throws(ReadFailure) {
        guard let start = Self.start(sheet) else { return }
        // The element is read for itself; what follows it may close what is not open here.
        var xml = XMLReader(sheet.slice(start, sheet.count), limits: limits)
        while let event = try? xml.next(), waiting.count < Self.maximumMerges {
            if event == .end, xml.depth == 0 { break }
            guard event == .start, xml.name == "mergeCell", let merge = xml.attribute("ref").flatMap(Self.merge) else { continue }
            waiting.append(merge)
        }
        waiting.sort { $0.rows.lowerBound > $1.rows.lowerBound }
    }

    private static func start(_ sheet: ByteView) -> Int? {
        var index = sheet.count
        while index > 0 {
            index -= 1
            guard sheet[index] == UInt8(ascii: "m"), sheet.hasPrefix("mergeCells", at: index) else { continue }
            var open = index
            while open > 0, sheet[open] != UInt8(ascii: "<"), index - open < 20 { open -= 1 }
            if sheet[open] == UInt8(ascii: "<"), sheet[open + 1] != UInt8(ascii: "/") { return open }
        }
        return nil
    }

    /// `A1:B3`.
    private static func merge(_ reference: String) -> Merge? {
        let ends = reference.split(separator: ":")
        guard ends.count == 2, let left = WorkbookReader.column(String(ends[0])),
            let right = WorkbookReader.column(String(ends[1])),
            let top = Int(ends[0].drop { !$0.isNumber }), let bottom = Int(ends[1].drop { !$0.isNumber }), left <= right,
            top <= bottom, top > 0
        else { return nil }
        return Merge(rows: top...bottom, columns: left...right)
    }

    /// Fills the merged cells of a row; rows come in their order. A title over the whole table stays the one cell it is.
    mutating func fill(_ row: inout [(column: Int, text: String)], number: Int) {
        while let next = waiting.last, next.rows.lowerBound <= number {
            waiting.removeLast()
            var merge = next
            guard merge.rows.contains(number) else { continue }
            merge.text = row.first { $0.column == merge.columns.lowerBound }?.text ?? ""
            if !merge.text.isEmpty { open.append(merge) }
        }
        guard !open.isEmpty else { return }
        open.removeAll { !$0.rows.contains(number) }
        let taken = Set(row.map(\.column))
        let isTitle = row.count == 1
        for merge in open {
            if isTitle, merge.rows.lowerBound == number, merge.rows.count == 1 { continue }
            for column in merge.columns where !taken.contains(column) && budget > 0 {
                budget -= 1
                row.append((column, merge.text))
            }
        }
        row.sort { $0.column < $1.column }
    }
}
