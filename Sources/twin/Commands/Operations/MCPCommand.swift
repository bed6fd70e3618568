import TwinKit

#if canImport(Glibc)
    import Glibc
    import TwinSupport
#endif

enum MCPCommand {
    static let command = Command(
        "mcp", summary: "Serve twins to an AI application over standard input and output (MCP)",
        discussion: """
            Speaks the Model Context Protocol: one JSON-RPC message a line on standard input, one reply a line on standard \
            output, and nothing else there. An AI application starts this command and ends it; 'twin serve' answers the same \
            at /mcp.

            Tools: ask, search, fetch, list_twins, list_sources, get_citation; with --write also add_verified_answer, \
            answer_escalation and ingest_text. Without --as-key the caller is the operator and sees every twin.
            """,
        examples: [
            Example("claude mcp add twin -- twin mcp", "let Claude Code use your twins"),
            Example("twin mcp --as-key env:TWIN_KEY", "only what an API key may see"),
            Example("twin mcp --write", "also let the application teach"),
        ],
        options: [
            .string(
                "as-key", "KEY", completion: .dynamic(.keys),
                help: "Serve what this API key may see: its id, @FILE or env:NAME"),
            .flag("write", help: "Offer the tools that change something"),
        ],
        exits: [.notConfigured, .notPermitted, .notFound, .interrupted],
        alsoCalled: ["claude", "tools", "model-context-protocol"], run: run)

    private static func run(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let principal = try call.string("as-key").map { Principal.apiKey(try call.key($0, in: workspace)) } ?? .localOperator
        let server = MCPServer(workspace, offersWriting: call.flag("write")) { call.output.warning($0) }
        var input = MessageLines(limit: MCPServer.maximumMessageBytes)
        while let line = try input.next() {
            let reply =
                switch line {
                case .message(let bytes):
                    server.reply(
                        to: bytes,
                        as: Ask.Reader(try current(principal, in: workspace)) { try current(principal, in: workspace) })
                case .tooLong: MCPServer.tooLong
                }
            if let message = reply.message { try write(JSONWriter.bytes(message) + [UInt8(ascii: "\n")]) }
        }
        return .done
    }

    /// The key as it is now: one that was revoked meanwhile opens nothing more.
    private static func current(_ principal: Principal, in workspace: Workspace) throws -> Principal {
        guard case .apiKey(let key) = principal else { return principal }
        let found = try workspace.keys.find(key.id)
        guard found.isActive, !found.isExpired else {
            throw TwinError(.notPermitted, "the API key was revoked or has expired")
        }
        return .apiKey(found)
    }

    private static func write(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw TwinError(.failed, "standard output cannot be written: \(String(cString: strerror(errno)))")
            }
            sent += count
        }
    }
}

/// Standard input as lines, each a message. A line past the limit is read to its end and not kept, so that the next message
/// is understood again.
private struct MessageLines {
    enum Line { case message([UInt8]), tooLong }

    let limit: Int
    private var buffer: [UInt8] = []
    private var isSkipping = false
    private var ended = false

    init(limit: Int) { self.limit = limit }

    /// The next line that holds anything; none at the end.
    mutating func next() throws -> Line? {
        while true {
            if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                let line = Array(buffer[..<end])
                buffer.removeFirst(end + 1)
                if isSkipping {
                    isSkipping = false
                    return .tooLong
                }
                if line.contains(where: { !$0.isSpace }) { return .message(line) }
                continue
            }
            if isSkipping || buffer.count > limit {
                isSkipping = true
                buffer.removeAll(keepingCapacity: true)
            }
            if ended {
                defer { buffer = [] }
                if isSkipping { return nil }
                return buffer.contains(where: { !$0.isSpace }) ? .message(buffer) : nil
            }
            try fill()
        }
    }

    private mutating func fill() throws {
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        let count = read(STDIN_FILENO, &piece, piece.count)
        if Interrupt.isRequested { throw TwinError(.interrupted, "interrupted") }
        if count < 0, errno == EINTR { return }
        guard count >= 0 else { throw TwinError(.failed, "standard input cannot be read: \(String(cString: strerror(errno)))") }
        if count == 0 { ended = true }
        buffer += piece[..<count]
    }
}
