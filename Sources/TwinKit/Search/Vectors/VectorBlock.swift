import TwinSupport

/// The vectors of consecutive chunks as they are stored: see `VectorSchema.sql`.
package enum VectorBlock {
    /// Vectors of one block at the most. Larger blocks are read no faster and cost more to write.
    static let maximumCount = 64

    /// The scales of all vectors, as little-endian floats, and behind them their values, a byte each. Every vector must have
    /// `dimension` values.
    package static func encode(_ vectors: ArraySlice<QuantizedVector>, dimension: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(vectors.count * (4 + dimension))
        for vector in vectors { withUnsafeBytes(of: vector.scale.bitPattern.littleEndian) { bytes.append(contentsOf: $0) } }
        for vector in vectors { vector.values.withUnsafeBytes { bytes.append(contentsOf: $0) } }
        return bytes
    }

    /// A direction that blocks are compared with.
    package struct Query {
        let scale: Double
        let values: [Int16]

        package init(_ vector: QuantizedVector) {
            scale = Double(vector.scale)
            values = vector.widened
        }
    }

    /// Calls `body` with the cosine of each vector of a block to `query`, in their order. Throws `TwinError` when the
    /// bytes are not a block of `count` such vectors.
    @inline(__always)
    package static func forEachCosine(
        _ bytes: UnsafeRawBufferPointer, count: Int, query: Query, _ body: (Int, Double) -> Void
    ) throws {
        let dimension = query.values.count
        guard (1...maximumCount).contains(count), bytes.count == count * (4 + dimension), let start = bytes.baseAddress
        else {
            throw TwinError(.failed, "the stored vectors are damaged; mend them with: twin rebuild --embeddings")
        }
        let vectors = (start + count * 4).assumingMemoryBound(to: Int8.self)
        query.values.withUnsafeBufferPointer { values in
            guard let queryStart = values.baseAddress else { return }
            for index in 0..<count {
                let bits = UInt32(littleEndian: start.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self))
                let product = QuantizedVector.dotProduct(vectors + index * dimension, queryStart, count: dimension)
                body(index, Double(product) * Double(Float(bitPattern: bits)) * query.scale)
            }
        }
    }
}
