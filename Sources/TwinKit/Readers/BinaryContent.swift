import TwinSupport

/// Bytes that are no text: what they are, in words for the source's log.
enum BinaryContent {
    private static let signatures: [(bytes: [UInt8], name: String)] = [
        ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A], "a PNG image; twin reads text, not pictures"),
        ([0xFF, 0xD8, 0xFF], "a JPEG image; twin reads text, not pictures"),
        (Array("GIF8".utf8), "a GIF image; twin reads text, not pictures"),
        (Array("BM".utf8) + [], "a bitmap image; twin reads text, not pictures"),
        ([0x49, 0x49, 0x2A, 0x00], "a TIFF image; twin reads text, not pictures"),
        ([0x4D, 0x4D, 0x00, 0x2A], "a TIFF image; twin reads text, not pictures"),
        ([0x00, 0x00, 0x01, 0x00], "an icon; twin reads text, not pictures"),
        ([0x7F, 0x45, 0x4C, 0x46], "a program (ELF); twin reads documents"),
        ([0x4D, 0x5A, 0x90, 0x00], "a Windows program; twin reads documents"),
        ([0xCA, 0xFE, 0xBA, 0xBE], "compiled code; twin reads documents"),
        ([0x00, 0x61, 0x73, 0x6D], "a WebAssembly module; twin reads documents"),
        (Array("!<arch>".utf8), "a library or package archive; unpack it first"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "an xz archive; unpack it first with unxz"),
        ([0x28, 0xB5, 0x2F, 0xFD], "a Zstandard archive; unpack it first with unzstd"),
        (Array("BZh".utf8), "a bzip2 archive; unpack it first with bunzip2"),
        ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "a 7-Zip archive; unpack it first"),
        (Array("Rar!".utf8), "a RAR archive; unpack it first"),
        (Array("SQLite format 3".utf8), "an SQLite database; export it as CSV or JSON first"),
        (Array("OggS".utf8), "an Ogg recording"),
        (Array("fLaC".utf8), "a FLAC recording"),
        (Array("ID3".utf8), "an MP3 recording"),
        ([0xFF, 0xFB], "an MP3 recording"),
        ([0x1A, 0x45, 0xDF, 0xA3], "a Matroska or WebM video"),
        (Array("wOFF".utf8), "a font"), (Array("wOF2".utf8), "a font"), ([0x00, 0x01, 0x00, 0x00, 0x00], "a font"),
        (Array("OTTO".utf8), "a font"),
        (Array("%!PS".utf8), "PostScript; convert it first with ps2pdf"),
        ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1], "a file of an Office program that twin does not know"),
        ([0x1F, 0x9D], "a file packed with compress; unpack it first with uncompress"),
        ([0xDE, 0x12, 0x04, 0x95], "a translation catalogue (gettext)"),
        ([0x95, 0x04, 0x12, 0xDE], "a translation catalogue (gettext)"),
    ]

    /// What the bytes are when they begin like a known binary kind of file.
    static func kind(_ view: ByteView) -> String? {
        for signature in signatures where view.count > signature.bytes.count {
            guard signature.bytes.indices.allSatisfy({ view[$0] == signature.bytes[$0] }) else { continue }
            // Two letters prove little: a bitmap also has zeros where its reserved fields are.
            if signature.bytes.count == 2, signature.bytes[0] == 0x42, view[6] != 0 || view[7] != 0 { continue }
            return signature.name
        }
        if view.hasPrefix("RIFF") {
            return view.hasPrefix("WEBP", at: 8)
                ? "a WebP image; twin reads text, not pictures" : "a recording"
        }
        if view.hasPrefix("ftyp", at: 4) { return "a video or recording (MP4)" }
        if view.hasPrefix("PK\u{3}\u{4}") || view.hasPrefix("PK\u{5}\u{6}") {
            return "a program or another archive that holds no documents"
        }
        if view.hasPrefix("ustar", at: 257) { return "a tar archive; unpack it first" }
        return nil
    }

    /// How many bytes of a text are zero where that is an accident: a few among many others. 0 for UTF-16 and for what is no text.
    static func strayZeros(_ view: ByteView) -> Int {
        guard let first = view.first(0, from: 0) else { return 0 }
        let isMarked = view[0] >= 0xFE && view[1] >= 0xFE || first < 4 && view[3] >= 0xFE
        if isMarked || TextDecoding.utf16ByLooks(view) != nil { return 0 }
        let count = view.contents.count { $0 == 0 }
        return count * 20 <= view.count ? count : 0
    }

    /// Why the bytes are no text, judged from the first 64 KiB; none when they look like text. A few zeros make no file binary whose name
    /// says that it is text.
    static func reason(_ view: ByteView, isNamedText: Bool = false) -> String? {
        if let kind = kind(view) { return kind }
        let isUTF16 = view[0] == 0xFF && view[1] == 0xFE || view[0] == 0xFE && view[1] == 0xFF
        if isUTF16 || (view[0] == 0 && view[1] == 0 && view[2] == 0xFE && view[3] == 0xFF) { return nil }
        if TextDecoding.utf16ByLooks(view) != nil { return nil }
        let sample = view[0..<65_536]
        var controls = 0
        let hasStrayZeros = isNamedText && strayZeros(sample) > 0
        for byte in sample.contents {
            if byte == 0, !hasStrayZeros { return "binary data (it holds NUL bytes); twin reads documents" }
            if byte < 0x20, !byte.isSpace, byte != 0x1B, byte != 0x08, byte != 0x1F { controls += 1 }
        }
        return controls * 20 > sample.count ? "binary data (it holds many control characters); twin reads documents" : nil
    }
}
