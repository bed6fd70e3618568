import TwinSupport

/// A character set by one of the names that documents call it (WHATWG Encoding Standard, section 4.2): several names mean a larger
/// set than they say, because that is what is written under them.
package struct CharacterSet: Sendable, Equatable {
    /// How bytes of the set become text.
    package enum Decoder: Sendable, Equatable {
        case utf8
        case windows1252
        case utf16(bigEndian: Bool)
        /// By the C library, under this name.
        case iconv(String)
    }

    /// The name that people know it by.
    package var name: String
    package var decoder: Decoder

    /// None for a name that no set has. A name that the standard does not list is left to the C library.
    package init?(_ label: String) {
        let label = label.trimmedText.lowercased().filter { $0 != "\"" && $0 != "'" }
        guard !label.isEmpty, label.utf8.count < 40,
            label.utf8.allSatisfy({ $0.isAlphanumeric || $0 == 0x2D || $0 == 0x5F || $0 == 0x3A || $0 == 0x2E })
        else { return nil }
        name = label
        if let known = Self.labels[label] {
            decoder = known
        } else if let number = Self.number(label, after: ["iso-8859-", "iso8859-", "iso_8859-", "iso8859", "iso88590"]) {
            decoder = .iconv("ISO-8859-\(number)")
        } else if let number = Self.number(label, after: ["windows-", "x-cp", "cp"]) {
            decoder = .iconv("CP\(number)")
        } else {
            decoder = .iconv(label)
        }
    }

    private static func number(_ label: String, after prefixes: [String]) -> Int? {
        for prefix in prefixes where label.hasPrefix(prefix) {
            if let number = Int(label.dropFirst(prefix.utf8.count)) { return number }
        }
        return nil
    }

    /// Sets in which ASCII bytes do not mean ASCII, so that bytes which look like plain ASCII may still need decoding.
    var isStateful: Bool {
        guard case .iconv(let name) = decoder else { return false }
        return name.hasPrefix("ISO-2022") || name.hasPrefix("UTF-7") || name == "HZ"
    }

    private static let labels: [String: Decoder] = {
        let table: [(Decoder, String)] = [
            (.utf8, "utf-8 utf8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8"),
            (
                .windows1252,
                "windows-1252 cp1252 x-cp1252 iso-8859-1 iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 latin1 l1 cp819 ibm819 ascii us-ascii ansi_x3.4-1968 iso-ir-100 csisolatin1"
            ),
            (.utf16(bigEndian: false), "utf-16 utf-16le utf16 utf16le unicode ucs-2 iso-10646-ucs-2 csunicode unicodefeff"),
            (.utf16(bigEndian: true), "utf-16be utf16be unicodefffe"),
            (
                .iconv("GB18030"),
                "gb2312 gbk gb18030 gb_2312 gb_2312-80 gb2312-80 chinese csgb2312 csiso58gb231280 iso-ir-58 x-gbk cp936 windows-936 ms936"
            ),
            (.iconv("BIG5-HKSCS"), "big5 big5-hkscs cn-big5 csbig5 x-x-big5 cp950 windows-950"),
            (.iconv("CP932"), "shift_jis shift-jis sjis x-sjis ms_kanji csshiftjis ms932 windows-31j windows-932 cp932"),
            (.iconv("EUC-JP-MS"), "euc-jp eucjp x-euc-jp cseucpkdfmtjapanese"),
            (.iconv("ISO-2022-JP-3"), "iso-2022-jp iso2022jp csiso2022jp iso-2022-jp-1 iso-2022-jp-2 iso-2022-jp-3"),
            (
                .iconv("UHC"),
                "euc-kr euckr cseuckr korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 csksc56011987 iso-ir-149 windows-949 cp949 uhc"
            ),
            (.iconv("ISO-2022-KR"), "iso-2022-kr csiso2022kr"), (.iconv("HZ"), "hz-gb-2312 hz"),
            (.iconv("UTF-7"), "utf-7 unicode-1-1-utf-7"),
            (
                .iconv("CP1254"),
                "iso-8859-9 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 latin5 l5 iso-ir-148 csisolatin5 windows-1254 cp1254 x-cp1254"
            ),
            (.iconv("CP874"), "iso-8859-11 iso8859-11 iso885911 tis-620 dos-874 windows-874 cp874"),
            (.iconv("ISO-8859-2"), "latin2 l2 csisolatin2 iso-ir-101"), (.iconv("ISO-8859-3"), "latin3 l3 csisolatin3"),
            (.iconv("ISO-8859-4"), "latin4 l4 csisolatin4"), (.iconv("ISO-8859-10"), "latin6 l6 csisolatin6"),
            (.iconv("ISO-8859-15"), "latin9 l9 csisolatin9 latin-9"), (.iconv("ISO-8859-5"), "cyrillic csisolatincyrillic"),
            (.iconv("ISO-8859-6"), "arabic csisolatinarabic asmo-708 ecma-114 iso-8859-6-e iso-8859-6-i"),
            (.iconv("ISO-8859-7"), "greek greek8 csisolatingreek ecma-118 elot_928 sun_eu_greek"),
            (.iconv("ISO-8859-8"), "hebrew csisolatinhebrew visual iso-8859-8-e iso-8859-8-i logical"),
            (.iconv("KOI8-R"), "koi8-r koi koi8 koi8_r cskoi8r"), (.iconv("KOI8-U"), "koi8-u koi8-ru"),
            (.iconv("CP866"), "ibm866 866 cp866 csibm866"), (.iconv("MACINTOSH"), "macintosh mac x-mac-roman csmacintosh"),
            (.iconv("MAC-CYRILLIC"), "x-mac-cyrillic x-mac-ukrainian"), (.iconv("UTF-32"), "utf-32 utf32"),
        ]
        var result: [String: Decoder] = [:]
        for (decoder, names) in table { for name in names.split(separator: " ") { result[String(name)] = decoder } }
        return result
    }()

    /// What a page, a feed or a part of a book says of itself in its first bytes: `<?xml encoding=…?>` or `<meta charset=…>`.
    static func declared(in bytes: [UInt8]) -> String? {
        bytes.withView { view in
            let head = view[0..<2048]
            let start = view.hasPrefix("\u{FEFF}") ? 3 : 0
            if view.hasPrefix("<?xml", at: start), let end = view.first(UInt8(ascii: ">"), from: start, to: start + 200) {
                let tag = HTMLTag(name: "xml", isEnd: false, attributes: extent(start + 5, end), end: end)
                if let name = tag.attribute("encoding", in: view)?.nonBlank { return name }
            }
            var index = 0
            while let open = head.firstIgnoringCase("<meta", from: index) {
                index = open + 5
                guard let tag = HTMLTag.read(head, at: open) else { continue }
                if let name = tag.attribute("charset", in: head)?.nonBlank { return name }
                if let content = tag.attribute("content", in: head), let name = MediaTypeParameters.value("charset", of: content)
                {
                    return name
                }
            }
            return nil
        }
    }
}
