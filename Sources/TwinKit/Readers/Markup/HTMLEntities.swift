import TwinSupport

/// Character references (HTML Living Standard, section 13.5): numbers, and the names that HTML 4 defined with the
/// newer ones that pages use.
package enum HTMLEntities {
    /// Decodes the reference that starts with `&` at `index` and appends its UTF-8. Gives its length in bytes, or 0
    /// with nothing appended when there is none.
    static func decode(_ text: ByteView, at index: Int, into output: inout [UInt8]) -> Int {
        if text[index + 1] == UInt8(ascii: "#") { return decodeNumber(text, at: index, into: &output) }
        var end = index + 1
        while text[end].isAlphanumeric, end - index < 32 { end += 1 }
        guard end > index + 2 else { return 0 }
        let name = text.slice(index + 1, end)
        if text[end] == UInt8(ascii: ";") {
            guard let scalar = scalars[name.string] else { return 0 }
            append(scalar, to: &output)
            return end + 1 - index
        }
        // Old pages leave the semicolon out; only the names that browsers accept so, and only as whole words.
        switch name.string {
        case "amp": output.append(UInt8(ascii: "&"))
        case "lt": output.append(UInt8(ascii: "<"))
        case "gt": output.append(UInt8(ascii: ">"))
        case "quot": output.append(UInt8(ascii: "\""))
        case "nbsp": output.append(0x20)
        case "copy": append(0xA9, to: &output)
        default: return 0
        }
        return end - index
    }

    private static func decodeNumber(_ text: ByteView, at index: Int, into output: inout [UInt8]) -> Int {
        var place = index + 2
        let isHex = text[place] | 0x20 == UInt8(ascii: "x")
        if isHex { place += 1 }
        let start = place
        var value: UInt32 = 0
        while let digit = text[place].hexValue, isHex || digit < 10 {
            value = min(value * (isHex ? 16 : 10) + UInt32(digit), 0x110000)
            place += 1
        }
        guard place > start else { return 0 }
        append(value >= 0x80 && value < 0xA0 ? TextDecoding.windows1252Scalar(UInt8(value)) : value, to: &output)
        return (text[place] == UInt8(ascii: ";") ? place + 1 : place) - index
    }

    /// A no-break space becomes a space, a soft hyphen and characters without width go, controls become a space.
    private static func append(_ value: UInt32, to output: inout [UInt8]) {
        switch value {
        case 0x09, 0x0A, 0x0D, 0xA0, 0x2002, 0x2003, 0x2009: output.append(0x20)
        case 0xAD, 0x200B, 0x2060, 0xFEFF: break
        case 0..<0x20, 0x7F..<0xA0: output.append(0x20)
        default: TextDecoding.append(value, to: &output)
        }
    }

    /// All references of a short text decoded.
    package static func decoded(_ text: ByteView) -> String {
        var output: [UInt8] = []
        var index = 0
        while let ampersand = text.first(UInt8(ascii: "&"), from: index) {
            output.append(text.slice(index, ampersand))
            let length = decode(text, at: ampersand, into: &output)
            if length == 0 { output.append(UInt8(ascii: "&")) }
            index = ampersand + max(length, 1)
        }
        output.append(text.slice(index, text.count))
        return output.string
    }

    /// U+00A0 to U+00FF in order.
    private static let latin = """
        nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para \
        middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute \
        Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml \
        Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth \
        ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml
        """

    /// Names with their scalar in hexadecimal.
    private static let others = """
        quot 22 amp 26 lt 3C gt 3E apos 27 QUOT 22 AMP 26 LT 3C GT 3E COPY A9 REG AE OElig 152 oelig 153 Scaron 160 scaron 161 \
        Yuml 178 fnof 192 circ 2C6 tilde 2DC Alpha 391 Beta 392 Gamma 393 Delta 394 Epsilon 395 Zeta 396 Eta 397 Theta 398 Iota 399 \
        Kappa 39A Lambda 39B Mu 39C Nu 39D Xi 39E Omicron 39F Pi 3A0 Rho 3A1 Sigma 3A3 Tau 3A4 Upsilon 3A5 Phi 3A6 Chi 3A7 Psi 3A8 \
        Omega 3A9 alpha 3B1 beta 3B2 gamma 3B3 delta 3B4 epsilon 3B5 zeta 3B6 eta 3B7 theta 3B8 iota 3B9 kappa 3BA lambda 3BB mu 3BC \
        nu 3BD xi 3BE omicron 3BF pi 3C0 rho 3C1 sigmaf 3C2 sigma 3C3 tau 3C4 upsilon 3C5 phi 3C6 chi 3C7 psi 3C8 omega 3C9 \
        thetasym 3D1 upsih 3D2 piv 3D6 ensp 2002 emsp 2003 thinsp 2009 zwnj 200C zwj 200D lrm 200E rlm 200F ndash 2013 mdash 2014 \
        lsquo 2018 rsquo 2019 sbquo 201A ldquo 201C rdquo 201D bdquo 201E dagger 2020 Dagger 2021 bull 2022 hellip 2026 permil 2030 \
        prime 2032 Prime 2033 lsaquo 2039 rsaquo 203A oline 203E frasl 2044 euro 20AC image 2111 weierp 2118 real 211C trade 2122 \
        alefsym 2135 larr 2190 uarr 2191 rarr 2192 darr 2193 harr 2194 crarr 21B5 lArr 21D0 uArr 21D1 rArr 21D2 dArr 21D3 hArr 21D4 \
        forall 2200 part 2202 exist 2203 empty 2205 nabla 2207 isin 2208 notin 2209 ni 220B prod 220F sum 2211 minus 2212 \
        lowast 2217 radic 221A prop 221D infin 221E ang 2220 and 2227 or 2228 cap 2229 cup 222A int 222B there4 2234 sim 223C \
        cong 2245 asymp 2248 ne 2260 equiv 2261 le 2264 ge 2265 sub 2282 sup 2283 nsub 2284 sube 2286 supe 2287 oplus 2295 \
        otimes 2297 perp 22A5 sdot 22C5 lceil 2308 rceil 2309 lfloor 230A rfloor 230B lang 27E8 rang 27E9 loz 25CA spades 2660 \
        clubs 2663 hearts 2665 diams 2666 Tab 9 NewLine A excl 21 num 23 dollar 24 percnt 25 lpar 28 rpar 29 ast 2A plus 2B comma 2C \
        period 2E sol 2F colon 3A semi 3B equals 3D quest 3F commat 40 lbrack 5B lsqb 5B bsol 5C rbrack 5D rsqb 5D Hat 5E \
        lowbar 5F grave 60 lbrace 7B lcub 7B verbar 7C vert 7C rbrace 7D rcub 7D hyphen 2010 dash 2010 horbar 2015 Vert 2016 \
        mldr 2026 nldr 2025 bullet 2022 numsp 2007 puncsp 2008 hairsp 200A check 2713 checkmark 2713 cross 2717 star 2606 starf 2605 \
        phone 260E female 2640 male 2642 sung 266A flat 266D natural 266E sharp 266F malt 2720 copysr 2117 numero 2116 deg B0 \
        Amacr 100 amacr 101 Abreve 102 abreve 103 Aogon 104 aogon 105 Cacute 106 cacute 107 Ccaron 10C ccaron 10D Dcaron 10E \
        dcaron 10F Dstrok 110 dstrok 111 Emacr 112 emacr 113 Eogon 118 eogon 119 Ecaron 11A ecaron 11B Gbreve 11E gbreve 11F \
        Imacr 12A imacr 12B Idot 130 imath 131 inodot 131 Lcaron 13D lcaron 13E Lstrok 141 lstrok 142 Nacute 143 nacute 144 \
        Ncaron 147 ncaron 148 Omacr 14C omacr 14D Odblac 150 odblac 151 Rcaron 158 rcaron 159 Sacute 15A sacute 15B Scedil 15E \
        scedil 15F Tcaron 164 tcaron 165 Umacr 16A umacr 16B Uring 16E uring 16F Udblac 170 udblac 171 Zacute 179 zacute 17A Zdot 17B \
        zdot 17C Zcaron 17D zcaron 17E frac13 2153 frac23 2154 frac15 2155 frac18 215B frac38 215C frac58 215D frac78 215E half BD \
        rightarrow 2192 leftarrow 2190 uparrow 2191 downarrow 2193 leq 2264 geq 2265 approx 2248 ap 2248 plus 2B pm B1 div F7 \
        blank 2423 block 2588 blk14 2591 squ 25A1 square 25A1 squf 25AA utri 25B5 utrif 25B4 rtri 25B9 rtrif 25B8 dtri 25BF \
        dtrif 25BE ltri 25C3 ltrif 25C2 cir 25CB fflig FB00 filig FB01 fllig FB02 ffilig FB03 ffllig FB04 hbar 210F ell 2113 \
        ohm 3A9 mho 2127 angst C5 ZeroWidthSpace 200B NoBreak 2060 NonBreakingSpace A0 ldquor 201E rdquor 201D lsquor 201A rsquor 2019 \
        varepsilon 3F5 vartheta 3D1 varphi 3D5 Longrightarrow 27F9 longrightarrow 27F6 rarrw 219D map 21A6 mapsto 21A6 nearr 2197 \
        searr 2198 swarr 2199 nwarr 2196 setminus 2216 compfn 2218 Sqrt 221A mid 2223 parallel 2225 nmid 2224 Int 222C oint 222E \
        because 2235 thickapprox 2248 ll 226A gg 226B nless 226E ngtr 226F lsim 2272 top 22A4 bot 22A5 vdash 22A2 models 22A7
        """

    private static let scalars: [String: UInt32] = {
        var result: [String: UInt32] = [:]
        for (offset, name) in latin.split(separator: " ").enumerated() { result[String(name)] = 0xA0 + UInt32(offset) }
        let words = others.split(separator: " ")
        for index in stride(from: 0, to: words.count - 1, by: 2) {
            result[String(words[index])] = UInt32(words[index + 1], radix: 16)
        }
        return result
    }()
}
