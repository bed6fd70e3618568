/// Which segments of a twin to merge.
package enum MergePolicy: Sendable {
    /// Keeps each segment at least as large as all newer ones together, so that their number and the times that a chunk is
    /// rewritten grow with the logarithm of the chunks
    /// (N. Lester, A. Moffat, J. Zobel: Efficient online index construction for text databases, 2008), and rewrites
    /// segments of which much is deleted.
    case tiered
    /// Makes one segment of all.
    case all

    /// Segments with fewer live documents are never worth keeping apart.
    private static let smallest = 500
    /// A segment is rewritten when one in so many of its documents is deleted.
    private static let deletedShare = 4

    /// The neighbours to merge into one, as indexes; none when all is well. Segments come in the order of their keys.
    func choose(_ segments: [SegmentRow]) -> Range<Int>? {
        guard let first = segments.indices.first else { return nil }
        switch self {
        case .all:
            return segments.count > 1 || segments[first].liveDocuments < segments[first].documents ? 0..<segments.count : nil
        case .tiered:
            var start = segments.count
            var newer = 0
            for index in segments.indices.reversed() {
                let size = segments[index].liveDocuments
                guard newer + size <= SegmentBuilder.maximumDocuments else { break }
                if index < segments.count - 1, size < max(newer, Self.smallest) { start = index }
                newer += size
            }
            if start < segments.count { return start..<segments.count }
            if let index = segments.firstIndex(where: { ($0.documents - $0.liveDocuments) * Self.deletedShare > $0.documents }) {
                return index..<index + 1
            }
            return nil
        }
    }
}
