import TwinSupport

/// What `\begin` and `\end` enclose: lists, tables, code and displayed formulas.
extension LaTeXReader {
    mutating func environment(isEnd: Bool) throws(ReadFailure) -> Bool {
        guard let name = argument()?.string else { return false }
        let base = name.hasSuffix("*") ? String(name.dropLast()) : name
        switch base {
        case "document": return isEnd
        case "itemize", "enumerate", "description":
            endParagraph()
            skipOptional()
            if isEnd { _ = lists.popLast() } else if lists.count < 64 { lists.append(base == "enumerate" ? 1 : nil) }
        case "tabular", "tabularx", "longtable", "array", "tabu":
            endParagraph()
            if isEnd {
                if let table = tables.popLast() { try close(table) }
            } else {
                skipOptional()
                _ = argument()
                if base == "tabularx" { _ = argument() }
                if tables.count < 16 { tables.append(OpenTable()) }
            }
        case "verbatim", "lstlisting", "minted", "Verbatim", "alltt":
            guard !isEnd else { return false }
            endParagraph()
            skipOptional()
            if base == "minted" { _ = argument() }
            var block: [ByteView] = []
            if text[index] == 0x0A { index += 1 }
            while index < text.count {
                let end = text.lineEnd(from: index)
                let line = text.slice(index, end)
                if line.trimmed.hasPrefix("\\end{") {
                    index = end
                    break
                }
                block.append(line)
                index = end + 1
            }
            writer.code(block)
        case "comment":
            guard !isEnd else { return false }
            index = text.firstIgnoringCase("\\end{comment}", from: index).map { $0 + 13 } ?? text.count
        case "equation", "align", "gather", "displaymath", "eqnarray", "multline", "math":
            endParagraph()
            guard !isEnd else { return false }
            var place = index
            while place < text.count, place < index + 8000, !text.hasPrefix("\\end{", at: place) { place += 1 }
            writer.add(plainFormula(text.slice(index, place)).filter { $0 != UInt8(ascii: "&") })
            writer.flush()
            index = place
        case "thebibliography", "minipage", "multicols", "adjustbox":
            endParagraph()
            if !isEnd {
                skipOptional()
                _ = argument()
            }
        default:
            endParagraph()
            if !isEnd { skipOptional() }
        }
        return false
    }
}
