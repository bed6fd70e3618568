import TwinSupport

extension HTMLReader {
    /// Writes the open block and asks for a line's end (1) or a blank line (2) before the next.
    mutating func breakBlock(_ size: Int) {
        flush()
        gap = max(gap, size)
    }

    /// `<br>`: a line's end inside a paragraph, a space inside a heading or a cell.
    mutating func breakLine() {
        if preformatted > 0 { line.append(0x0A) } else if heading > 0 || isInCell { line.append(0x20) } else { breakBlock(1) }
    }

    private var isInCell: Bool { tables.last?.isInCell ?? false }

    mutating func flush() {
        superscript = nil
        if preformatted > 0 {
            flushPreformatted()
            return
        }
        guard line.contains(where: { !$0.isSpace }) else {
            line.removeAll(keepingCapacity: true)
            return
        }
        if isInCell, heading == 0 {
            let last = tables.count - 1
            tables[last].append(line, prefix: itemPrefix)
            line.removeAll(keepingCapacity: true)
            itemPrefix = []
            return
        }
        if heading > 0 {
            layOut()
            dropPermalink()
        }
        startBlock()
        if heading > 0 {
            builder.endParagraph()
            builder.mark(.heading(level: heading))
            itemPrefix = []
        }
        itemPrefix.withView { builder.append($0) }
        itemPrefix = []
        line.withView { builder.append(any: $0.trimmed, onOneLine: true) }
        line.removeAll(keepingCapacity: true)
        gap = heading > 0 ? 2 : 1
    }

    /// Documentation puts a link to each heading behind it, shown as `#` or `¶`.
    private mutating func dropPermalink() {
        while let last = line.last {
            if last.isSpace || (last == UInt8(ascii: "#") && line.count > 1 && line[line.count - 2] != UInt8(ascii: "C")) {
                line.removeLast()
            } else if last == 0xB6, line.count > 2, line[line.count - 2] == 0xC2 {
                line.removeLast(2)
            } else {
                return
            }
        }
    }

    private mutating func startBlock() {
        if gap == 2 { builder.endParagraph() } else if gap == 1 { builder.startLine() }
        gap = 0
    }

    mutating func setPreformatted(_ isOpen: Bool) {
        if isOpen {
            layOut()
            preformatted += 1
            return
        }
        guard preformatted > 0 else { return }
        flushPreformatted()
        preformatted -= 1
    }

    private mutating func flushPreformatted() {
        guard line.contains(where: { !$0.isSpace }) else {
            line.removeAll(keepingCapacity: true)
            return
        }
        builder.endParagraph()
        builder.mark(.code)
        line.withView { code in
            var index = 0
            // The line break right after the tag is not part of the text; blank lines at the start say nothing.
            while index < code.count {
                let end = code.lineEnd(from: index)
                if !code.slice(index, end).trimmed.isEmpty { break }
                index = end + 1
            }
            while index < code.count {
                let end = code.lineEnd(from: index)
                builder.append(any: code.slice(index, end))
                builder.endCodeLine()
                index = end + 1
            }
        }
        builder.endParagraph()
        builder.mark(.prose)
        line.removeAll(keepingCapacity: true)
        gap = 2
    }

    // MARK: Lists

    mutating func setList(_ tag: HTMLTag) {
        breakBlock(lists.isEmpty ? 2 : 1)
        if tag.isEnd {
            if !lists.isEmpty { lists.removeLast() }
        } else if lists.count < 64 {
            lists.append(tag.name == "ol" ? tag.attribute("start", in: text).flatMap { Int($0) } ?? 1 : nil)
        }
        gap = max(gap, lists.isEmpty ? 2 : 1)
    }

    mutating func startItem() {
        itemPrefix = [UInt8](repeating: 0x20, count: 2 * max(0, min(lists.count, 9) - 1))
        if let number = lists.last ?? nil {
            itemPrefix += Array("\(number). ".utf8)
            lists[lists.count - 1] = number < 1_000_000 ? number + 1 : number
        } else {
            itemPrefix += [UInt8(ascii: "-"), 0x20]
        }
    }

    // MARK: Tables

    mutating func table(_ element: HTMLElement, _ tag: HTMLTag) throws(ReadFailure) {
        flush()
        let last = tables.count - 1
        switch element {
        case .table where !tag.isEnd:
            if tables.last?.isData != true { layOut() }
            if tables.count < 64 { tables.append(HTMLTable()) }
        case .table:
            if var table = tables.popLast() {
                if let outer = tables.indices.last, tables[outer].isData {
                    tables[outer].append(Array(table.takeTexts().joined(separator: "; ").utf8), prefix: [])
                    break
                }
                try write(table)
            }
            gap = 2
        case .row where last >= 0:
            tables[last].endRow()
            if tables[last].isLayout { gap = max(gap, 1) }
        case .cell where last >= 0, .headerCell where last >= 0:
            tables[last].endCell()
            if tables[last].isLayout { gap = max(gap, 2) }
            guard !tag.isEnd else { break }
            var isHeader = false
            if case .headerCell = element { isHeader = true }
            func span(_ name: StaticString) -> Int { tag.attribute(name, in: text).flatMap { Int($0) } ?? 1 }
            tables[last].startCell(isHeader: isHeader, columns: span("colspan"), rows: span("rowspan"))
        default: gap = max(gap, 1)
        }
    }

    mutating func closeTables() throws(ReadFailure) {
        flush()
        while let table = tables.popLast() { try write(table) }
    }

    /// A table that holds headings, code or another table only arranges the page: its cells become plain blocks.
    private mutating func layOut() {
        for index in tables.indices where !tables[index].isLayout {
            for block in tables[index].takeBlocks() {
                builder.endParagraph()
                block.withView { builder.append(any: $0, onOneLine: true) }
            }
            gap = 2
        }
    }

    private mutating func write(_ table: HTMLTable) throws(ReadFailure) {
        guard !table.isLayout else { return }
        builder.endParagraph()
        try table.write(into: &builder, limits: limits)
        gap = 2
    }
}
