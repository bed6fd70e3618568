/// The names that LaTeX gives to sections, signs and accents, and commands without text of their own.
enum LaTeXNames {
    static let sections: [String: Int] = [
        "part": 1, "chapter": 1, "section": 2, "subsection": 3, "subsubsection": 4, "paragraph": 5, "subparagraph": 6,
        "frametitle": 2,
    ]
    /// Commands whose arguments are no text, by how many they have.
    static let silent: [String: Int] = [
        "label": 1, "vspace": 1, "hspace": 1, "includegraphics": 1, "usepackage": 1, "documentclass": 1, "bibliographystyle": 1,
        "setlength": 2,
        "setcounter": 2, "addtocounter": 2, "pagestyle": 1, "thispagestyle": 1, "newcommand": 2, "renewcommand": 2,
        "providecommand": 2,
        "newenvironment": 3, "hypersetup": 1, "index": 1, "pagenumbering": 1, "color": 1, "definecolor": 3, "graphicspath": 1,
        "def": 1,
        "cline": 1, "cmidrule": 1, "addcontentsline": 3, "fontsize": 2, "nocite": 1, "theoremstyle": 1, "newtheorem": 2,
        "DeclareMathOperator": 2,
    ]
    static let signs: [String: String] = [
        "\\": "\n", "&": "&", "%": "%", "$": "$", "#": "#", "_": "_", "{": "{", "}": "}", ",": " ", ";": " ", " ": " ", "/": "",
        "-": "", "@": "",
        "ss": "\u{DF}", "ae": "\u{E6}", "oe": "\u{153}", "o": "\u{F8}", "O": "\u{D8}", "aa": "\u{E5}", "AA": "\u{C5}",
        "l": "\u{142}", "L": "\u{141}",
        "ldots": "\u{2026}", "dots": "\u{2026}", "textendash": "\u{2013}", "textemdash": "\u{2014}", "euro": "\u{20AC}",
        "texteuro": "\u{20AC}",
        "pounds": "\u{A3}", "S": "\u{A7}", "copyright": "\u{A9}", "degree": "\u{B0}", "textdegree": "\u{B0}", "LaTeX": "LaTeX",
        "TeX": "TeX",
        "textbackslash": "\\", "textasciitilde": "~", "quad": " ", "qquad": " ", "times": "\u{D7}", "today": "", "par": "",
    ]
    static let accents: [String: Unicode.Scalar] = [
        "'": "\u{301}", "`": "\u{300}", "^": "\u{302}", "\"": "\u{308}", "~": "\u{303}", "=": "\u{304}", ".": "\u{307}",
        "u": "\u{306}", "v": "\u{30C}",
        "H": "\u{30B}", "c": "\u{327}", "k": "\u{328}", "r": "\u{30A}", "d": "\u{323}",
    ]
}

/// Letters with accents as one character each, for those that Latin has.
enum Precomposed {
    private static let table: [String: String] = {
        var result: [String: String] = [:]
        for value in UInt32(0xC0)...0x17F {
            guard let scalar = Unicode.Scalar(value) else { continue }
            // Swift compares strings by canonical equivalence, which is what finds one by the other here.
            let one = String(scalar)
            result[one] = one
        }
        return result
    }()

    static func text(_ decomposed: String) -> String { table[decomposed] ?? decomposed }
}
