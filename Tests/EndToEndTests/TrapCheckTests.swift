import FoundationEssentials
import TestSupport
import Testing

/// `.ci/check-traps` names the lines that would end the process.
@Suite struct TrapCheckTests {
    private func check(_ line: String) throws -> Bool {
        try TwinBinary.withFolder { folder in
            try Data("struct A {\n    \(line)\n}\n".utf8).write(to: URL(filePath: folder + "/A.swift"))
            return try ChildProcess.run([TwinBinary.repository + "/.ci/check-traps", folder]).code == 0
        }
    }

    @Test(arguments: [
        "text[start..<end]", "let a = index + 2..<nameEnd(from: index)", "for index in lower..<upper { use(index) }",
        "body[0..<line.count - 1]", "x[a ..< b]", "view[0..<end]", "view[3..<text.count]", "(0..<10 + n).map(f)",
        "text[1..<n(0)]", "for _ in 0..<count {}", "let a = try! f()", "let a = b as! C", "let a = b!.c", "f(a!)", "fatalError()",
    ])
    func `an offender is found`(_ line: String) throws { #expect(try !check(line), "\(line)") }

    @Test(arguments: [
        "view[0..<2048]", "for _ in 0..<16 {}", "case 0..<0x20, 0x7F..<0xA0: f()", "for index in 0..<name.count { f(index) }",
        "for index in 0..<rows[0].cells.count {}".replacing("[0]", with: ""), "let a = 0..<0", "// text[start..<end] traps",
        "extent(start, end)", "if a != b && !c {}", "let name = text[..<colon]", #"if a == "!" {}"#, "if !a.isEmpty {}",
    ])
    func `what is safe is left alone`(_ line: String) throws { #expect(try check(line), "\(line)") }

    @Test func `no reader, no ingestion and no parser has one`() throws {
        let result = try ChildProcess.run([TwinBinary.repository + "/.ci/check-traps"])
        #expect(result.code == 0, "\(result.errors)")
    }
}
