import Testing

@testable import twin

@Suite struct KeyDecoderTests {
    private func keys(_ bytes: some Sequence<UInt8>) -> [Key] {
        var decoder = KeyDecoder()
        return bytes.compactMap { decoder.feed($0) }
    }

    @Test(arguments: [
        ("\u{1B}[A", Key.up), ("\u{1B}OA", .up), ("\u{1B}[B", .down), ("\u{1B}[C", .right), ("\u{1B}[D", .left),
        ("\u{1B}[H", .home),
        ("\u{1B}OF", .end), ("\u{1B}[1~", .home), ("\u{1B}[4~", .end), ("\u{1B}[3~", .delete), ("\u{1B}[1;5C", .wordRight),
        ("\u{1B}[1;3D", .wordLeft), ("\u{1B}[1;2D", .left), ("\u{1B}b", .wordLeft), ("\u{1B}f", .wordRight),
        ("\u{1B}d", .cutWordForward),
        ("\u{1B}\u{7F}", .cutWordBackward), ("\u{1}", .home), ("\u{5}", .end), ("\u{B}", .cutToEnd), ("\u{15}", .cutToStart),
        ("\u{17}", .cutWordBackward), ("\u{3}", .interrupt), ("\u{4}", .endOfInput), ("\r", .enter), ("\u{7F}", .backspace),
        ("é", .text("é")), ("日", .text("日")), ("😀", .text("😀")), ("\u{1B}[99;99;99q", .unknown),
    ])
    func `a key is known by its bytes`(bytes: String, key: Key) { #expect(keys(bytes.utf8) == [key]) }

    @Test func `a paste is one key, newlines and escape sequences included`() {
        #expect(keys("\u{1B}[200~a\nb\u{1B}[Ac\u{1B}[201~d".utf8) == [.paste("a\nb\u{1B}[Ac"), .text("d")])
    }

    @Test func `a lone escape is a key once nothing follows`() {
        var decoder = KeyDecoder()
        #expect(decoder.feed(0x1B) == nil)
        #expect(decoder.isAmbiguous)
        #expect(decoder.timeOut() == .escape)
        #expect(decoder.feed(0x61) == .text("a"))
    }

    @Test func `a character that breaks off does not swallow what follows`() {
        #expect(keys([0xE6, 0x97, 0x61]) == [.text("a")])
        #expect(keys([0xFF, 0x61]) == [.unknown, .text("a")])
    }

    @Test func `any bytes at all leave the decoder usable`() {
        var generator = Generator(seed: 11)
        for _ in 0..<3000 {
            var decoder = KeyDecoder()
            let favourites: [UInt8] = [0x1B, 0x5B, 0x4F, 0x7E, 0x32, 0x30, 0x31, 0x3B, 0xE6, 0x9F]
            for _ in 0..<Int.random(in: 0...40, using: &generator) {
                let byte =
                    Bool.random(using: &generator)
                    ? favourites.randomElement(using: &generator) ?? 0 : UInt8.random(in: 0...255, using: &generator)
                _ = decoder.feed(byte)
            }
            // Whatever was begun ends: a paste by its mark, a sequence by its final byte.
            for byte in "\u{1B}[201~~~".utf8 { _ = decoder.feed(byte) }
            #expect(decoder.feed(0x61) == .text("a"))
        }
    }
}

@Suite struct LineBufferTests {
    private func buffer(_ text: String, _ cursor: Int) -> LineBuffer {
        var buffer = LineBuffer()
        buffer.replace(with: text)
        while buffer.cursor > cursor { buffer.moveLeft() }
        return buffer
    }

    @Test func `text goes in at the cursor`() {
        var line = buffer("helo", 3)
        line.insert("l")
        #expect(line.text == "hello" && line.cursor == 4)
    }

    @Test func `a mark that combines joins the character before it`() {
        var line = buffer("ex", 1)
        line.insert("\u{301}")
        #expect(line.text == "e\u{301}x" && line.cursor == 1 && line.characters.count == 2)
        line.deleteBackward()
        #expect(line.text == "x" && line.cursor == 0)
    }

    @Test func `words are cut, moved over and put back`() {
        var line = buffer("one two-three  ", 15)
        line.cutWordBackward()
        #expect(line.text == "one ")
        line.moveHome()
        line.paste()
        #expect(line.text == "two-three  one ")
        line.moveEnd()
        line.moveWordLeft()
        #expect(line.cursor == 11)
        line.moveWordLeft()
        #expect(line.cursor == 4)
        line.moveWordRight()
        #expect(line.cursor == 9)
        line.cutToStart()
        #expect(line.text == "  one ")
        line.cutToEnd()
        #expect(line.text == "")
    }

    @Test func `neighbours are swapped`() {
        var line = buffer("ab", 2)
        line.transpose()
        #expect(line.text == "ba" && line.cursor == 2)
        line = buffer("abc", 1)
        line.transpose()
        #expect(line.text == "bac" && line.cursor == 2)
        line = buffer("abc", 0)
        line.transpose()
        #expect(line.text == "abc")
    }

    @Test func `any keys leave the cursor within the line`() {
        var generator = Generator(seed: 3)
        let texts = ["a", "日", "\u{301}", " ", "👩‍", "👧", "🇨", "🇭", "\r", "\n", "-x"]
        let steps: [(inout LineBuffer) -> Void] = [
            { $0.moveLeft() }, { $0.moveRight() }, { $0.moveHome() }, { $0.moveEnd() }, { $0.moveWordLeft() },
            { $0.moveWordRight() },
            { $0.deleteBackward() }, { $0.deleteForward() }, { $0.cutToEnd() }, { $0.cutToStart() }, { $0.cutWordBackward() },
            { $0.cutWordForward() }, { $0.paste() }, { $0.transpose() },
        ]
        for _ in 0..<500 {
            var line = LineBuffer()
            for _ in 0..<40 {
                if Bool.random(using: &generator) {
                    line.insert(texts.randomElement(using: &generator) ?? "")
                } else {
                    steps.randomElement(using: &generator)?(&line)
                }
                #expect((0...line.characters.count).contains(line.cursor))
                let width = Int.random(in: 1...9, using: &generator)
                let layout = LineLayout(promptWidth: Int.random(in: 0...12, using: &generator), line: line, width: width)
                #expect(layout.rows.indices.contains(layout.cursorRow))
                #expect(layout.rows.allSatisfy { DisplayWidth.of($0) <= max(2, width) })
            }
        }
    }

    @Test func `a long line wraps at the terminal's width, wide characters whole`() {
        let layout = LineLayout(promptWidth: 3, line: buffer("ab日本c", 3), width: 6)
        #expect(layout.rows == ["ab", "日本c"])
        #expect(layout.cursorRow == 1 && layout.cursorColumn == 2)
        let full = LineLayout(promptWidth: 2, line: buffer("abcd", 4), width: 6)
        #expect(full.rows == ["abcd", ""] && full.cursorRow == 1 && full.cursorColumn == 0)
        let pasted = LineLayout(promptWidth: 0, line: buffer("a\nb", 2), width: 6)
        #expect(pasted.rows == ["a", "b"] && pasted.cursorRow == 1 && pasted.cursorColumn == 0)
    }

    @Test func `history goes back and forth and keeps what was being typed`() {
        var history = LineHistory(["one"])
        history.add("two")
        history.add("two")
        history.add("  ")
        #expect(history.lines == ["one", "two"])
        #expect(history.older(than: "draft") == "two")
        #expect(history.older(than: "two") == "one")
        #expect(history.older(than: "one") == nil)
        #expect(history.newer() == "two")
        #expect(history.newer() == "draft")
        #expect(history.newer() == nil)
        #expect(history.search("o") == 1)
        #expect(history.search("o", before: 1) == 0)
        #expect(history.search("zzz") == nil)
    }
}
