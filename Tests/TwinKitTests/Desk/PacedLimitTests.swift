import TestSupport
import Testing

@testable import TwinKit
@testable import TwinSupport

@Suite struct PacedLimitTests {
    @Test func `no minute, wherever it begins, sees more than the pace and the burst together`() {
        var generator = TestRandom()
        for _ in 0..<200 {
            let limit = PacedLimit(
                "x", each: Int.random(in: 1...200, using: &generator), burst: Int.random(in: 1...100, using: &generator))
            var arrival: Int64 = 0
            var now: Int64 = 1_700_000_000_000
            var allowed: [Int64] = []
            for _ in 0..<2_000 {
                now += Int64.random(in: 0...(Bool.random(using: &generator) ? 10 : 3_000), using: &generator)
                let step = limit.next(arrival: arrival, now: Timestamp(milliseconds: now))
                if step.isAllowed {
                    arrival = step.arrival
                    allowed.append(now)
                } else {
                    // From the instant that is named it is let through, and not a moment before.
                    #expect(limit.next(arrival: arrival, now: step.from).isAllowed)
                    #expect(!limit.next(arrival: arrival, now: Timestamp(milliseconds: step.from.milliseconds - 1)).isAllowed)
                }
            }
            var first = 0
            for (index, instant) in allowed.enumerated() {
                while allowed[first] <= instant - 60_000 { first += 1 }
                #expect(index - first + 1 <= limit.each + limit.burst)
            }
        }
    }

    @Test func `after a pause the whole burst is there, and then the pace is kept`() {
        let limit = PacedLimit("x", each: 60, burst: 40)
        var arrival: Int64 = 0
        let start: Int64 = 1_700_000_000_000
        var count = 0
        for millisecond in stride(from: Int64(0), to: 60_000, by: 10) {
            let step = limit.next(arrival: arrival, now: Timestamp(milliseconds: start + millisecond))
            if step.isAllowed {
                arrival = step.arrival
                count += 1
            }
            if millisecond == 400 { #expect(count == 40) }
        }
        #expect(count == 99 || count == 100)
    }
}
