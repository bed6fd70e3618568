import TwinSupport

/// The three forms of tables: drawn as a grid, ruled by lines of `=`, and written as a list of lists.
extension RSTReader {
    mutating func gridTable() throws(ReadFailure) -> Bool {
        guard tableLines > 0 else { return false }
        var place = index
        while place < lines.count, place - index <= DrawnTable.maximumLines, let first = lines[place].trimmed.contents.first,
            first == UInt8(ascii: "+") || first == UInt8(ascii: "|")
        {
            place += 1
        }
        tableLines -= place - index
        guard place - index >= 3, place - index <= DrawnTable.maximumLines else { return false }
        let indent = Self.indent(line(index))
        let block = extent(index, place).map { Array(lines[$0].slice(indent, lines[$0].count).string.unicodeScalars) }
        guard let drawn = DrawnTable(block) else { return false }
        var grid = TableGrid()
        for (number, row) in drawn.rows.enumerated() {
            for cell in row {
                // A cell of several paragraphs is one text.
                let words = cell.lines.map { Array($0.utf8).withView { inline($0.trimmed) }.string.trimmedText }
                grid.addCell(
                    words.filter { !$0.isEmpty }.joined(separator: " "), columns: cell.columns, rows: cell.rows)
            }
            grid.endRow(isHeader: number < drawn.headerRows)
        }
        index = place
        try writer.table(grid)
        return true
    }

    /// The columns that a line of `=` and spaces rules.
    static func columns(_ line: ByteView) -> [Range<Int>]? {
        guard line.contents.allSatisfy({ $0 == UInt8(ascii: "=") || $0 == 0x20 }), line.contents.contains(0x20) else {
            return nil
        }
        var result: [Range<Int>] = []
        var place = 0
        while place < line.count {
            while line[place] == 0x20 { place += 1 }
            let start = place
            while line[place] == UInt8(ascii: "=") { place += 1 }
            if place > start { result.append(extent(start, place)) }
        }
        return result.count >= 2 && result.count <= 1000 ? result : nil
    }

    mutating func simpleTable() throws(ReadFailure) -> Bool {
        guard let columns = Self.columns(line(index)) else { return false }
        var rules: [Int] = []
        var place = index
        while place < lines.count, place < index + 10_000 {
            if Self.columns(lines[place])?.count == columns.count, lines[place][0] == UInt8(ascii: "=") {
                rules.append(place)
                // The last of three, or of two when nothing follows it directly.
                if rules.count == 3 || rules.count == 2 && line(place + 1).isEmpty { break }
            }
            place += 1
        }
        guard rules.count >= 2, let last = rules.last else { return false }
        var grid = TableGrid()
        var open: [String]?
        func close(_ number: Int) {
            guard let row = open else { return }
            for cell in row { grid.addCell(cell) }
            grid.endRow(isHeader: rules.count == 3 && number <= rules[1])
            open = nil
        }
        for number in extent(index + 1, last) {
            let line = lines[number]
            if line.isEmpty || line[0] == UInt8(ascii: "=") || line.contents.allSatisfy({ $0 == UInt8(ascii: "-") || $0 == 0x20 })
            {
                close(number)
                continue
            }
            let row = columns.enumerated().map { position, column in
                let end = position + 1 < columns.count ? columns[position + 1].lowerBound : line.count
                return inline(line.slice(column.lowerBound, max(column.lowerBound, min(end, line.count)))).string.trimmedText
            }
            if row.first?.isEmpty == true, let before = open {
                open = zip(before, row).map { $0.isEmpty ? $1 : $1.isEmpty ? $0 : "\($0) \($1)" }
            } else {
                close(number)
                open = row
            }
        }
        close(last)
        index = last + 1
        try writer.table(grid)
        return true
    }

    /// A table as values with commas.
    mutating func valueTable(_ content: ArraySlice<ByteView>, header: String?, delimiter: String?) {
        var text: [UInt8] = []
        if let header { text += Array(header.utf8) + [0x0A] }
        for line in content { text += Array(line.trimmed.contents) + [0x0A] }
        let sign = delimiter == "tab" ? 0x09 : delimiter.flatMap { $0.utf8.count == 1 ? $0.utf8.first : nil }
        do throws(ReadFailure) {
            try writer.values(text, delimiter: sign ?? UInt8(ascii: ","))
        } catch { writer.notice(error.message) }
    }

    /// A table as a list of lists (`* - cell`).
    mutating func listTable(_ content: ArraySlice<ByteView>, headers: Int) {
        var grid = TableGrid()
        var cell: String?
        var rows = 0
        func closeCell() {
            if let text = cell { grid.addCell(text) }
            cell = nil
        }
        for line in content {
            var bare = line.trimmed
            if bare.hasPrefix("* - ") || bare.contents.elementsEqual("* -".utf8) {
                closeCell()
                if rows > 0 { grid.endRow(isHeader: rows <= headers) }
                rows += 1
                bare = bare.slice(2, bare.count)
            }
            if bare.hasPrefix("- ") || bare.contents.elementsEqual("-".utf8) {
                closeCell()
                cell = inline(bare.slice(2, bare.count)).string.trimmedText
            } else if let before = cell, !bare.isEmpty {
                cell = before + " " + inline(bare).string
            }
        }
        closeCell()
        if rows > 0 { grid.endRow(isHeader: rows <= headers) }
        do throws(ReadFailure) { try writer.table(grid) } catch { writer.notice(error.message) }
    }
}
