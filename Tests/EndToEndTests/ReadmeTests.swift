import FoundationEssentials
import TestSupport
import Testing
import TwinKit

/// The README's session is what the program does.
@Suite struct ReadmeTests {
    /// The commands of the first console block with what stands below each.
    private func session() throws -> [(command: String, shown: String)] {
        let readme = String(decoding: try Data(contentsOf: URL(filePath: TwinBinary.repository + "/README.md")), as: UTF8.self)
        let block = try #require(readme.components(after: "```console\n")?.components(before: "\n```"))
        return block.components(separatedBy: "$ ").dropFirst().map { part in
            let lines = part.split(separator: "\n", omittingEmptySubsequences: false)
            return (String(lines[0]), lines.dropFirst().joined(separator: "\n"))
        }
    }

    /// The text without what differs between machines, runs and a terminal and a pipe.
    private func words(_ text: String, root: String) -> [String] {
        text.replacing(root, with: "/home/you/twin").split(separator: "\n")
            .filter { !$0.hasPrefix("id") && !$0.hasSuffix(" ms") && !$0.hasPrefix("added ") }
            .flatMap { $0.split(whereSeparator: \.isWhitespace) }.map(String.init)
    }

    @Test func `each command of the session prints what the README shows`() throws {
        let scene = try Scene()
        let session = try session()
        #expect(session.count >= 5)
        for (command, shown) in session {
            let result = try scene.shell("cd '\(TwinBinary.repository)' && \(command)")
            #expect(result.code == 0, "\(command): \(result.errors)")
            let printed = words(result.output + "\n" + result.errors, root: TwinBinary.repository)
            #expect(printed == words(shown, root: TwinBinary.repository), "\(command)")
        }
    }
}

extension String {
    fileprivate func components(after mark: String) -> String? {
        let parts = components(separatedBy: mark)
        return parts.count > 1 ? parts.dropFirst().joined(separator: mark) : nil
    }

    fileprivate func components(before mark: String) -> String? { components(separatedBy: mark).first }

    fileprivate func components(separatedBy mark: String) -> [String] {
        split(separator: mark, omittingEmptySubsequences: false).map(String.init)
    }
}
