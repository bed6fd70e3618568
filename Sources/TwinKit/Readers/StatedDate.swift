import TwinSupport

/// A date as documents write it becomes RFC 3339: a plain date stays one, a date with a time becomes an instant in UTC.
package enum StatedDate {
    /// Reads RFC 3339 and its close relatives (a space for the `T`, no zone, no seconds, an offset without colon), and the dates of
    /// RFC 5322 (`Tue, 1 Jul 2003 10:52:37 +0200`), which mail and RSS share. None for anything else.
    package static func rfc3339(_ text: String) -> String? {
        guard text.utf8.count <= 100, let text = text.nonBlank else { return nil }
        return text.withView { iso($0) ?? mail($0) }
    }

    private static func iso(_ text: ByteView) -> String? {
        guard text.count >= 10, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-") else { return nil }
        let date = text[0..<10].string
        guard Timestamp(date) != nil else { return nil }
        guard text.count >= 16, text[13] == UInt8(ascii: ":") else { return text.count == 10 ? date : nil }
        var time = text[11..<16].string + ":00"
        var index = 16
        if text[16] == UInt8(ascii: ":") {
            time = text[11..<19].string
            index = 19
        }
        if text[index] == UInt8(ascii: "."), text[index + 1].isDigit {
            index += 1
            while text[index].isDigit { index += 1 }
        }
        return zoned(date: date, time: time, zone: text.slice(index, text.count).trimmed.string)
    }

    private static let months: [String] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

    private static func mail(_ text: ByteView) -> String? {
        var words = text.string.lowercased().split { $0 == " " || $0 == "," || $0 == "-" && text[3] != UInt8(ascii: ",") }.map(
            String.init)
        if let first = words.first, Int(first) == nil { words.removeFirst() }
        guard words.count >= 3, let day = Int(words[0]), (1...31).contains(day),
            let month = months.firstIndex(of: String(words[1].prefix(3))), var year = Int(words[2]), year >= 0, year < 10_000
        else { return nil }
        // RFC 5322 section 4.3: two digits below 50 belong to this century, other short years to the last one.
        if year < 50 { year += 2000 } else if year < 1000 { year += 1900 }
        let date = "\(padded(year, 4))-\(padded(month + 1, 2))-\(padded(day, 2))"
        guard Timestamp(date) != nil else { return nil }
        guard words.count >= 4, words[3].contains(":") else { return date }
        let time = words[3].utf8.count == 5 ? words[3] + ":00" : words[3]
        return zoned(date: date, time: time, zone: words.count > 4 ? words[4] : "")
    }

    private static func padded(_ value: Int, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
    }

    /// Without a known zone the time is taken as UTC (RFC 5322 section 4.3 for names that are not defined).
    private static func zoned(date: String, time: String, zone: String) -> String? {
        var offset = "Z"
        let digits = Array(zone.utf8)
        if let sign = digits.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
            let number = digits.dropFirst().filter(\.isDigit)
            guard number.count >= 4 else { return date }
            offset = "\(sign == UInt8(ascii: "-") ? "-" : "+")\(Array(number[0..<2]).string):\(Array(number[2..<4]).string)"
        } else if let hours = [
            "est": "-05", "edt": "-04", "cst": "-06", "cdt": "-05", "mst": "-07", "mdt": "-06", "pst": "-08", "pdt": "-07",
        ][zone] {
            offset = hours + ":00"
        }
        return Timestamp("\(date)T\(time)\(offset)")?.description ?? date
    }
}
