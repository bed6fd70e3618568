import Dispatch
import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinKit

@Suite struct CountersTests {
    @Test func `families are shown in the text format with help and type`() {
        let counters = Counters()
        let requests = counters.counter("requests_total", "How many.\nAll of them.", labels: ["route", "status"])
        counters.gauge("open", "Open ones.") { 3 }
        requests.add(1, "/chat/{twin_id}", "2xx")
        requests.add(2, "/chat/{twin_id}", "2xx")
        requests.add(1, "a\"b\\c\nd", "5xx")
        #expect(
            counters.render() == #"""
                # HELP requests_total How many.\nAll of them.
                # TYPE requests_total counter
                requests_total{route="/chat/{twin_id}",status="2xx"} 3
                requests_total{route="a\"b\\c\nd",status="5xx"} 1
                # HELP open Open ones.
                # TYPE open gauge
                open 3

                """#)
    }

    @Test func `a histogram's buckets are cumulative and end with all values`() {
        let counters = Counters()
        let seconds = counters.histogram("seconds", "Time.", buckets: [0.1, 1])
        for value in [0.1, 0.05, 0.5, 7, .infinity, .nan] { seconds.observe(value) }
        let lines = counters.render().split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(
            lines == [
                #"seconds_bucket{le="0.1"} 2"#, #"seconds_bucket{le="1"} 3"#, #"seconds_bucket{le="+Inf"} 4"#, "seconds_sum 7.65",
                "seconds_count 4",
            ])
    }

    @Test func `beyond the bound on labels everything is counted as other`() {
        let counters = Counters()
        let hits = counters.counter("hits", "Hits.", labels: ["name"])
        for number in 0..<Counters.maximumSeries + 50 { hits.add(1, "n\(number)") }
        hits.add(1, "n0")
        let lines = counters.render().split(separator: "\n")
        #expect(lines.count == 2 + Counters.maximumSeries + 1)
        #expect(lines.contains(#"hits{name="other"} 50"#))
        #expect(lines.contains(#"hits{name="n0"} 2"#))
    }

    @Test func `counting from many threads loses nothing`() {
        let counters = Counters()
        let hits = counters.counter("hits", "Hits.", labels: ["parity"])
        DispatchQueue.concurrentPerform(iterations: 1000) { hits.add(1, $0 % 2 == 0 ? "even" : "odd") }
        #expect(counters.render().contains("hits{parity=\"even\"} 500\nhits{parity=\"odd\"} 500\n"))
    }

    @Test func `a counter never goes down, and a gauge without a value is left out`() {
        let counters = Counters()
        let hits = counters.counter("hits", "Hits.")
        hits.add(-1)
        counters.gauge("none", "None.") { nil }
        #expect(counters.render() == "# HELP hits Hits.\n# TYPE hits counter\nhits 0\n")
    }

    @Test func `a server shows its requests, answers, jobs and process`() throws {
        let fixture = try WorkspaceFixture()
        let server = ServerCounters(database: fixture.database, openConnections: { 5 })
        server.answered(route: "/chat/{twin_id}", method: "POST", status: 204, seconds: 0.004)
        server.answered(route: "/chat/{twin_id}", method: "BREW", status: 404, seconds: 0.004)
        server.answered(.grounded)
        let text = server.render()
        #expect(text.contains(#"twin_http_requests_total{route="/chat/{twin_id}",method="POST",status="2xx"} 1"#))
        #expect(text.contains(#"twin_http_requests_total{route="/chat/{twin_id}",method="other",status="4xx"} 1"#))
        #expect(text.contains(#"twin_http_request_seconds_bucket{route="/chat/{twin_id}",le="0.005"} 2"#))
        #expect(text.contains(#"twin_answers_total{status="grounded"} 1"#))
        #expect(text.contains("twin_http_connections 5\n"))
        #expect((ProcessStatistics.residentBytes ?? 0) > 1 << 20)
        #expect((ProcessStatistics.openDescriptors ?? 0) >= 3)
        #expect(text.contains("process_resident_memory_bytes "))
    }
}
