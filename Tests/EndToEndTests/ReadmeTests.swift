import FoundationEssentials
import TestSupport
import Testing
import TwinHTTP

@testable import TwinKit
@testable import TwinSupport

/// The README's session is what the program does.
@Suite struct ReadmeTests {
    private func readme() throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: TwinBinary.repository + "/README.md")), as: UTF8.self)
    }

    /// The commands of the first console block with what stands below each.
    private func session() throws -> [(command: String, shown: String)] {
        let block = try #require(try readme().components(after: "```console\n")?.components(before: "\n```"))
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

    @Test func `the commands that the README serves with work as they stand`() throws {
        let scene = try Scene()
        let serve = try #require(try readme().components(after: "## Serve it\n"))
        let first = try #require(serve.components(after: "```sh\n")?.components(before: "\n```"))
        let rest = try #require(serve.components(after: "```sh\n")?.components(after: "```sh\n"))
        let brain = try #require(rest.components(before: "\n```"))
        let second = try #require(rest.components(after: "```sh\n")?.components(before: "\n```"))
        #expect(first.contains("\ntwin serve ") && first.contains(":8000/chat/amara") && second.contains("twin apply"))
        #expect(brain.contains("upload_url"))
        // Only the port is another, so that tests can run beside each other, and the server runs beside the rest.
        let lines = first.split(separator: "\n").map { line in
            line.hasPrefix("twin serve")
                ? "\"$TWIN\" serve --port 0 --ready-file ready.json > serve.log 2>&1 & P=$!; for i in $(seq 300); do "
                    + "[ -s ready.json ] && break; sleep 0.05; done; U=$(jq -r .url ready.json)"
                : line.replacing("http://127.0.0.1:8000", with: "$U").replacing("-d '", with: "-sS -d '")
        }
        let script =
            "set -e; cd ~; twin twins create amara -q > out; twin ingest '\(TwinBinary.repository)/examples/corpus' -q > out\n"
            + lines.joined(separator: "\n") + "\nprintf 'I prefer short letters.\\n' > thesis.md\n"
            + brain.replacing("http://127.0.0.1:8000", with: "$U") + "\nkill $P; wait $P\n" + second
        let result = try scene.shell(script)
        #expect(result.code == 0, "\(result)")
        #expect(result.output.contains("\"slug\":\"amara\"") && result.output.contains("15 September"))
        #expect(result.output.contains("\"type\":\"done\"") && result.output.contains("Ada Lovelace"))
        #expect(result.output.contains("\"status\":\"processing\"") && result.output.contains("\"nodes_count\":"))
        #expect((result.output + result.errors).contains("unchanged"))
    }

    @Test func `pictures of the documentation are there, and small enough to be cloned by everybody`() throws {
        let shown = try readme().matches(of: /!\[[^\]]+\]\(([^)]+)\)/).map { String($0.1) }
        #expect(!shown.isEmpty)
        for path in shown { #expect(FileContents.exists(TwinBinary.repository + "/" + path), "\(path)") }
        let docs = TwinBinary.repository + "/docs"
        let pictures = FolderListing.files(docs).map(\.name).filter { !$0.hasSuffix(".md") }
        #expect(pictures.reduce(0) { $0 + FileContents.size(docs + "/" + $1) } < 300_000, "\(pictures)")
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
