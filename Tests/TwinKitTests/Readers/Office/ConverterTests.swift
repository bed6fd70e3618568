import Testing

@testable import TwinKit
@testable import TwinReaders
@testable import TwinSupport

/// What goes through programs that other people keep well. Each runs where its program is installed, and is skipped with its name where not.
@Suite struct ConverterTests {
    private static func has(_ tools: String...) -> Bool { tools.allSatisfy { Subprocess.find($0) != nil } }

    private func read(_ packed: String, _ name: String) throws -> ExtractedDocument {
        let bytes = Array(packed.utf8).withView { TransferEncoding.base64($0) }
        return try DocumentReaders.read(DocumentInput(name: name, bytes: bytes))
    }

    /// A workbook of Excel 97 with two sheets of three and two columns, packed with gzip.
    private static let workbook = """
        H4sIAAAAAAACA+1YTWgTQRT+ZpI0P03bpKZCK5RQsGrtpejBSxsbtT2otVbQIoJu7YDaNJE1RfSg1dqjIHhSvBR68VL14g/2oBfxIFT0IAhCq0dPgkKFtuub
        t5uYaA4NaLCy3zJv3ryZb2d235u3P6/novNTD5oW8Au64MGKFURVgU1QCeYaEVC/ZWk1VweoWC7WFIIBcmSVD09rXvm1D7W/FyBx3/ucJPCRyjGcRV8mreIV
        RJLXYAi9hk7hpdiTuEOlFo28rnqWJ1muY3mPx86y3MmW6yw7aey8OIq5RF/bDieOB2UL99WSFHjEnPds6UADXuo4vnxD2GN96DZPG6l/s6PZG8Y0yHO9Kq1M
        IzWPGLlwGt+sOPA1t1efxV17Ze0CZF8stvtL2G9KLzAO64TQgTiJMKq9useL3WPqnG5/99ntXaY6v4TDqKZWNVuQzBhZ6k0qM3vKA/QoRa0D2awyKZK7t9OI
        Q8pIkZ7sIL3PGFVUDWRSihL1C3Mxvm8sPUyWUSOrQjq1cyqIFKWCGt4gYZLDqGM9ytskQsl+6e6XN/uH+hPH2TLO6d9+SGzUVwULVzSDyLXc48nLNmZsZXmV
        z7qB9SaWMQpuqlv7GxylZ4LHXOPeVppnG+NtYlOBvpn0yc8HHzdPfkpsIX2md+FibOZdYgot9NAaJr4+JtAu2sXtWxpPErlaOOnkA8vG31JLQEactVvOk7AO
        ywixGmVpt/TdEfmWdO6VZosSbMFsjzNeMFvft0syxOkuir2zNluWYEtm+xy27Zkqhy2ZfYYm6JL1eKiHUkr8iUp4W+blWvW2LOltf5G3AwX+lSX9Gyzyr+ax
        T1DKJy5cuHDhwoULFxWAcF7SPPYnBb9Q6ldBv/NfZ5nKivub5L/FADJ0ZOmzdA/SVJu4UFb8rIdP5M4lVsnJ/S/UOEKzmxjBEK9jpOz4pVd5UXg9qyZG/twW
        Knf+lXLW+Zfn/wHnxwGzABYAAA==
        """
    /// Two lines drawn as a picture, and two such pictures as the pages of a PDF without text.
    private static let picture = """
        H4sIAAAAAAACAwHFBDr7iVBORw0KGgoAAAANSUhEUgAAAvgAAAB4AQAAAACvdru/AAAEjElEQVR42u2Yv2/bRhSAv6NYW02MhINjeGrUsUAHdyuQQcwfUMRj
        gAKGjS4dDRQdMukMdCjQpf+BhSzt1owZWuQUZG48GGiGAKG7yE3ahoGdgqLIex1ISZQjoyYjoQXKAwSRD8fvHh/fvR+nhIUOh5pf82t+za/5Nb/m1/yaP39+
        kt0EU3/nDynFHyj137GPAVCl+Mup1P7zL/MfknogHj0dfSUeRzqh+8wj9bjj0+NZk55GXLmp+ckT7rToleF/ql8fQnzIVlfux4f0u0AckBzyYpMtP37KLUP8
        B8Dr+/Bily3/Inw32zCfmc/XYLgmO5v20dMrPLkHDD2Ga6x8LDut4ZrsaoZX9h74/PUh/H5bdlol9Nf62AXXVRpFskJ3PVv7tEG4YbXvugArADSb4HlW+xfn
        C4EnEAmsWyLBB4igCUGiCCNBA8oAoc2FpfzHFIWSq0rgaJrJrAeTMv7jZD9vJNXFKRZmmrpVSv989quWO17Ay1fMVtbA3mimf9GNc3baAYXXACD/jKoLoqvv
        31521cmDfzMXKyBVLeAuDAuBMBNenN+WorZToyEhcENPvWwmLGufsYLRG6mqYcbCt4hvGggnDhQWHHc73+zV+MHZVSZTLDNMZyvG5yB71p0sFRXNF1TV359o
        3kSZ0KKBdUtrtJaZ2rNuSX4oY/2TFI7d7D4lPJVxqBE2Jq9Szn9WYwBlNCzFbB6I1cClmPVjx++C6C5LycRYjt+NyvCvXQbgpoHGKh91nWWA5VXe3VQ37wF7
        Po0rfDD69Jnwn4fMHIPRRVs68jbjnDC1NCts1/VPzT87VH0+/Jb8ZJxpyvZeI77yF6z/o7MJ5rxUVo3f/nPB+l9eMN/Ri+Urs2j/HLToHQ886On3/T0CDKnH
        nRbpHg+RZpbRj3wcXuny/O3B9/ysf3sCtwzyox+iSQ55sZv1ZvFzIP2SHw7SG/zSLfUCItKW/f6JtL97LGI78iyR/ZfSkZOB3OqLdOJO+yQReTmwnXZ/IHb/
        cYX8eLwk/qgebmSN0mkDz8t6s1MHiFWWLFutCvb3QOONttNGXqEHSVazNdHgYlhxwETl+b5p2GK/46EJJl4bFAPQPOJbYs9EqEKo0FX4LVSmoQaO/KYCb1Ix
        e7m9Bp6tpn+2v1azLosudnb3eUxDV7SPA1zz4S6IGKZPqY4U8ErpB2Hj65L8Ypm9vAk39Db6wJ22w3UBrgoGnlfU3wLchobBgkQzM5UuH2ozfitA8vOLbRQ4
        7kx/9MuHWqfoc81xH7M7NSmcdJSqiv7io5xRYpy0jPqNAjqstr8sGwk6U9EgoJqwbqdPMjwwpcuHjJ9oYmVy/dfB0AXSvOuFCA0Jpqr+37B6yifm4BTR3cTp
        wLdwKR6b5FIKvCN628RWX7j1Hcd/rkt4VUzfXBVLJ2qrx7IvEi1L50QkGMp+okReWsR8ESkr/bRE/M/7L9sR6RfE+yLSljmMQv0cFs59zLxKunPqz7kVLM7s
        wtBfAP9gxjHQ/PoX8QtV1q/vzb8/Wkyn5CzAJnX/W/Nrfs2v+TW/5tf8/zP/bw50zOW1LYhoAAAAAElFTkSuQmCC7BP/x8UEAAA=
        """
    private static let scan = """
        H4sIAAAAAAACA82XezTU6R/HtaJSKrm0KL7urdLcjDEM0yZEhTVumxgTQ+MykzEYGWxl2FiEjMga22X9KLfYXHOtGK2mRQmrMMxUaIZJDNPYUe1vO2vP+f2z
        f/y+53s+3+e8n/fn8zzP95zn9Xy/Bi6H7Ewg+00VIAAYIJ0MVkChAJBbzGk8ALLBUXChpCAA5IILwkcAUKnBFbC2VsATA1aN0DUJH30gG1IkkSK1g44QAiIA
        b/iHPPPV6PNZOmxNupfzyWC8PwUAYSJPUj4oDmHSigDIkxBAOQUgzMAA6DCeEHSKAkCg4NVxQklkzGmcv9RyCB9F8Mfbk3ExAOgggRLhgifbkMJOk4h46VQg
        AMiOEErBk6XPUBwFfwjvTwqQJh3FE4OkhSFgpOnqxCIoZDwuTIE6NPMMTeTYqcif1jB2m/si1T3PJqAqYr22jq1CriaQdnP3umH5bzJlKynq17cdqHdF0jeT
        LvqV0BUYNa36+tfGaKLnLnOOSbKXaxLrLm/YuD75acbbK+gCI+DQ99t1DiZuVNK9tzntWHTX1q0ru8szfOx/Sx3rk5QQlBZXMluS0s46Q7gNS60drqSLgq6n
        R+hI67QYOeKEbhrWP/nhJk3mo5beKVVBOH0gu6WFi4PorFQduNteC2vyCE1RfW05lvBtXfksS4w+Pql4us88THKPH6KfJFZ0MaPWnrbI3IuKyGfVG+9+FGFm
        /aN98PFRhrYwd5ebk0Sty6S5ZN/tYQ8qVcJLm9Jg/oo4DD2Sz2y6dF7tuQydbuz9pX9jXmmXkbRvWcDS4hfst3xuXmbW40/rO1+cI1geTE9oYSMUUzoXr25j
        RolH6nZotcPq8wSaKnnz9UwFZlbu8LYx3kS1rG80ynB68BQYnYaqmEt/ERpzseLaZc/ytv1L7dVVA30dwiWleE6FVw96OOHMW95IOvpoOp9CnxtEzb2OnwgY
        zqyeVHbrEAUwo5dRnXd51bLN6g9AXTD7J+kLNrROy5wtE9Vhb1gvumWCwawGeLIw4UoBOYO0PPsgUux+n67cXfNIqLjTfqrzrqAMavn8nebCzQbNBaz7Ytm9
        fVUekp8iL2zm9B8l3npsGlzFGfSaH53K5BVPD6EXg12J+jSrB9HK5XITIt0q/8jiWpTm3i1py+mYx8UjgLy1QMfJPVrVRkFbO9PCBD2Ejq2M7GdznyzVNFmZ
        8N86xPxHWQgPudHEvUMs14NPmrhiPY756T31Ie4TbzxCh0UXxwpZZ85qg6x5fnKqd+M6dt4ZYrhPYF+dMaHfMwisiuOoZUtQ0fOvuw9H6oF+vz560KPb8CwL
        N3I/bJ2Ch+dtq/ALr9ia8TFVk/WTfrinOe7tej15gqsTJnTnVAntQe2KrnC3USxsLO5b20L6NzrFOdM4BO27JgQz3Pu8eDO2nhhbP5kmEM1SHd6lL9gyeBi2
        vwxzSE20f+EhtS/Ke9mEuQkLlNn3ANazqIfxHi7qP4f3obpB9h7bOLtF+dkLx704Mb8LI4gyqfjrWTs4Y6hAP7kc5OWoiNaHFm3F9sdPWqGQktTfy27H79HW
        L+YMPonayFzK7Oj9AWMcgjxljCZrzaGC3AeYnrtBqf5cUaqsL+Os7gJKXuBkZBIU1nlFrTp9oWCI53meevN9fp9Bp1fUrCXWY4b6Lb5uz4EyeYNiLmoyZXA2
        gK20fNtxMZG2n9N8qJQoP6td2T3bQWchQ55030UH5RnicwSwuRA1sW3PbUGxnZ3TcEaGYV2q6E5+p5+c+02YHuqh8VjuxIx6Nkf315YK9pJQYg/dJe67oO1i
        nzYe05L0buzJbEzEUL4OcjqFkxTbmHuR3ZmwuOcS9OPGlu5wkJFETn5FdH0Vc5+A8gl4pp8B7xN5YODPuBMOmMLNpB4wgIACptIIBgP+YVIIAodIwDdr68H/
        kb+rkYz/wN9V7IKO4QMIuIMkKuC9WhmOhAPmplCfVXgSKVJbBGD60eeKjyBFkv2l/F6t9yeKV9sOAOwT+T/ef45v9v8EcMjfAA4hDXtsl/FT0KhxRxfZLuo1
        mB74bnmTZJOWWBnav+5EgXDDrTab2maI/3ZKqItFV9ENmeQthFyXpO9QKmFfl6w/2nuG78PXMrB3mPbQNSgivDDJCnulHGOhxT+qovsnx8exGqnctlYfUOXM
        jHEKQ1zwrnsqQ8KNuqjR6OgkcRC+MupuAWD6KYJzc21Cdol+Q6t6XfwTmOxVns2RTogVd6CwF/J2U++QU6UGsTvhrLBEsDC6UMF8r2tAARWml9q7kzy2W2l6
        W2jUbzj8Zt2u94uqbVQce9SV1IXVe5mfzXF57+i8L6FTvtptZ8EunUIVxtYanaKULFkOGKfl1kAgl3/lIOp2UMS3/IbpwJ7Tcb2fktBQSfF6emm7dgfuWJHv
        TgY6AdNsmAPp0s4Mdm2vzlYxELreKr2z/v45lfCf/drEtXIte4bPebYPFEZfcjD5+r01Fsx+gRRcswDVjolav1S13qn1ZIZ2Z7yaP8+g6YrPzRXAfrgQsG7K
        /Y0yNxOTw3L2ynJMeFzQWWOw7bFAVSj0Fi23O9eOOutxb56qe+CNoASMq6JTxw2YkwsR3L3Pxl+ytK02Mf06+i45E8RvXr5KStC3tbsWJY5WxGJ6aLOQireI
        woGZRYQWPX+LcD4Z5floWJm901vFUNT+Vuzcr2KI5PHPK4K8BgWeRnmC1Ke0GZAzTxDXLKCR8f2MphN6vdGJKx3C0tGJ0caJfQzUQkEextvQKLL5hqihRf9F
        r6lDdtNYSPnycWoybIP3XJ+jBvSHRF4t0oVz6b7XC7f0tsvLpkXIn7qFJXc0he5YYlJx5cRX5xxQU32pLL/7wpGkE4kvz9B2tGO3DKehexyuNEoKoppEjOXd
        yPl4Ea2F1uA5IkNfZK/vbf9txiSFDwM1ujvytRfrlNEV29/vwd76sUeDX6mMNlyMbZ6yzZ/O9ixsvIIYoT6zTNhyAlmdHDUuf9s2r8vp11YBzyow3owKKwDm
        h1+5fmmvx+3EDlUHP2LT0VewFsZU5g4Jj6ZyhfNOfDbQ90fv0TLOATvI5vzi7b47DmQJHaPaGPNfkSz35SXnqv3C4bVf24JsYhu0t0Rd3tlfyOthKTnFPArf
        CN2rLrLixi9O2CYOfJ9VpMx3eVcVqdV7kqXZ2yCbgUDFtQYdae7vjWsQ3BsOt/u+53UrBpOVo8gWns7jMxBKxr+ESHSPz9I7js5aT8YoKxoqTY+/JLByt/Zd
        D80/GDi8DR0tyI95to7vfRyDnEJh1yHf5DsPiGrnalhxyW0YOAr7CwKVwa8fVGdStX6ey7iqWqHoyyJzYwZwxs4i371NZ+6fwiw05b0KKZjV6O23QrCv4kf6
        +ot49jwG94FQr3wZXTXuU1oSm9LZ5IwvWywdmIife7yUlyy6cOM1zBdyA0aV6EYp4f/az9LGSrhY7oslQ+Ra2iL+ZXqb/zv0Rvxvepv9I72pZHygAhhAKoD/
        ewFmcDgMDgQCf2lI4GMP8S8Nbr5Gg0Ahf9cgMHOzNZqp2VoNLv32/psGNYev8UGRsM80ChlHCJWeBqsLxBDO4AGk9BWQSKsHxad/lAgKjkz5sEYY2MxUwcDA
        1tlO4Q+VpoJG7AwAAA==
        """

    @Test(
        .enabled(
            if: has("xls2csv") && !has("soffice") && !has("libreoffice"), "xls2csv is not installed, or LibreOffice comes first"))
    func `each sheet of an old workbook has its own names`() throws {
        let document = try read(Self.workbook, "dues.xls.gz")
        #expect(
            document.text
                == "Boat: Otter; Berth: A4; Fee: 120.5\nBoat: Seal; Berth: B1; Fee: 90\n\nName: \u{C6}r\u{F8} Lund; Role: mate\n")
        #expect(document.marks.filter { if case .part = $0.kind { true } else { false } }.count == 2)
    }

    @Test(.enabled(if: has("tesseract"), "tesseract is not installed"))
    func `the words of a picture are recognized`() throws {
        let document = try read(Self.picture, "sign.png.gz")
        #expect(document.text.contains("The harbour opens at nine"))
        #expect(document.notices.contains { $0.contains("tesseract") })
    }

    @Test(.enabled(if: has("tesseract", "pdftoppm", "pdftotext"), "tesseract or poppler-utils is not installed"))
    func `a scanned PDF keeps its pages`() throws {
        let document = try read(Self.scan, "scan.pdf.gz")
        let ferry = try #require(document.text.utf8.firstRange(of: "The ferry costs nine crowns".utf8))
        let offset = document.text.utf8.distance(from: document.text.startIndex, to: ferry.lowerBound)
        let page = document.marks.last { if case .page = $0.kind { $0.offset <= offset } else { false } }
        #expect(page?.kind == .page(2))
        #expect(document.text.contains("The harbour opens at nine"))
    }

    private static let macros = """
        \\documentclass{article}
        \\newcommand{\\price}{nine crowns}
        \\title{Ropes}\\author{Ann Lund}\\date{2024-01-05}
        \\begin{document}\\maketitle
        \\section{Hemp}
        It costs \\price\\footnote{When dry.} and lasts $10^6$ days.
        \\input{/etc/hostname}
        \\begin{tabular}{ll}Quay & Ship\\\\ \\hline \\multirow{2}{*}{North} & Ann\\\\ & Bea\\\\ \\end{tabular}
        \\begin{itemize}\\item one\\item two\\end{itemize}
        \\end{document}
        """

    @Test(.enabled(if: has("pandoc"), "pandoc is not installed"))
    func `LaTeX goes through pandoc, which runs its macros and reads no other file`() throws {
        let document = try TwinKitTests.read(Self.macros, "ropes.tex")
        #expect(
            document.text
                == "Ropes\n\nAnn Lund\n\nHemp\n\nIt costs nine crowns and lasts 10^6 days.\n\nFootnote: When dry.\n\n"
                + "Quay: North; Ship: Ann\nQuay: North; Ship: Bea\n\n- one\n- two\n")
        #expect(document.author == "Ann Lund" && document.title == "Ropes")
        #expect(document.notices.contains { $0.contains("/etc/hostname") })
    }

    @Test func `without pandoc the reader here takes LaTeX`() throws {
        let document = try Array(Self.macros.utf8).withView { try LaTeXReader.read($0, limits: ReaderLimits()) }
        #expect(document.text.contains("Quay: North; Ship: Bea") && document.text.contains("10^6"))
        #expect(document.notices.contains { $0.contains("/etc/hostname") })
    }

    @Test func `what pandoc writes is read whole, and other JSON is refused`() throws {
        let json = try JSONParser.parse(
            #"{"pandoc-api-version":[1,23],"meta":{},"blocks":[{"t":"Header","c":[1,["",[],[]],[{"t":"Str","c":"Ropes"}]]},"#
                + #"{"t":"Para","c":[{"t":"Str","c":"Hemp"},{"t":"Space"},{"t":"Strong","c":[{"t":"Str","c":"lasts"}]},{"t":"Superscript","c":[{"t":"Str","c":"2"}]},"#
                + #"{"t":"Quoted","c":[{"t":"DoubleQuote"},[{"t":"Str","c":"long"}]]},{"t":"Note","c":[{"t":"Para","c":[{"t":"Str","c":"Dry."}]}]}]},"#
                + #"{"t":"OrderedList","c":[[3,{"t":"Decimal"},{"t":"Period"}],[[{"t":"Plain","c":[{"t":"Str","c":"a"}]},{"t":"BulletList","c":[[{"t":"Plain","c":[{"t":"Str","c":"b"}]}]]}]]]},"#
                + #"{"t":"DefinitionList","c":[[[{"t":"Str","c":"Tar"}],[[{"t":"Plain","c":[{"t":"Str","c":"black"}]}]]]]},"#
                + #"{"t":"CodeBlock","c":[["",[],[]],"moor --fast"]},{"t":"LineBlock","c":[[{"t":"Str","c":"x"}],[{"t":"Str","c":"y"}]]}]}"#
        )
        #expect(
            try PandocReader.document(json, limits: ReaderLimits()).text
                == "Ropes\n\nHemp lasts^2\"long\"\n\nFootnote: Dry.\n\n3. a\n  - b\nTar: black\n\nmoor --fast\n\nx\n\ny\n")
        for other in ["{}", "[]", #"{"blocks":[]}"#, #"{"pandoc-api-version":[1],"blocks":[{"t":"Table","c":[1]}]}"#] {
            #expect(throws: (any Error).self) { try PandocReader.document(try JSONParser.parse(other), limits: ReaderLimits()) }
        }
    }

    @Test func `a recording that nobody can write down is left out with what would help`() throws {
        try #require(!Self.has("whisper"))
        for bytes in [Array("ID3\u{3}xxxxxxxx".utf8), Array("OggSxxxxxxxx".utf8), Array("RIFFxxxxWAVExxxx".utf8)] {
            let failure = #expect(throws: ReadFailure.self) {
                try DocumentReaders.read(DocumentInput(name: "memo", bytes: bytes))
            }
            #expect(failure?.message.contains("transcription.url") == true)
        }
    }
}
