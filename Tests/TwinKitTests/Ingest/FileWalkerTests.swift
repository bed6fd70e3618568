import Glibc
import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

@Suite struct FileWalkerTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func walk(_ options: FileWalker.Options = .init()) -> [String] {
        FileWalker(root: folder.path, options: options).compactMap { entry in
            switch entry {
            case .file(let path): String(path.dropFirst(folder.path.count + 1))
            case .leftOut(let path, _): "-" + String(path.dropFirst(folder.path.count + 1))
            case .failed(let path, _): "!" + String(path.dropFirst(folder.path.count + 1))
            }
        }
    }

    @Test func `files come in the order of their names, hidden ones left out`() throws {
        for name in ["b.md", "a.md", "sub/z.md", "sub/deep/y.md", ".git/config", "sub/.hidden"] { try folder.write(name, "x") }
        #expect(walk() == ["a.md", "b.md", "sub/deep/y.md", "sub/z.md"])
        #expect(walk(.init(isRecursive: false)) == ["a.md", "b.md"])
    }

    @Test func `patterns choose by name or by path`() throws {
        for name in ["a.md", "b.txt", "sub/c.md", "sub/d.txt", "drafts/old/e.md"] { try folder.write(name, "x") }
        #expect(walk(.init(include: ["*.md"])) == ["a.md", "drafts/old/e.md", "sub/c.md"])
        #expect(walk(.init(include: ["sub/*"])) == ["sub/c.md", "sub/d.txt"])
        #expect(walk(.init(exclude: ["drafts/**", "*.txt"])) == ["a.md", "sub/c.md"])
        #expect(walk(.init(exclude: ["drafts"])) == ["a.md", "b.txt", "sub/c.md", "sub/d.txt"])
    }

    @Test func `a circle of links ends and every folder is read once`() throws {
        try folder.write("sub/a.md", "x")
        #expect(symlink("..", folder.file("sub/up")) == 0)
        #expect(symlink("sub", folder.file("again")) == 0)
        #expect(symlink("loop", folder.file("loop")) == 0)
        #expect(walk() == ["!loop", "sub/a.md"])
        #expect(walk(.init(followsLinks: true)) == ["again/a.md", "!loop"])
    }

    @Test(arguments: [
        ("*.md", "a.md", true), ("*.md", "sub/a.md", true), ("sub/*.md", "sub/a.md", true), ("sub/*.md", "sub/x/a.md", false),
        ("**/a.md", "a.md", true), ("**/a.md", "x/y/a.md", true), ("sub/**", "sub/x/a.md", true), ("sub/**", "sub", true),
        ("sub/**/a.md", "sub/a.md", true), ("**/x/**/y", "a/x/b/x/c/y", true), ("**/x/**/y", "a/b/y", false),
        ("[ab].md", "a.md", true),
    ])
    func `glob patterns`(pattern: String, path: String, matches: Bool) {
        #expect(GlobPattern.matches(pattern, path: path, name: FilePath.name(path)) == matches, "\(pattern) with \(path)")
    }
}
