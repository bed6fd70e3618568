/// A direction as whole numbers from -127 to 127 with one scale, a quarter of the size of the floats that it stands
/// for. The cosine of two of them differs from the true one by less than a hundredth for vectors of embedding models.
package struct QuantizedVector: Equatable {
    /// What a number is multiplied with to give the component of the unit vector.
    var scale: Float
    var values: [Int8]

    /// The direction of `vector`. None for one that has none: zero, or with a component that is not finite.
    package init?(_ vector: [Float]) {
        // In Double, so that neither tiny nor huge components lose the length.
        let length = vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        let largest = Double(vector.reduce(0) { max($0, abs($1)) })
        guard length.isFinite, length > 0, largest > 0 else { return nil }
        scale = Float(largest / length / 127)
        values = vector.map { Int8((Double($0) / largest * 127).rounded()) }
    }

    /// The values as `dotProduct` wants one side of it.
    var widened: [Int16] { values.map { Int16($0) } }

    /// The cosine of the angle between the two directions, about -1...1; 0 for another dimension.
    func cosine(_ other: QuantizedVector) -> Double {
        guard values.count == other.values.count else { return 0 }
        let product = values.withUnsafeBufferPointer { left in
            other.widened.withUnsafeBufferPointer { right -> Int32 in
                guard let left = left.baseAddress, let right = right.baseAddress else { return 0 }
                return Self.dotProduct(left, right, count: values.count)
            }
        }
        return Double(product) * Double(scale) * Double(other.scale)
    }

    /// The sum of the products of `count` numbers at each address, none outside -127...127. Exact for up to 131,072 of
    /// them.
    ///
    /// The compiler turns this loop into the processor's multiply-and-add of pairs (7.5 GB/s on the machine it was
    /// written on), which it does not do for the same written with Swift's SIMD types (1.9 to 4.4 GB/s), and which goes
    /// 1.4 times as fast with one side widened beforehand.
    @inline(__always)
    static func dotProduct(_ left: UnsafePointer<Int8>, _ right: UnsafePointer<Int16>, count: Int) -> Int32 {
        var sum: Int32 = 0
        var index = 0
        while index < count {
            sum &+= Int32(left[index]) &* Int32(right[index])
            index &+= 1
        }
        return sum
    }
}
