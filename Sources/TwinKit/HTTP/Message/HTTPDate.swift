import TwinSupport

/// The dates of HTTP fields (RFC 9110 section 5.6.7): written as IMF-fixdate, read in all three forms.
package enum HTTPDate {
    private static let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// For example `Sun, 06 Nov 1994 08:49:37 GMT`.
    package static func text(_ instant: Timestamp) -> String {
        let day = instant.day
        let (year, month, dayOfMonth) = CivilDate.civil(fromDay: day)
        let seconds = (instant.milliseconds - day * 86_400_000) / 1000
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : String(value) }
        let weekday = days[Int(((day + 3) % 7 + 7) % 7)]
        return "\(weekday), \(two(dayOfMonth)) \(months[Int(month - 1)]) \(year) "
            + "\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60)) GMT"
    }

    /// Reads IMF-fixdate, the obsolete form of RFC 850 and that of C's asctime; none for anything else.
    package static func parse(_ text: String) -> Timestamp? {
        let words = text.split { $0 == " " || $0 == "," || $0 == "-" }.map(String.init)
        let (dayText, monthText, yearText, timeText): (String, String, String, String)
        if words.count == 6, words[5] == "GMT" {
            (dayText, monthText, yearText, timeText) = (words[1], words[2], words[3], words[4])
        } else if words.count == 5 {
            (dayText, monthText, yearText, timeText) = (words[2], words[1], words[4], words[3])
        } else {
            return nil
        }
        let time = timeText.split(separator: ":", omittingEmptySubsequences: false).map { number($0) }
        guard let day = number(dayText), let month = months.firstIndex(of: monthText), var year = number(yearText),
            time.count == 3, let hour = time[0], let minute = time[1], let second = time[2],
            hour < 24, minute < 60, second <= 60
        else { return nil }
        // RFC 9110: a year of two digits that would lie more than 50 years ahead is in the past century.
        if yearText.count == 2 { year += year >= 70 ? 1900 : 2000 }
        guard (1...CivilDate.days(inMonth: Int64(month + 1), year: year)).contains(day) else { return nil }
        let midnight = CivilDate.day(year: year, month: Int64(month + 1), day: day) * 86_400
        return Timestamp(milliseconds: (midnight + hour * 3600 + minute * 60 + second) * 1000)
    }

    private static func number(_ text: some StringProtocol) -> Int64? {
        guard (1...4).contains(text.utf8.count), text.utf8.allSatisfy(HTTPByte.isDigit) else { return nil }
        return Int64(text)
    }
}
