internal import Records

/// Serial numbers of dates (ISO/IEC 29500-1 §18.17.4.1) as ISO 8601.
enum SheetDate {
    /// What a number format says about dates.
    enum Style: Hashable {
        case date, time, dateTime
    }

    /// `2026-11-23`, `13:05:00` or `2026-11-23T13:05:00`; nil where the number is no such date.
    ///
    /// The 1900 system counts a 29 February 1900 that never was: 60, which has no date. The 1904
    /// system counts from 1 January 1904 as 0.
    static func iso(_ serial: Double, _ style: Style, from1904: Bool) -> String? {
        guard serial.isFinite, serial >= 0, serial < 2_958_466 else { return nil }
        var days = Int64(serial.rounded(.down))
        // Half a second is the finest that programs round to.
        var seconds = Int64(((serial - Double(days)) * 86_400).rounded())
        if seconds == 86_400 { (days, seconds) = (days + 1, 0) }
        let clock =
            pad(seconds / 3_600) + ":" + pad(seconds / 60 % 60) + ":" + pad(seconds % 60)
        if style == .time && days == 0 { return clock }
        // Days from 1970-01-01: 1899-12-30 is −25,569, 1904-01-01 is −24,107.
        var since1970: Int64
        if from1904 {
            since1970 = days - 24_107
        } else {
            if days == 60 { return nil }
            since1970 = days - 25_569 + (days < 60 ? 1 : 0)
            if days == 0 { since1970 = -25_568 }
        }
        let day = String(Timestamp(secondsSince1970: since1970 * 86_400).rfc3339.prefix(10))
        if style == .date && seconds == 0 { return day }
        return "\(day)T\(clock)"
    }

    private static func pad(_ value: Int64) -> String { value < 10 ? "0\(value)" : String(value) }
}
