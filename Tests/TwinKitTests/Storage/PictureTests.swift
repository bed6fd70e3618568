import TestSupport
import Testing

@testable import TwinKit
@testable import TwinSupport

@Suite struct PictureTests {
    private static let samples: [(bytes: [UInt8], kind: StoredName.Kind)] = [
        (PictureSamples.png, .png), (PictureSamples.jpeg, .jpeg), (PictureSamples.lossyWebP, .webp),
        (PictureSamples.losslessWebP, .webp), (PictureSamples.extendedWebP, .webp),
    ]

    @Test func `a picture is what its bytes say, with its size`() throws {
        for (bytes, kind) in Self.samples {
            let picture = try #require(Picture(bytes))
            #expect(picture.kind == kind && picture.width == 6 && picture.height == 4)
        }
    }

    @Test func `a picture that is cut off is none, and no bytes end the program`() {
        for (bytes, kind) in Self.samples {
            for length in 0..<bytes.count {
                // Cameras append to JPEG; what comes before its end does not.
                #expect(Picture(Array(bytes.prefix(length))) == nil, "\(kind) of \(length) bytes")
            }
            for index in bytes.indices {
                for value: UInt8 in [0, 0xFF, bytes[index] ^ 0x80] {
                    var changed = bytes
                    changed[index] = value
                    _ = Picture(changed)
                }
            }
        }
    }

    @Test func `what only looks like a picture is none`() {
        for text in [
            "", "GIF89a", "<svg xmlns='http://www.w3.org/2000/svg'/>", "<html><img></html>", "BM      ", "%PDF-1.7",
            "\u{89}PNG\r\n\u{1A}\n", "RIFF    WEBPVP8 ", "\u{FF}\u{D8}\u{FF}",
        ] { #expect(Picture(Array(text.utf8) + [UInt8](repeating: 0, count: 100)) == nil, "\(text)") }
    }
}

@Suite struct WeightsFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    static func file(_ header: String, content: Int, length: UInt64? = nil) -> [UInt8] {
        var bytes: [UInt8] = []
        withUnsafeBytes(of: (length ?? UInt64(header.utf8.count)).littleEndian) { bytes += $0 }
        return bytes + Array(header.utf8) + [UInt8](repeating: 7, count: content)
    }

    static let good = file(
        #"{"__metadata__":{"format":"pt"},"b":{"dtype":"F16","shape":[2,3],"data_offsets":[4,16]},"#
            + #""a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, content: 16)

    private func reason(_ bytes: [UInt8]) throws -> String? {
        let path = try folder.write("weights", bytes)
        do {
            try WeightsFile.check(path)
            return nil
        } catch let error as TwinError {
            #expect(error.kind == .invalid)
            return error.message
        }
    }

    @Test func `weights are taken, pickles and everything else are not`() throws {
        #expect(try reason(Self.good) == nil)
        let tensor = #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#
        let cases: [(String, [UInt8])] = [
            ("pickle", [0x80, 0x02] + Array("}q\u{0}.             ".utf8)), ("pickle", Array("PK\u{3}\u{4}            ".utf8)),
            ("too short", Array("abc".utf8)), ("length", Self.file(tensor, content: 4, length: .max)),
            ("length", Self.file(tensor, content: 4, length: 1 << 40)), ("JSON", Self.file("[1,2,3]", content: 4)),
            ("JSON", Self.file("{\"a\":", content: 4)), ("no tensor", Self.file("{}", content: 0)),
            ("cut off", Self.file(tensor, content: 5)), ("described", Self.file(tensor, content: 3)),
            ("large as it says", Self.file(tensor.replacing("[1]", with: "[2]"), content: 4)),
            ("described", Self.file(tensor.replacing("F32", with: "OBJECT"), content: 4)),
            ("described", Self.file(tensor.replacing("[0,4]", with: "[4,0]"), content: 4)),
            ("proper shape", Self.file(tensor.replacing("[1]", with: "[9223372036854775807,9]"), content: 4)),
            (
                "overlap",
                Self.file(
                    #"{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"U8","shape":[3],"data_offsets":[1,4]}}"#,
                    content: 4)
            ),
        ]
        for (words, bytes) in cases {
            let reason = try #require(try reason(bytes), "\(words)")
            #expect(reason.contains(words), "\(reason)")
        }
    }

    @Test func `weights that are cut off anywhere are refused`() throws {
        for length in 0..<Self.good.count { #expect(try reason(Array(Self.good.prefix(length))) != nil, "\(length) bytes") }
    }
}
