import TwinSupport

/// What the cursors of a segment share while a query runs over it.
struct SegmentContext {
    let segment: Int64
    let store: SegmentStore
    let documentCount: Int
    let lengths: UnsafePointer<UInt16>
    /// 256 values: 1 / f of each frequency code.
    let inverseFrequencies: UnsafePointer<Float>
    let constant: Float
    let perWord: Float

    @inline(__always)
    func part(weight: Float, code: UInt8, length: UInt16) -> UInt32 {
        ScoringModel.part(
            weight: weight, inverseFrequency: inverseFrequencies[Int(code)], length: Float(length), constant: constant,
            perWord: perWord)
    }
}

/// Walks the postings of a term in a segment forwards. It reads a page when it needs it and decodes a block when it needs
/// that.
struct TermCursor {
    private let memory: CursorMemory
    private let weight: Float
    /// Documents that have the term.
    let count: Int
    private let firstOffset: Int
    private let pages: [PostingList.Page]
    private let pageBounds: [UInt32]
    private var page = 0
    private var isPageLoaded = false
    private var blockCount = 0
    /// The current block and the lowest document that it may have.
    private var block = 0
    private var base = 0
    private var isDecoded = false
    private var isScored = false
    private var decodedCount = 0
    private var position = 0

    init(_ list: PostingList, weight: Float, memory: CursorMemory, context: SegmentContext) throws {
        self.memory = memory
        self.weight = weight
        count = list.count
        switch list.location {
        case .inline(let postings):
            firstOffset = 0
            pages = [PostingList.Page(number: 0, lastDocument: Int(postings.last ?? 0) >> 8, blocks: 1, impacts: 0..<0)]
            var bound: UInt32 = 0
            for (index, posting) in postings.enumerated() {
                let document = posting >> 8
                let code = UInt8(truncatingIfNeeded: posting)
                memory.documents[index] = document
                memory.codes[index] = UInt32(code)
                memory.parts[index] = context.part(weight: weight, code: code, length: context.lengths[Int(document)])
                bound = max(bound, memory.parts[index])
            }
            memory.lasts[0] = (postings.last ?? 0) >> 8
            memory.bounds[0] = bound
            pageBounds = [bound]
            blockCount = 1
            decodedCount = postings.count
            isPageLoaded = true
            isDecoded = true
            isScored = true
        case .pages(let offset, let pages, let impacts):
            firstOffset = offset
            self.pages = pages
            pageBounds = pages.map { page in
                var bound: UInt32 = 0
                for impact in impacts[page.impacts] {
                    bound = max(bound, context.part(weight: weight, code: impact.code, length: impact.length))
                }
                return bound
            }
            if pages.count == 1 { try loadPage(context) }
        }
    }

    // MARK: Position

    /// No documents are left.
    var isExhausted: Bool { page == pages.count }

    /// A document before which there are no more postings.
    @inline(__always)
    var nextPossible: Int {
        isExhausted ? .max : isDecoded && position < decodedCount ? Int(memory.documents[position]) : base
    }

    private mutating func enterPage(_ number: Int) {
        page = number
        isPageLoaded = false
        isDecoded = false
        block = 0
        if number < pages.count { base = number > 0 ? pages[number - 1].lastDocument + 1 : 0 }
    }

    private mutating func enterBlock(_ number: Int) {
        if number == blockCount { return enterPage(page + 1) }
        base = Int(memory.lasts[number - 1]) + 1
        block = number
        isDecoded = false
    }

    /// Moves to the first page, and when that is loaded to the first block, that may have documents from `document` on.
    @inline(__always)
    mutating func skip(to document: Int) {
        while page < pages.count, pages[page].lastDocument < document { enterPage(page + 1) }
        guard isPageLoaded else { return }
        while page < pages.count, isPageLoaded, Int(memory.lasts[block]) < document { enterBlock(block + 1) }
    }

    /// Moves to the first block that has documents from `document` on. False when there is none.
    @inline(__always)
    private mutating func seek(_ document: Int, _ context: SegmentContext) throws -> Bool {
        skip(to: document)
        while !isExhausted, !isPageLoaded {
            try loadPage(context)
            skip(to: document)
        }
        return !isExhausted
    }

    /// An upper bound for the parts of documents in `start..<end`. The cursor has been moved to `start`.
    @inline(__always)
    func bound(upTo end: Int) -> UInt32 {
        var bound: UInt32 = 0
        var next = page
        if isPageLoaded, page < pages.count {
            guard base < end else { return 0 }
            var index = block
            while index < blockCount {
                bound = max(bound, memory.bounds[index])
                if Int(memory.lasts[index]) >= end &- 1 { return bound }
                index &+= 1
            }
            next &+= 1
        }
        while next < pages.count {
            if next > 0, pages[next &- 1].lastDocument >= end &- 1 { return bound }
            bound = max(bound, pageBounds[next])
            next &+= 1
        }
        return bound
    }

    // MARK: Reading

    private mutating func loadPage(_ context: SegmentContext) throws {
        let info = pages[page]
        let byteCount = try context.store.withPage(context.segment, .postings, info.number) { bytes in
            guard bytes.count <= PageSize.bytes, let address = bytes.baseAddress else { throw TwinError.damagedIndex }
            memory.page.copyMemory(from: address, byteCount: bytes.count)
            return bytes.count
        }
        guard info.blocks <= CursorMemory.maximumBlocks else { throw TwinError.damagedIndex }
        var offset = page == 0 ? firstOffset : 0
        var previous = base - 1
        for index in 0..<info.blocks {
            let block = try BlockHeader(memory.page, offset: offset, byteCount: byteCount)
            guard block.lastDocument > previous, block.lastDocument < context.documentCount else { throw TwinError.damagedIndex }
            var bound: UInt32 = 0
            for impact in 0..<block.impactCount {
                let position = offset &+ BlockHeader.fixedSize &+ 3 &* impact
                let code = memory.page.load(fromByteOffset: position, as: UInt8.self)
                let length = UInt16(littleEndian: memory.page.loadUnaligned(fromByteOffset: position &+ 1, as: UInt16.self))
                bound = max(bound, context.part(weight: weight, code: code, length: length))
            }
            memory.lasts[index] = UInt32(block.lastDocument)
            memory.bounds[index] = bound
            memory.offsets[index] = UInt32(offset)
            previous = block.lastDocument
            offset += block.size
        }
        guard pages.count == 1 || previous == info.lastDocument else { throw TwinError.damagedIndex }
        blockCount = info.blocks
        block = 0
        isPageLoaded = true
        isDecoded = false
    }

    /// Decodes documents and frequencies of the current block.
    private mutating func decode(_ context: SegmentContext) throws {
        let header = BlockHeader(memory.page, offset: Int(memory.offsets[block]))
        let payload = UnsafeRawPointer(memory.page) + Int(memory.offsets[block]) + header.headerSize
        let count = header.count
        BitPacking.unpack(payload, count: count, bits: header.documentBits, to: memory.documents)
        var document = UInt32(truncatingIfNeeded: base &- 1)
        let documents = memory.documents
        for index in 0..<count {
            document = document &+ documents[index] &+ 1
            documents[index] = document
        }
        guard document == memory.lasts[block] else { throw TwinError.damagedIndex }
        let counts = payload + BitPacking.size(count: count, bits: header.documentBits)
        BitPacking.unpack(counts, count: count, bits: header.countBits, to: memory.codes)
        if header.hasFields {
            // The parts are not computed yet, so their memory is free.
            BitPacking.unpack(
                counts + BitPacking.size(count: count, bits: header.countBits), count: count, bits: 2, to: memory.parts)
            for index in 0..<count { memory.codes[index] |= memory.parts[index] &<< 6 }
        }
        decodedCount = count
        position = 0
        isDecoded = true
        isScored = false
    }

    private mutating func score(_ context: SegmentContext) {
        let documents = memory.documents
        let codes = memory.codes
        let output = UnsafeMutableRawPointer(memory.parts)
        let lengths = context.lengths
        let inverse = context.inverseFrequencies
        let constant = SIMD4<Float>(repeating: context.constant)
        let perWord = SIMD4<Float>(repeating: context.perWord)
        let weights = SIMD4<Float>(repeating: weight)
        let one = SIMD4<Float>(repeating: 1)
        let rounder = SIMD4<Float>(repeating: ScoringModel.rounder)
        let mask = SIMD4<UInt32>(repeating: ScoringModel.partMask)
        let lowest = SIMD4<UInt32>(repeating: 1)
        var index = 0
        while index &+ 4 <= decodedCount {
            let length = SIMD4<Float>(
                Float(lengths[Int(documents[index])]), Float(lengths[Int(documents[index &+ 1])]),
                Float(lengths[Int(documents[index &+ 2])]), Float(lengths[Int(documents[index &+ 3])]))
            let frequency = SIMD4<Float>(
                inverse[Int(codes[index])], inverse[Int(codes[index &+ 1])], inverse[Int(codes[index &+ 2])],
                inverse[Int(codes[index &+ 3])])
            let saturation = weights / (one + (constant + perWord * length) * frequency)
            let parts = (unsafeBitCast(saturation + rounder, to: SIMD4<UInt32>.self) & mask) | lowest
            output.storeBytes(of: parts, toByteOffset: index &* 4, as: SIMD4<UInt32>.self)
            index &+= 4
        }
        while index < decodedCount {
            memory.parts[index] = context.part(
                weight: weight, code: UInt8(truncatingIfNeeded: codes[index]), length: lengths[Int(documents[index])])
            index &+= 1
        }
        isScored = true
    }

    /// Adds the parts of all documents in `start..<end` to `sums`, whose first element is that of `start`.
    mutating func accumulate(
        from start: Int, to end: Int, into sums: UnsafeMutablePointer<UInt32>, _ context: SegmentContext
    ) throws {
        try forEachPart(from: start, to: end, context) { offset, part in sums[offset] &+= part }
    }

    /// As `accumulate`, and notes in `touched` the offsets whose sums were zero. Returns how many it has noted, counted
    /// from `touchedCount`.
    mutating func accumulate(
        from start: Int, to end: Int, into sums: UnsafeMutablePointer<UInt32>, touched: UnsafeMutablePointer<UInt32>,
        touchedCount: Int, _ context: SegmentContext
    ) throws -> Int {
        var noted = touchedCount
        try forEachPart(from: start, to: end, context) { offset, part in
            if sums[offset] == 0 {
                touched[noted] = UInt32(truncatingIfNeeded: offset)
                noted &+= 1
            }
            sums[offset] &+= part
        }
        return noted
    }

    /// Calls `body` with each document in `start..<end`, as its offset from `start`, and with its part. The innermost loop of
    /// a search: it is compiled into each caller.
    @inline(__always)
    private mutating func forEachPart(
        from start: Int, to end: Int, _ context: SegmentContext, _ body: (_ offset: Int, _ part: UInt32) -> Void
    ) throws {
        var first = start
        while try seek(first, context), base < end {
            if !isDecoded { try decode(context) }
            if !isScored { score(context) }
            let documents = memory.documents
            let parts = memory.parts
            var index = position
            while index < decodedCount, Int(documents[index]) < first { index &+= 1 }
            // A block that ends before `end` needs no look at where it ends.
            if Int(memory.lasts[block]) < end {
                while index < decodedCount {
                    body(Int(documents[index]) &- start, parts[index])
                    index &+= 1
                }
                first = Int(memory.lasts[block]) + 1
                enterBlock(block + 1)
            } else {
                while Int(documents[index]) < end {
                    body(Int(documents[index]) &- start, parts[index])
                    index &+= 1
                }
                position = index
                return
            }
        }
    }

    /// Adds the parts of some documents to their sums: `offsets` are those of the documents from `start` on, ascending, in
    /// `sums` as well as in the segment.
    mutating func add(
        to sums: UnsafeMutablePointer<UInt32>, of offsets: UnsafePointer<UInt32>, count: Int, start: Int,
        _ context: SegmentContext
    ) throws {
        var next = 0
        while next < count, try seek(start &+ Int(offsets[next]), context) {
            // Candidates before the block do not have the term.
            while next < count, start &+ Int(offsets[next]) < base { next &+= 1 }
            let last = Int(memory.lasts[block])
            guard next < count, start &+ Int(offsets[next]) <= last else { continue }
            if !isDecoded { try decode(context) }
            let documents = memory.documents
            var index = position
            while next < count {
                let offset = Int(offsets[next])
                let document = UInt32(truncatingIfNeeded: start &+ offset)
                guard Int(document) <= last else { break }
                // The last document of the block ends this.
                while documents[index] < document { index &+= 1 }
                if documents[index] == document {
                    sums[offset] &+=
                        isScored
                        ? memory.parts[index]
                        : context.part(
                            weight: weight, code: UInt8(truncatingIfNeeded: memory.codes[index]),
                            length: context.lengths[Int(document)])
                }
                next &+= 1
            }
            position = index
        }
    }

    /// Calls `body` with each document and frequency code that are left.
    mutating func forEachPosting(_ context: SegmentContext, _ body: (Int, UInt8) throws -> Void) throws {
        while try seek(0, context) {
            if !isDecoded { try decode(context) }
            for index in position..<decodedCount {
                try body(Int(memory.documents[index]), UInt8(truncatingIfNeeded: memory.codes[index]))
            }
            enterBlock(block + 1)
        }
    }

    /// How many of the term's documents are in `runs`. Only the blocks that may have some are decoded.
    mutating func count(in runs: DocumentRuns, _ context: SegmentContext) throws -> Int {
        var result = 0
        for run in runs.runs {
            var first = run.lowerBound
            while try seek(first, context), base < run.upperBound {
                if !isDecoded { try decode(context) }
                while position < decodedCount, Int(memory.documents[position]) < run.lowerBound { position += 1 }
                while position < decodedCount, Int(memory.documents[position]) < run.upperBound {
                    result += 1
                    position += 1
                }
                guard position == decodedCount else { break }
                first = Int(memory.lasts[block]) + 1
                enterBlock(block + 1)
            }
        }
        return result
    }
}

/// The beginning of a block of postings; see `SegmentEncoder`.
struct BlockHeader {
    static let fixedSize = 7

    let count: Int
    let hasFields: Bool
    let documentBits: Int
    let countBits: Int
    let impactCount: Int
    let lastDocument: Int

    /// The header at a place where one has been checked before.
    @inline(__always)
    init(_ page: UnsafeMutableRawPointer, offset: Int) {
        let first = page.load(fromByteOffset: offset, as: UInt8.self)
        count = Int(first & 0x7F) + 1
        hasFields = first & 0x80 != 0
        documentBits = Int(page.load(fromByteOffset: offset &+ 1, as: UInt8.self))
        let widths = page.load(fromByteOffset: offset &+ 2, as: UInt8.self)
        countBits = Int(widths & 0x1F)
        impactCount = Int(widths >> 5) + 1
        lastDocument = Int(UInt32(littleEndian: page.loadUnaligned(fromByteOffset: offset &+ 3, as: UInt32.self)))
    }

    /// The header at `offset` of a page of `byteCount` bytes. Throws `TwinError` when the block does not lie within it.
    @inline(__always)
    init(_ page: UnsafeMutableRawPointer, offset: Int, byteCount: Int) throws(TwinError) {
        guard offset >= 0, offset + Self.fixedSize <= byteCount else { throw .damagedIndex }
        self.init(page, offset: offset)
        guard documentBits <= BitPacking.maximumBits, countBits <= 6, impactCount <= ImpactFrontier.limit,
            offset + size <= byteCount
        else { throw .damagedIndex }
    }

    var headerSize: Int { Self.fixedSize &+ 3 &* impactCount }

    /// The bytes of the block.
    var size: Int {
        headerSize &+ BitPacking.size(count: count, bits: documentBits) &+ BitPacking.size(count: count, bits: countBits)
            &+ (hasFields ? BitPacking.size(count: count, bits: 2) : 0)
    }
}
