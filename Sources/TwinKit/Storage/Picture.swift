import TwinSupport

/// What the bytes of a picture say it is: its format and size, whatever a name or a server calls it. It is read to where each
/// format says that the picture ends, so that what was cut off is found; it is not decoded.
package struct Picture: Sendable, Equatable {
    package var kind: StoredName.Kind
    /// In pixels, 1 to 16,384.
    package var width: Int
    package var height: Int

    private static let maximumSide = 16_384

    /// None for what is no whole picture in PNG, JPEG or WebP.
    package init?(_ bytes: [UInt8]) {
        let found = bytes.withView { view in Self.png(view) ?? Self.jpeg(view) ?? Self.webP(view) }
        guard let found, (1...Self.maximumSide).contains(found.width), (1...Self.maximumSide).contains(found.height) else {
            return nil
        }
        self = found
    }

    private init(_ kind: StoredName.Kind, _ width: Int, _ height: Int) {
        self.kind = kind
        self.width = width
        self.height = height
    }

    private static func big(_ view: ByteView, _ start: Int, _ count: Int) -> Int {
        extent(0, count).reduce(0) { $0 << 8 | Int(view[start + $1]) }
    }

    private static func little(_ view: ByteView, _ start: Int, _ count: Int) -> Int {
        extent(0, count).reversed().reduce(0) { $0 << 8 | Int(view[start + $1]) }
    }

    private static func text(_ view: ByteView, _ start: Int) -> String {
        String(decoding: view.slice(start, start + 4).contents, as: UTF8.self)
    }

    /// PNG (ISO/IEC 15948): a signature, then chunks of length, name, content and checksum, from IHDR to IEND.
    private static func png(_ view: ByteView) -> Picture? {
        guard view.count > 45, isPNG(view), text(view, 12) == "IHDR", big(view, 8, 4) == 13 else { return nil }
        var offset = 8
        var hasContent = false
        while offset + 12 <= view.count {
            let length = big(view, offset, 4)
            let name = text(view, offset + 4)
            if name == "IEND" { return hasContent ? Picture(.png, big(view, 16, 4), big(view, 20, 4)) : nil }
            if name == "IDAT" { hasContent = true }
            offset += 12 + length
        }
        return nil
    }

    private static func isPNG(_ view: ByteView) -> Bool {
        zip(0..., [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] as [UInt8]).allSatisfy { view[$0] == $1 }
    }

    /// JPEG (ITU-T T.81 annex B): segments to the frame's header (SOF), then the scan and an end (EOI).
    private static func jpeg(_ view: ByteView) -> Picture? {
        guard view.count > 20, view[0] == 0xFF, view[1] == 0xD8 else { return nil }
        var offset = 2
        var size: (Int, Int)?
        while offset + 4 <= view.count {
            guard view[offset] == 0xFF else { return nil }
            let marker = view[offset + 1]
            if marker == 0xFF {
                offset += 1
                continue
            }
            let length = big(view, offset + 2, 2)
            guard length >= 2 else { return nil }
            // C4, C8 and CC are tables, the other Cx frames.
            if (0xC0...0xCF).contains(marker), ![0xC4, 0xC8, 0xCC].contains(marker) {
                size = (big(view, offset + 7, 2), big(view, offset + 5, 2))
            }
            offset += 2 + length
            // The scan has no length; the end is looked for from behind, as cameras append to their pictures.
            guard marker == 0xDA else { continue }
            guard let (width, height) = size else { return nil }
            var end = view.count - 2
            while end >= offset {
                if view[end] == 0xFF, view[end + 1] == 0xD9 { return Picture(.jpeg, width, height) }
                end -= 1
            }
            return nil
        }
        return nil
    }

    /// WebP (RFC 9649): a RIFF container whose first chunk says how large the picture is.
    private static func webP(_ view: ByteView) -> Picture? {
        guard view.count >= 30, text(view, 0) == "RIFF", text(view, 8) == "WEBP" else { return nil }
        let size = little(view, 4, 4) + 8
        guard size <= view.count, little(view, 16, 4) + 20 <= view.count else { return nil }
        switch text(view, 12) {
        case "VP8 ":
            guard view[23] == 0x9D, view[24] == 0x01, view[25] == 0x2A else { return nil }
            return Picture(.webp, little(view, 26, 2) & 0x3FFF, little(view, 28, 2) & 0x3FFF)
        case "VP8L":
            guard view[20] == 0x2F else { return nil }
            let bits = little(view, 21, 4)
            return Picture(.webp, (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
        case "VP8X": return Picture(.webp, little(view, 24, 3) + 1, little(view, 27, 3) + 1)
        default: return nil
        }
    }
}
