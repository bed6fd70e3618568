import TwinReaders
import TwinSupport

/// How the turns of a chunk stand in its row: `offset,page,start,end` with a semicolon between two, numbers that are missing left
/// empty, offsets counted from the chunk's beginning.
enum StoredTurns {
    static func encode(_ turns: [Chunk.Turn], from start: Int) -> String? {
        if turns.isEmpty { return nil }
        func text(_ value: Int?) -> String { value.map { String($0) } ?? "" }
        return turns.map { turn in
            "\(turn.offset - start),\(text(turn.page)),\(text(turn.time?.lowerBound)),\(text(turn.time?.upperBound))"
        }.joined(separator: ";")
    }

    /// What is not understood is left out: the chunk's own place stands for it.
    static func decode(_ text: String?, from start: Int) -> [Chunk.Turn] {
        guard let text else { return [] }
        return text.split(separator: ";").compactMap { record in
            let fields = record.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
            guard fields.count == 4, let offset = fields[0], offset >= 0, offset < 1 << 40 else { return nil }
            var turn = Chunk.Turn(offset: start + offset, page: fields[1])
            if let first = fields[2], let last = fields[3] { turn.time = extent(first, last) }
            return turn
        }
    }
}
