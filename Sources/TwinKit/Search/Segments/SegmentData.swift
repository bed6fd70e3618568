/// A finished segment in memory, ready to be written: its documents are numbered from 0 and get their chunk keys when it
/// is.
package struct SegmentData: Sendable {
    /// A run of consecutive documents of one source, in order.
    struct SourceRun: Sendable, Equatable {
        /// What the caller names the source by; `SearchIndex.append` maps it to the source's key.
        var ordinal: Int
        var count: Int
    }

    package let documentCount: Int
    package let termCount: Int
    /// Size of what is going to be written, in bytes.
    package var byteCount: Int { pages.bytes.count }

    let lengths: [UInt16]
    let sources: [SourceRun]
    let pages: PageBuffer
}
