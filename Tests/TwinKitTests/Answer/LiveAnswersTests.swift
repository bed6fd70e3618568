import Dispatch
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import TwinKit
@testable import TwinSupport

/// Answers while they are worded: told to all who want them, worded once.
@Suite struct LiveAnswersTests {
    private static func answer(_ text: String) -> ChatAnswer {
        ChatAnswer(
            question: "?", text: text,
            metadata: ChatMetadata(twinID: "t", status: .grounded, confidence: 1, citations: []),
            done: ChatDone(messageID: "m", status: .grounded, milliseconds: 0))
    }

    @Test func `many who ask for one answer hear all of it, whenever they come, and it is worded once`() throws {
        let answers = LiveAnswers()
        let worded = Atomic<Int>(0)
        let heard = Mutex<[[ChatEvent]]>([])
        let begun = DispatchSemaphore(value: 0)
        DispatchQueue.concurrentPerform(iterations: 8) { index in
            var events: [ChatEvent] = []
            let answer = try? answers.answer("q", isCancelled: { false }, receive: { events.append($0) }) { live in
                worded.add(1, ordering: .relaxed)
                // All others wait for this one: it ends when they have come, or were slow to.
                for number in 0..<50 {
                    let event = ChatEvent.content("\(number)")
                    live.tell(event)
                    events.append(event)
                    if number == 25 { _ = begun.wait(timeout: .now() + .milliseconds(50)) }
                }
                return Self.answer("whole")
            }
            #expect(answer?.text == "whole")
            heard.withLock { $0.append(events) }
        }
        // Whoever came after the end worded it anew, as the store of answers would have told them.
        #expect(worded.load(ordering: .relaxed) >= 1)
        for events in heard.withLock({ $0 }) { #expect(events == (0..<50).map { .content("\($0)") }) }
        #expect(answers.find("q") == nil)
    }

    @Test func `a failure is every listener's, and what a listener throws is its own`() throws {
        struct Left: Error {}
        let answers = LiveAnswers()
        let live = Mutex<LiveAnswer?>(nil)
        func ask() throws -> ChatAnswer {
            try answers.answer("q", isCancelled: { false }, receive: { _ in }) { answer in
                live.withLock { $0 = answer }
                answer.tell(.content("a"))
                #expect(throws: Left.self) { try answer.follow(isCancelled: { false }) { _ in throw Left() } }
                #expect(throws: CancellationError.self) { try answer.follow(isCancelled: { true }) { _ in } }
                throw TwinError(.upstream, "gone")
            }
        }
        #expect(throws: TwinError.self) { try ask() }
        let ended = try #require(live.withLock { $0 })
        #expect(throws: TwinError.self) { try ended.follow(isCancelled: { false }) { _ in } }
    }

    @Test func `draining waits for what is worded, and then tells it to stop`() throws {
        let answers = LiveAnswers()
        answers.drain(within: 0)
        #expect(!answers.isStopped)
        let isWording = DispatchSemaphore(value: 0)
        let ended = DispatchSemaphore(value: 0)
        DispatchQueue.global().async {
            _ = try? answers.answer("q", isCancelled: { false }, receive: { _ in }) { _ in
                isWording.signal()
                while !answers.isStopped { usleep(1_000) }
                return Self.answer("quoted")
            }
            ended.signal()
        }
        isWording.wait()
        answers.drain(within: 0.01)
        #expect(answers.isStopped && answers.find("q") == nil)
        ended.wait()
    }
}
