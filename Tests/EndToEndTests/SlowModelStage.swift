import Synchronization
import Glibc
import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// A served twin whose model says a sentence when the test lets it, with the beginning of the next, by which the first is known
/// to be whole, and the rest when the test lets it again.
final class SlowModelStage {
    /// What the test holds back: the first sentence, and then the second.
    final class Gate: Sendable {
        private let opened = Atomic<Int>(0)
        func open() { opened.add(1, ordering: .sequentiallyConsistent) }
        func isOpen(_ number: Int) -> Bool { opened.load(ordering: .sequentiallyConsistent) >= number }
    }

    let gate = Gate()
    let model: ModelServer
    let stage: ServedFixture

    init() throws {
        model = try ModelServer { [gate] _ in
            ScriptedServer.Response([
                .text(ModelServer.streamHead), .wait(until: { gate.isOpen(1) }),
                .text(ModelServer.delta("In May, when the linden is in flower [1]. That ")), .wait(until: { gate.isOpen(2) }),
                .text(ModelServer.delta("is when hives are opened [1].")), .text(ModelServer.end),
            ])
        }
        var environment = model.environment
        environment["TWIN_MODEL_TIMEOUT"] = "300"
        stage = try ServedFixture("--jobs 0 --log none --contracts studio,brain,openai,mcp", environment: environment)
    }

    static let question: JSON = "When are hives opened?"

    /// A stream of JSON Lines that is read event by event.
    final class Reading {
        struct Ended: Error { let without: String }

        let client: WireClient
        private var pending = ""

        init(_ client: WireClient, _ path: String, _ body: JSON, _ headers: [String]) throws {
            self.client = client
            let reply = try client.begin(
                "POST", path, headers: headers + ["content-type: application/json"], body: JSONWriter.bytes(body))
            try #require(reply.status == 200, "\(reply.head)")
        }

        /// The next event; none at the end of the stream.
        func next() throws -> JSON? {
            while !pending.contains("\n") {
                guard let chunk = try client.nextChunk() else { return nil }
                pending += chunk
            }
            let line = String(pending.prefix { $0 != "\n" })
            pending.removeFirst(line.count + 1)
            return try JSONParser.parse(line)
        }

        /// The next event of a type.
        func next(_ type: String) throws -> JSON {
            while let event = try next() {
                if event["type"]?.stringValue == type, event["ping"] != true { return event }
            }
            throw Ended(without: type)
        }

        func rest() throws -> [JSON] {
            var events: [JSON] = []
            while let event = try next() { events.append(event) }
            return events
        }
    }

    func read(_ path: String, _ body: JSON, _ headers: [String]) throws -> Reading {
        try Reading(try stage.connection(), path, body, headers)
    }

    /// Waits until a conversation holds so many messages.
    func messages(of conversation: String, count: Int) throws -> [JSON] {
        var messages: [JSON] = []
        for _ in 0..<24_000 {
            messages = try stage.send("GET", "/conversations/\(conversation)/messages").json().arrayValue ?? []
            if messages.count >= count { break }
            usleep(10_000)
        }
        return messages
    }
}
