/// What a Unicode scalar is to the tokenizer, and what it is folded to: lower case, without diacritics, wide and
/// ligature forms resolved. ASCII never comes here.
///
/// Scalars below U+2100 are looked up in tables that are built on first use; the others are asked for their properties.
enum CharacterFolding: Sendable {
    enum Kind: Sendable {
        /// Ends a word.
        case separator
        /// Belongs to the word and leaves no trace in its term: a combining accent, a soft hyphen.
        case ignorable
        /// Part of a script written without spaces, indexed by pairs.
        case bigram
        /// Folds to this scalar.
        case letter(Unicode.Scalar)
        /// Folds to several letters, such as `ß`.
        case letters(StaticString)
    }

    /// The Latin letters by themselves: a process that sees a question or two needs no others, and those take a millisecond.
    private static let latin = Table(0x80..<0x250)
    private static let others = Table(0x250..<0x2100)

    private struct Table {
        let first: UInt32
        let kinds: [Kind]

        init(_ values: Range<UInt32>) {
            var bases: [Unicode.Scalar: Unicode.Scalar] = [:]
            for (base, variants) in CharacterFolding.diacritics {
                for variant in variants.unicodeScalars where values.contains(variant.value) { bases[variant] = base }
            }
            for (variant, base) in CharacterFolding.otherForms { bases[variant] = base }
            first = values.lowerBound
            kinds = values.map { value in
                Unicode.Scalar(value).map { CharacterFolding.kind(of: $0, bases: bases) } ?? .separator
            }
        }

        subscript(value: UInt32) -> Kind { kinds[Int(value - first)] }
    }

    static func kind(of scalar: Unicode.Scalar) -> Kind {
        switch scalar.value {
        case 0..<0x80: return .separator
        case 0x80..<0x250: return latin[scalar.value]
        case 0x250..<0x2100: return others[scalar.value]
        default: break
        }
        if isBigramScript(scalar.value) { return .bigram }
        switch scalar.value {
        case 0xFF10...0xFF19: return letter(0x30 + scalar.value - 0xFF10)
        case 0xFF21...0xFF3A: return letter(0x61 + scalar.value - 0xFF21)
        case 0xFF41...0xFF5A: return letter(0x61 + scalar.value - 0xFF41)
        case 0xFB00: return .letters("ff")
        case 0xFB01: return .letters("fi")
        case 0xFB02: return .letters("fl")
        case 0xFB03: return .letters("ffi")
        case 0xFB04: return .letters("ffl")
        case 0xFB05, 0xFB06: return .letters("st")
        case 0xFE00...0xFE0F, 0xFEFF: return .ignorable
        default: return kind(of: scalar, bases: [:])
        }
    }

    private static func letter(_ value: UInt32) -> Kind { Unicode.Scalar(value).map { .letter($0) } ?? .separator }

    private static func kind(of scalar: Unicode.Scalar, bases: [Unicode.Scalar: Unicode.Scalar]) -> Kind {
        if isBigramScript(scalar.value) { return .bigram }
        if let letters = letters[scalar] { return .letters(letters) }
        switch scalar.value {
        // Soft hyphen, zero-width spaces and joiners, marks of direction, Arabic tatweel and vowel signs, Hebrew points, combining
        // diacritics.
        case 0xAD, 0x61C, 0x200B...0x200F, 0x202A...0x202E, 0x2060, 0x2066...0x2069, 0x640, 0x64B...0x65F, 0x670, 0x591...0x5BD,
            0x5BF, 0x5C1, 0x5C2, 0x5C4, 0x5C5,
            0x300...0x36F, 0x483...0x487:
            return .ignorable
        default: break
        }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .titlecaseLetter:
            // The scalars after the first are combining marks (U+0130 becomes `i` and a dot above).
            guard let lower = scalar.properties.lowercaseMapping.unicodeScalars.first else { return .letter(scalar) }
            if let letters = letters[lower] { return .letters(letters) }
            return .letter(bases[lower] ?? lower)
        case .lowercaseLetter, .otherLetter, .modifierLetter, .letterNumber: return .letter(bases[scalar] ?? scalar)
        case .decimalNumber:
            guard let value = scalar.properties.numericValue, value >= 0, value <= 9 else { return .letter(scalar) }
            return letter(0x30 + UInt32(value))
        // Vowel signs of the Indic scripts are part of the spelling.
        case .nonspacingMark, .spacingMark, .enclosingMark: return .letter(scalar)
        default: return .separator
        }
    }

    /// Han, kana, Hangul, and the scripts of South-East Asia that do not separate words.
    private static func isBigramScript(_ value: UInt32) -> Bool {
        switch value {
        case 0xE01...0xE3A, 0xE40...0xE4E, 0xE81...0xECD, 0x1000...0x103F, 0x1050...0x108F, 0x1100...0x11FF,
            0x1780...0x17D3, 0x2E80...0x2FD5, 0x3005...0x3007, 0x3031...0x3035, 0x3041...0x3096, 0x309D...0x309F,
            0x30A1...0x30FA, 0x30FC...0x30FF, 0x3105...0x312F, 0x3131...0x318E, 0x31A0...0x31BF, 0x31F0...0x31FF,
            0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA960...0xA97C, 0xAC00...0xD7FB, 0xF900...0xFAFF, 0xFF66...0xFFDC,
            0x1B000...0x1B16F, 0x20000...0x323AF:
            true
        default: false
        }
    }

    private static let letters: [Unicode.Scalar: StaticString] = [
        "ß": "ss", "æ": "ae", "ǽ": "ae", "ǣ": "ae", "œ": "oe", "þ": "th", "ĳ": "ij", "ǆ": "dz", "ǉ": "lj", "ǌ": "nj", "ŉ": "n",
    ]

    /// Letters that are variants of another without being a base letter and a mark.
    private static let otherForms: [Unicode.Scalar: Unicode.Scalar] = [
        "ø": "o", "ǿ": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ŧ": "t", "ƀ": "b", "ɨ": "i", "ſ": "s", "ς": "σ",
        "ª": "a", "º": "o", "ϐ": "β", "ϑ": "θ", "ϕ": "φ", "ϖ": "π", "ϰ": "κ", "ϱ": "ρ", "µ": "μ",
    ]

    /// Each base letter with the letters that decompose to it and combining marks (UnicodeData.txt, fields 0 and 5).
    private static let diacritics: [(Unicode.Scalar, String)] = [
        ("a", "àáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặ"), ("b", "ḃḅḇ"), ("c", "çćĉċčḉ"), ("d", "ďḋḍḏḑḓ"),
        ("e", "èéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ"), ("f", "ḟ"), ("g", "ĝğġģǧǵḡ"), ("h", "ĥȟḣḥḧḩḫẖ"), ("i", "ìíîïĩīĭįǐȉȋḭḯỉị"),
        ("j", "ĵǰ"), ("k", "ķǩḱḳḵ"), ("l", "ĺļľḷḹḻḽ"), ("m", "ḿṁṃ"), ("n", "ñńņňǹṅṇṉṋ"),
        ("o", "òóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ"), ("p", "ṕṗ"), ("r", "ŕŗřȑȓṙṛṝṟ"), ("s", "śŝşšșṡṣṥṧṩẛ"), ("t", "ţťțṫṭṯṱẗ"),
        ("u", "ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự"), ("v", "ṽṿ"), ("w", "ŵẁẃẅẇẉẘ"), ("x", "ẋẍ"), ("y", "ýÿŷȳẏẙỳỵỷỹ"),
        ("z", "źżžẑẓẕ"), ("α", "άἀἁἂἃἄἅἆἇὰάᾀᾁᾂᾃᾄᾅᾆᾇᾰᾱᾲᾳᾴᾶᾷ"), ("ε", "έἐἑἒἓἔἕὲέ"), ("η", "ήἠἡἢἣἤἥἦἧὴήᾐᾑᾒᾓᾔᾕᾖᾗῂῃῄῆῇ"),
        ("ι", "ΐίϊἰἱἲἳἴἵἶἷὶίῐῑῒΐῖῗ"), ("ο", "όὀὁὂὃὄὅὸό"), ("ρ", "ῤῥ"), ("υ", "ΰϋύὐὑὒὓὔὕὖὗὺύῠῡῢΰῦῧ"),
        ("ω", "ώὠὡὢὣὤὥὦὧὼώᾠᾡᾢᾣᾤᾥᾦᾧῲῳῴῶῷ"), ("а", "ӑӓ"), ("г", "ѓ"), ("е", "ѐёӗ"), ("ж", "ӂӝ"), ("з", "ӟ"), ("и", "ѝӣӥ"),
        ("к", "ќ"), ("о", "ӧ"), ("у", "ӯӱӳ"), ("ч", "ӵ"), ("ы", "ӹ"), ("э", "ӭ"), ("ә", "ӛ"), ("ө", "ӫ"),
    ]
}
