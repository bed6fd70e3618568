import TwinSupport

/// Checks that a file holds weights as `.safetensors` and nothing that could run: 8 bytes with the length of a header, the
/// header as a JSON object of tensors, and their bytes (https://huggingface.co/docs/safetensors). Only the header is read.
package enum WeightsFile {
    /// What a header may weigh, in bytes; that of a large model is a few hundred kilobytes.
    static let maximumHeaderBytes = 4 << 20

    /// Throws `TwinError` (`invalid`) with what is wrong.
    package static func check(_ path: String) throws {
        let size = FileContents.size(path)
        let start = try FileContents.beginning(of: path, 8)
        guard start.count == 8 else { throw refusal("it is too short") }
        if start[0] == 0x80 || start.starts(with: Array("PK".utf8)) {
            throw refusal("it is a pickle, which can run programs; save it as .safetensors")
        }
        let length = start.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
        guard length >= 2, length <= UInt64(maximumHeaderBytes), Int(length) + 8 <= size else {
            throw refusal("its header has no proper length")
        }
        let header = try FileContents.beginning(of: path, 8 + Int(length)).dropFirst(8)
        guard header.first == UInt8(ascii: "{"), let tensors = try? JSONParser.parse(Array(header)).objectValue else {
            throw refusal("its header is not a JSON object")
        }
        try check(tensors, contentBytes: size - 8 - Int(length))
    }

    private static func check(_ tensors: JSONObject, contentBytes: Int) throws {
        var extents: [(start: Int, end: Int)] = []
        for (name, tensor) in tensors.members where name != "__metadata__" {
            guard let type = tensor["dtype"]?.stringValue, let bits = bitsOfTypes[type],
                let shape = tensor["shape"]?.arrayValue?.map(\.intValue), let offsets = tensor["data_offsets"]?.arrayValue,
                offsets.count == 2, let start = offsets[0].intValue, let end = offsets[1].intValue, start >= 0, start <= end,
                end <= contentBytes
            else { throw refusal("its tensor '\(name.shortened(to: 60))' is not described as it should be") }
            var count = 1
            for side in shape {
                guard let side, side >= 0 else { throw refusal("a tensor has no proper shape") }
                let (product, overflows) = count.multipliedReportingOverflow(by: side)
                guard !overflows, product <= 1 << 40 else { throw refusal("a tensor has no proper shape") }
                count = product
            }
            guard (count * bits + 7) / 8 == end - start else { throw refusal("a tensor is not as large as it says") }
            extents.append((start, end))
        }
        guard !extents.isEmpty else { throw refusal("it holds no tensor") }
        // Without gaps and overlaps, so that nothing else hides in the file.
        var reached = 0
        for extent in extents.sorted(by: { ($0.start, $0.end) < ($1.start, $1.end) }) {
            guard extent.start == reached else { throw refusal("its tensors overlap or leave gaps") }
            reached = extent.end
        }
        guard reached == contentBytes else { throw refusal("it is cut off, or holds more than its tensors") }
    }

    private static let bitsOfTypes = [
        "F64": 64, "F32": 32, "F16": 16, "BF16": 16, "F8_E4M3": 8, "F8_E5M2": 8, "F8_E8M0": 8, "F4": 4, "I64": 64, "I32": 32,
        "I16": 16, "I8": 8, "U64": 64, "U32": 32, "U16": 16, "U8": 8, "BOOL": 8,
    ]

    private static func refusal(_ reason: String) -> TwinError {
        TwinError(.invalid, "the file is not a .safetensors file: \(reason)")
    }
}
