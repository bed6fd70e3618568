import Synchronization
import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// What is told of jobs to those who listen on a connection.
@Suite struct JobEventsTests {
    private let fixture: TwinFixture
    private let queue: JobQueue
    private let server: TestServer
    /// Whether whoever listens may still do so.
    private let isAllowed: Flag

    private final class Flag: Sendable {
        private let value = Mutex(true)
        func withdraw() { value.withLock { $0 = false } }
        func require() throws {
            guard value.withLock({ $0 }) else { throw TwinError(.notPermitted, "the key was revoked") }
        }
    }

    init() throws {
        fixture = try TwinFixture()
        let queue = JobQueue(database: fixture.database)
        let events = JobEvents(jobs: queue)
        let isAllowed = Flag()
        server = try TestServer(
            FunctionResponder { request in
                events.response(to: request, job: try queue.find(String(request.path.dropFirst()))) { try isAllowed.require() }
            })
        self.queue = queue
        self.isAllowed = isAllowed
    }

    private func job(_ source: String) throws -> Job { try queue.enqueue(.embed, for: fixture.twin, sourceID: source) }

    /// Of HTTP 1.0, so that the events come without chunks around them.
    private func listen(to job: Job, knowing id: String? = nil) throws -> RawClient {
        let client = try server.client()
        client.send("GET /\(job.id) HTTP/1.0\r\n\(id.map { "Last-Event-ID: \($0)\r\n" } ?? "")\r\n")
        return client
    }

    /// The objects of a reply, without the marks that keep a connection open.
    private static func events(_ reply: String) throws -> [JSON] {
        let body = try #require(reply.firstRange(of: "\r\n\r\n")).upperBound
        let lines = reply[body...].split(separator: "\n")
        return try lines.map { try JSONParser.parse(String($0)) }.filter { $0["type"] != "ping" }
    }

    private static func states(_ reply: String) throws -> [String] {
        try events(reply).map { "\($0["type"]?.stringValue ?? "-") \($0["status"]?.stringValue ?? "-")" }
    }

    /// A change within the same millisecond, which is told like a later one.
    private func begin(_ job: Job) throws {
        try fixture.database.write {
            try $0.run(
                "UPDATE jobs SET status = 'processing', updated_at = ? WHERE key = ?", job.updatedAt, job.key)
        }
    }

    private func end(_ job: Job) throws { _ = try queue.cancel(job.id, by: nil, now: job.updatedAt) }

    @Test func `each listener hears the states of its job, from the present one to the end`() throws {
        let (first, second) = (try job("a"), try job("b"))
        let clients = try [listen(to: first), listen(to: first), listen(to: second)]
        var heard = clients.map { $0.read(until: "\"queued\"") }
        try begin(first)
        for index in 0..<2 { heard[index] += clients[index].read(until: "\"processing\"") }
        try fixture.database.write {
            try $0.run(
                "UPDATE jobs SET status = 'complete', updated_at = ? WHERE key = ?", first.updatedAt, first.key
            )
        }
        for index in 0..<2 {
            heard[index] += clients[index].readToEnd()
            #expect(try Self.states(heard[index]) == ["job queued", "job processing", "job complete"])
        }
        try end(second)
        heard[2] += clients[2].readToEnd()
        #expect(try Self.states(heard[2]) == ["job queued", "job failed"])
        for (reply, job) in zip(heard, [first, first, second]) {
            #expect(try Self.events(reply).allSatisfy { $0["id"]?.stringValue == job.id })
        }
    }

    @Test func `a job that has ended is told once, and not to those who know it`() throws {
        let job = try job("a")
        try end(job)
        let ended = try queue.find(job.id)
        #expect(try Self.states(try listen(to: ended).readToEnd()) == ["job failed"])
        let known = "\(ended.id).\(ended.updatedAt.milliseconds).failed"
        #expect(try Self.states(try listen(to: ended, knowing: known).readToEnd()) == [])
        let before = "\(ended.id).\(job.updatedAt.milliseconds).queued"
        #expect(try Self.states(try listen(to: ended, knowing: before).readToEnd()) == ["job failed"])
    }

    @Test func `whoever may not listen any more hears why, and no further state`() throws {
        let job = try job("a")
        let client = try listen(to: job)
        let heard = client.read(until: "\"queued\"")
        isAllowed.withdraw()
        try begin(job)
        let events = try Self.events(heard + client.readToEnd())
        #expect(events.map { $0["type"]?.stringValue } == ["job", "error"])
        #expect(events.last?["error"] == "the key was revoked")
    }

    @Test func `the stream of a job that is gone ends, and the next listener is heard again`() throws {
        let gone = try job("a")
        let client = try listen(to: gone)
        let heard = client.read(until: "\"queued\"")
        try fixture.database.write { try $0.run("DELETE FROM jobs WHERE key = ?", gone.key) }
        #expect(try Self.states(heard + client.readToEnd()) == ["job queued"])
        let next = try job("b")
        let second = try listen(to: next)
        let first = second.read(until: "\"queued\"")
        try end(next)
        #expect(try Self.states(first + second.readToEnd()) == ["job queued", "job failed"])
    }
}
