import TwinSupport

extension ByteView {
    /// The lines without the white space at their ends, as the readers of plain-text markup take them.
    var trimmedLines: [ByteView] {
        var lines: [ByteView] = []
        var index = 0
        while index < count {
            let end = lineEnd(from: index)
            var stop = end
            while stop > index, self[stop - 1].isSpace { stop -= 1 }
            lines.append(slice(index, stop))
            index = end + 1
        }
        return lines
    }
}
