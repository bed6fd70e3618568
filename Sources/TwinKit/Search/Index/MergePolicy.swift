/// Which segments of a twin to merge.
public enum MergePolicy: Sendable {
    /// Keeps sizes growing from the newest to the oldest by a factor at least, so that their number grows with the
    /// logarithm of the chunks and a chunk is rewritten about as often
    /// (N. Lester, A. Moffat, J. Zobel: Efficient online index construction for text databases, 2008), and rewrites
    /// segments of which much is deleted.
    case tiered
    /// Makes one segment of all.
    case all

    private static let factor = 3
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
            var size = 0
            for index in segments.indices.reversed() {
                if index < segments.count - 1, segments[index].liveDocuments >= Self.factor * size { break }
                guard size + segments[index].liveDocuments <= SegmentBuilder.maximumDocuments else { break }
                size += segments[index].liveDocuments
                start = index
            }
            if segments.count - start > 1 { return start..<segments.count }
            if let index = segments.firstIndex(where: { ($0.documents - $0.liveDocuments) * Self.deletedShare > $0.documents }) {
                return index..<index + 1
            }
            return nil
        }
    }
}
