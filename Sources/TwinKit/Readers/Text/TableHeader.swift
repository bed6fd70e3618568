import TwinSupport

/// Which of a table's first rows name its columns. A wrong name puts a fact under what it is not, so where neither the document
/// nor the cells below leave a doubt that a row names them, no row does.
struct TableHeader: Equatable {
    /// Rows at the top that are titles: one cell each, over a table of several columns.
    var titles = 0
    /// Rows below them that name the columns.
    var rows = 0
    /// A name a column, of several rows joined; empty for columns without one.
    var names: [String] = []

    /// Rows at the beginning that are looked at.
    static let lookahead = 12

    /// Finds it in the first rows of a table. `marked` of them, behind the titles, are header rows because the document says so.
    /// With `needsEvidence` short texts alone are none: the cells below must be of another kind.
    init(_ table: [[String]], marked: Int = 0, needsEvidence: Bool = false) {
        let width = table.map(Self.filled).max() ?? 0
        if width <= 1, marked == 0 {
            guard let first = table.first, let name = first.first, Self.namesList(name, table.dropFirst()) else { return }
            (rows, names) = (1, [name])
            return
        }
        while titles + 1 < table.count, Self.filled(table[titles]) == 0 || Self.isTitle(titles, of: table) { titles += 1 }
        let body = table.dropFirst(titles)
        guard let first = body.first else { return }
        if marked > 0 {
            rows = min(marked, 3, body.count)
        } else if Self.namesColumns(first, above: body.dropFirst()),
            !needsEvidence || Self.hasEvidence(first, body.dropFirst()) && !Self.isPairs(Array(body))
        {
            rows = 1
        } else if let second = body.dropFirst().first, body.count > 2, Self.groups(first),
            Self.namesColumns(second, above: body.dropFirst(2))
        {
            // The upper of two rows names groups of columns, over each of them after merged cells were filled.
            rows = 2
        }
        if rows == 1, marked == 0, let second = body.dropFirst().first, body.count > 2, Self.groups(first), Self.repeats(first),
            Self.namesColumns(second, above: body.dropFirst(2)), Self.hasEvidence(second, body.dropFirst(2))
        {
            rows = 2
        }
        names = Self.joined(Array(body.prefix(rows)))
    }

    /// Whether a table of two columns, which names none, lists properties: what stands on its right is of more than one kind.
    private static func isPairs(_ table: [[String]]) -> Bool {
        guard table.count > 2, table.allSatisfy({ $0.count == 2 }) else { return false }
        func kind(_ text: String) -> Int {
            if text.contains("@") || text.contains("://") { return 2 }
            return !isValue(text) ? 0 : StatedDate.rfc3339(text) != nil ? 3 : 1
        }
        return Set(table.dropFirst().map { kind($0[1].trimmedText) }).count > 1
    }

    private static func filled(_ row: [String]) -> Int { row.count { !$0.trimmedText.isEmpty } }

    /// One cell over a table of several columns: nothing else stands in its row, and a row that names columns, or a blank one,
    /// follows.
    private static func isTitle(_ index: Int, of table: [[String]]) -> Bool {
        let row = table[index]
        guard filled(row) == 1, row.first?.trimmedText.isEmpty == false else { return false }
        guard let next = table.dropFirst(index + 1).first(where: { filled($0) != 1 || $0.first?.trimmedText.isEmpty == true })
        else {
            return false
        }
        if filled(next) == 0 || row.count == 1 { return true }
        return next.allSatisfy { !$0.trimmedText.isEmpty } && namesColumns(next, above: [])
    }

    /// Whether the row has cells that may stand over several columns.
    private static func groups(_ row: [String]) -> Bool {
        row.allSatisfy { !isValue($0.trimmedText) || isPeriod($0.trimmedText) }
            && (repeats(row) || row.contains { $0.trimmedText.isEmpty })
    }

    private static func repeats(_ row: [String]) -> Bool {
        zip(row, row.dropFirst()).contains { !$0.trimmedText.isEmpty && $0.trimmedText == $1.trimmedText }
    }

    private static func joined(_ rows: [[String]]) -> [String] {
        let width = rows.map(\.count).max() ?? 0
        return extent(0, width).map { column in
            var parts: [String] = []
            for row in rows where column < row.count {
                let text = row[column].trimmedText
                if !text.isEmpty, parts.last != text { parts.append(text) }
            }
            return parts.joined(separator: " ")
        }
    }

    // MARK: One row

    /// Whether the first cell of a list of single cells names the others: a word above numbers or above sentences.
    private static func namesList(_ name: String, _ body: ArraySlice<[String]>) -> Bool {
        let cells = body.compactMap { $0.first?.trimmedText }.filter { !$0.isEmpty }
        guard namesColumns([name], above: []), !cells.isEmpty else { return false }
        let length = cells.reduce(0) { $0 + $1.utf8.count } / cells.count
        return hasEvidence([name], body) || (length >= 30 && length >= 3 * name.utf8.count)
    }

    /// Whether a row names the columns of those below it. Short texts that are all different do; repeated, long or missing
    /// names, and years, do when the cells below are of another kind.
    static func namesColumns(_ row: [String], above body: ArraySlice<[String]>) -> Bool {
        let names = row.map(\.trimmedText)
        let given = names.filter { !$0.isEmpty }
        guard !given.isEmpty, given.count * 3 >= names.count * 2 || names.count <= 2 else { return false }
        var isPlain = true
        for (column, name) in names.enumerated() {
            if name.isEmpty {
                if names.count > 1, column == 0 || column == names.count - 1 { continue }
                isPlain = false
            } else if isPeriod(name) {
                guard column > 0, names[0].isEmpty || !isValue(names[0]), isNot(isPeriod, column, body) else { return false }
            } else if isValue(name) {
                return false
            } else if name.utf8.count > 80 || name.hasSuffix(".") {
                guard name.utf8.count <= 600 else { return false }
                isPlain = false
            }
        }
        if Set(given.map { $0.lowercased() }).count < given.count { isPlain = false }
        return isPlain || hasEvidence(names, body)
    }

    /// A number, a date, an address: what tables hold rather than what their columns are called.
    private static func isValue(_ text: String) -> Bool {
        !text.isEmpty
            && (!text.utf8.contains { $0.isLetter || $0 >= 0x80 } || StatedDate.rfc3339(text) != nil || text.contains("://")
                || text.contains("@"))
    }

    /// A year, or a season of two, as columns of accounts are called.
    private static func isPeriod(_ text: String) -> Bool {
        let parts = text.split(whereSeparator: { $0 == "/" || $0 == "-" || $0 == "\u{2013}" })
        guard (1...2).contains(parts.count), let first = parts.first, first.utf8.count == 4, let year = Int(first) else {
            return false
        }
        return (1800...2199).contains(year) && parts.dropFirst().allSatisfy { [2, 4].contains($0.utf8.count) && Int($0) != nil }
    }

    private static func isNot(_ kind: (String) -> Bool, _ column: Int, _ body: ArraySlice<[String]>) -> Bool {
        let cells = body.compactMap { $0.indices.contains(column) ? $0[column].trimmedText : nil }.filter { !$0.isEmpty }
        return !cells.isEmpty && cells.count(where: kind) * 2 < cells.count
    }

    /// Whether the cells below are of another kind than the names: numbers under words, or a few words under long questions.
    private static func hasEvidence(_ names: [String], _ body: ArraySlice<[String]>) -> Bool {
        for (column, name) in names.enumerated() where !name.trimmedText.isEmpty {
            let cells = body.compactMap { $0.indices.contains(column) ? $0[column].trimmedText : nil }.filter { !$0.isEmpty }
            guard !cells.isEmpty else { continue }
            if !name.utf8.contains(where: \.isDigit),
                cells.count(where: { $0.utf8.contains(where: \.isDigit) }) * 3 >= cells.count * 2
            {
                return true
            }
            // Words above figures, whatever digits the words hold.
            if !isValue(name.trimmedText), cells.count(where: isValue) * 3 >= cells.count * 2 { return true }
            if isPeriod(name.trimmedText), isNot(isPeriod, column, body) { return true }
            let length = cells.reduce(0) { $0 + $1.utf8.count } / cells.count
            if name.utf8.count > 40, length * 2 < name.utf8.count { return true }
        }
        return false
    }
}
