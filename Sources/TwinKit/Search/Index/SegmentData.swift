/// A finished segment in memory, ready to be written: its documents are numbered from 0 and get their chunk keys when it
/// is.
public struct SegmentData: Sendable {
    /// A run of consecutive documents of one source, in order.
    struct SourceRun: Sendable, Equatable {
        /// What the caller names the source by; `SearchIndex.append` maps it to the source's key.
        var ordinal: Int
        var count: Int
    }

    public let documentCount: Int
    public let termCount: Int
    /// Size of what is going to be written, in bytes.
    public var byteCount: Int { pages.bytes.count }

    let lengths: [UInt16]
    let sources: [SourceRun]
    let pages: PageBuffer
}
