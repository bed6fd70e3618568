import TwinSupport

/// A table drawn with `+`, `-`, `=` and `|`, whose cells may stand over several columns and rows.
struct DrawnTable {
    struct Cell: Equatable {
        var lines: [String]
        var columns: Int
        var rows: Int
    }

    /// Cells by the row that they begin in, from left to right.
    private(set) var rows: [[Cell]] = []
    /// Rows above the line of `=`.
    private(set) var headerRows = 0

    private struct Box {
        var top: Int
        var left: Int
        var bottom: Int
        var right: Int
    }

    /// A drawing of more lines is none.
    static let maximumLines = 10_000

    private let lines: [[Unicode.Scalar]]
    /// Places that may still be looked at: a drawing of crosses only would be searched without end.
    private var steps = 4_000_000

    /// None for what is no whole drawing: boxes that do not close, or leave a part of it out.
    init?(_ given: [[Unicode.Scalar]]) {
        let width = given.map(\.count).max() ?? 0
        guard width >= 3, width <= 4000, given.count >= 3, given.count <= Self.maximumLines, width * given.count <= 4_000_000
        else {
            return nil
        }
        var header: Int?
        var lines: [[Unicode.Scalar]] = []
        for (number, line) in given.enumerated() {
            let isDouble = line.first == "+" && line.allSatisfy { $0 == "=" || $0 == "+" }
            if isDouble, number > 0, header == nil { header = number }
            lines.append(
                (isDouble ? line.map { $0 == "=" ? "-" : $0 } : line)
                    + [Unicode.Scalar](repeating: " ", count: width - line.count))
        }
        self.lines = lines
        var boxes: [Box] = []
        var filled = [Int](repeating: 0, count: width)
        // Each column is filled from the top; a box begins where the drawing is filled down to its upper edge.
        for top in lines.indices.dropLast() {
            for left in extent(0, width - 1) where lines[top][left] == "+" && filled[left] == top {
                guard let box = box(top, left) else { continue }
                for column in extent(left, box.right) {
                    guard filled[column] == top else { return nil }
                    filled[column] = box.bottom
                }
                boxes.append(box)
            }
        }
        guard filled.dropLast().allSatisfy({ $0 == lines.count - 1 }) else { return nil }
        let tops = Set(boxes.map(\.top)).sorted()
        let lefts = Set(boxes.map(\.left)).sorted()
        guard lefts.count <= 1000 else { return nil }
        for top in tops {
            let row = boxes.filter { $0.top == top }.sorted { $0.left < $1.left }
            rows.append(
                row.map { box in
                    Cell(
                        lines: extent(box.top + 1, box.bottom).map { number in
                            var text = String.UnicodeScalarView()
                            text.append(contentsOf: lines[number][extent(box.left + 1, box.right)])
                            return String(text)
                        }, columns: lefts.count { $0 >= box.left && $0 < box.right },
                        rows: tops.count { $0 >= box.top && $0 < box.bottom })
                })
        }
        if let header { headerRows = tops.count { $0 < header } }
    }

    /// The smallest box with this upper left corner.
    private mutating func box(_ top: Int, _ left: Int) -> Box? {
        var right = left + 1
        while right < lines[top].count {
            guard spend() else { return nil }
            let sign = lines[top][right]
            if sign == "+", let bottom = bottom(top, left, right) {
                return Box(top: top, left: left, bottom: bottom, right: right)
            }
            guard sign == "-" || sign == "+" else { return nil }
            right += 1
        }
        return nil
    }

    /// Where the right edge meets a lower edge that leads back to the left one.
    private mutating func bottom(_ top: Int, _ left: Int, _ right: Int) -> Int? {
        var bottom = top + 1
        while bottom < lines.count {
            guard spend() else { return nil }
            let (sign, begin) = (lines[bottom][right], lines[bottom][left])
            guard sign == "|" || sign == "+", begin == "|" || begin == "+" else { return nil }
            if sign == "+", begin == "+", isEdge(bottom, left, right) { return bottom }
            bottom += 1
        }
        return nil
    }

    private mutating func isEdge(_ line: Int, _ left: Int, _ right: Int) -> Bool {
        for column in extent(left, right) {
            guard spend(), lines[line][column] == "-" || lines[line][column] == "+" else { return false }
        }
        return true
    }

    private mutating func spend() -> Bool {
        steps -= 1
        return steps > 0
    }
}
