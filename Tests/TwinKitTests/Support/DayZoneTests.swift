import Testing

@testable import TwinSupport

/// Where days begin, over the zones of this machine.
@Suite struct DayZoneTests {
    @Test(arguments: [
        ("UTC", "2026-03-29", "2026-03-29T00:00:00Z"), ("+05:45", "2026-03-29", "2026-03-28T18:15:00Z"),
        ("-03:30", "2026-03-29", "2026-03-29T03:30:00Z"), ("Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z"),
        ("Europe/Berlin", "2026-03-30", "2026-03-29T22:00:00Z"), ("America/New_York", "2026-11-02", "2026-11-02T05:00:00Z"),
        ("Australia/Sydney", "2026-01-15", "2026-01-14T13:00:00Z"), ("Asia/Kathmandu", "2100-06-01", "2100-05-31T18:15:00Z"),
        // After the last transition of the file the rule at its end holds.
        ("Europe/Berlin", "2099-07-01", "2099-06-30T22:00:00Z"), ("America/New_York", "1955-07-01", "1955-07-01T04:00:00Z"),
        // The clocks of Beirut skip midnight.
        ("Asia/Beirut", "2026-03-29", "2026-03-28T22:00:00Z"),
    ])
    func `a day begins at midnight in its zone`(name: String, date: String, expected: String) throws {
        let zone = try #require(DayZone(name))
        let midnight = try #require(Timestamp(date + "T00:00:00Z"))
        #expect(zone.start(ofDay: midnight.day) == Timestamp(expected), "\(zone.start(ofDay: midnight.day))")
    }

    @Test func `each instant is in one day, and days follow each other`() throws {
        for name in ["Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "America/Havana", "Asia/Tehran", "+14:00"] {
            let zone = try #require(DayZone(name))
            for day in Int64(3_000)..<30_000 {
                let start = zone.start(ofDay: day)
                #expect(zone.day(at: start) == day && zone.day(at: start.adding(seconds: -0.001)) == day - 1, "\(name) \(day)")
            }
        }
    }

    @Test(arguments: [
        "", "Berlin", "+2:00", "+24:00", "+02:60", "02:00", "+0200", "../../etc/passwd", "/etc/passwd", "Europe/",
        "Europe/Berlin/", "Europe", "zone.tab", "Europe//Berlin", ".",
    ])
    func `what names no zone is none`(text: String) { #expect(DayZone(text) == nil) }

    @Test func `files that are cut off or changed are refused or read, and never trap`() throws {
        let bytes = try FileContents.read("/usr/share/zoneinfo/Europe/Berlin", maximumBytes: 1 << 18).bytes
        #expect(ZoneFile(bytes) != nil)
        for count in stride(from: 0, to: bytes.count, by: 3) {
            if let file = ZoneFile(Array(bytes.prefix(count))) { _ = file.offset(at: 1_800_000_000) }
        }
        for place in bytes.indices {
            var changed = bytes
            changed[place] = changed[place] &+ 0x7F
            guard let file = ZoneFile(changed) else { continue }
            for instant: Int64 in [.min / 4, -1, 0, 1_800_000_000, 9_000_000_000] { _ = file.offset(at: instant) }
        }
    }
}
