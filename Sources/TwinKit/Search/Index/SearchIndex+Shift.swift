import TwinDatabase
import TwinSupport

extension SearchIndex {
    /// Follows chunks and sources that have got other keys, all of them higher by so much, while the index was copied as it is. The
    /// rows of the segments have the new first keys already; their headers name the runs of chunks, and pages the sources. Part of
    /// the caller's transaction. Throws `TwinError` for a damaged index.
    package func shiftKeys(ofChunks chunks: Int64, ofSources sources: Int64, on connection: Connection) throws {
        guard chunks != 0 || sources != 0 else { return }
        let store = try SegmentStore(connection)
        for segment in try store.segments(of: twin) {
            var header = try store.header(of: segment.key)
            for index in header.keyRuns.indices { header.keyRuns[index].firstKey += chunks }
            let bytes = try Self.sourceRuns(of: SegmentReader(segment, store: store), shiftedBy: sources, store)
            header.checksum &-= try store.removePages(segment.key, .sources, count: header.pageCount(.sources))
            var writer = try store.pageWriter
            writer.segment = segment.key
            try bytes.withUnsafeBytes { try $0.forEachPage { try writer.append($0, to: .sources) } }
            header.pageCounts[.sources] = writer.counts[.sources] ?? 0
            header.checksum &+= writer.checksum
            try store.update(segment.key, header: header)
        }
    }

    private static func sourceRuns(
        of reader: SegmentReader, shiftedBy shift: Int64, _ store: SegmentStore
    ) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var previous: Int64 = 0
        try reader.forEachSourceRun(store: store) { source, count in
            // Documents that were deleted before they were stored are of source 0.
            let key = source == 0 ? 0 : source &+ shift
            bytes.appendVarint(count)
            bytes.appendSigned(key &- previous)
            previous = key
        }
        return bytes
    }
}
