import Glibc

/// A moment in whole seconds, written as RFC 3339 in UTC, such as `2026-11-22T10:00:00Z`.
public struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    public let secondsSince1970: Int64

    /// Makes a moment of POSIX seconds.
    public init(secondsSince1970: Int64) { self.secondsSince1970 = secondsSince1970 }

    /// The present moment by the system's clock.
    public static var now: Timestamp { Timestamp(secondsSince1970: Int64(time(nil))) }

    /// Reads `YYYY-MM-DDTHH:MM:SSZ`, the only form that this project writes.
    public init(rfc3339 text: String) throws(RecordsError) {
        let bytes = Array(text.utf8)
        let form = Array("dddd-dd-ddTdd:dd:ddZ".utf8)
        guard bytes.count == form.count,
            zip(bytes, form).allSatisfy({
                $1 == UInt8(ascii: "d") ? (0x30...0x39).contains($0) : $0 == $1
            })
        else { throw Self.malformed }
        func number(_ range: Range<Int>) -> Int64 {
            bytes[range].reduce(0) { $0 * 10 + Int64($1 - 0x30) }
        }
        let (year, month, day) = (number(0..<4), number(5..<7), number(8..<10))
        let (hour, minute, second) = (number(11..<13), number(14..<16), number(17..<19))
        let days = Self.days(year: year, month: month, day: day)
        guard (1...12).contains(month), hour < 24, minute < 60, second < 60,
            Self.civil(days: days) == (year, month, day)
        else { throw Self.malformed }
        self.init(secondsSince1970: days * 86_400 + hour * 3_600 + minute * 60 + second)
    }

    private static let malformed = RecordsError(
        .malformedTime, "a time is written YYYY-MM-DDTHH:MM:SSZ, in UTC")

    /// `YYYY-MM-DDTHH:MM:SSZ`
    public var rfc3339: String {
        let days = secondsSince1970.dividedFloor(by: 86_400)
        let second = secondsSince1970 - days * 86_400
        let (year, month, day) = Self.civil(days: days)
        return Self.pad(year, 4) + "-" + Self.pad(month, 2) + "-" + Self.pad(day, 2) + "T"
            + Self.pad(second / 3_600, 2) + ":" + Self.pad(second / 60 % 60, 2) + ":"
            + Self.pad(second % 60, 2) + "Z"
    }

    /// The same as ``rfc3339``.
    public var description: String { rfc3339 }

    /// This moment plus a number of seconds.
    public func adding(seconds: Int64) -> Timestamp {
        Timestamp(secondsSince1970: secondsSince1970 + seconds)
    }

    /// Earlier first.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.secondsSince1970 < right.secondsSince1970
    }

    private static func pad(_ value: Int64, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
    }

    /// Days since 1970-01-01 of a date of the proleptic Gregorian calendar.
    ///
    /// Years begin in March, so that the leap day comes last; 400 years have 146,097 days.
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = year.dividedFloor(by: 400)
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
            - 719_468
    }

    /// The date of a number of days since 1970-01-01: the inverse of ``days(year:month:day:)``.
    private static func civil(days: Int64) -> (Int64, Int64, Int64) {
        let days = days + 719_468
        let era = days.dividedFloor(by: 146_097)
        let dayOfEra = days - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * month + 2) / 5 + 1
        let civilMonth = month < 10 ? month + 3 : month - 9
        return (yearOfEra + era * 400 + (civilMonth <= 2 ? 1 : 0), civilMonth, day)
    }
}

extension Int64 {
    fileprivate func dividedFloor(by divisor: Int64) -> Int64 {
        self >= 0 ? self / divisor : -((divisor - 1 - self) / divisor)
    }
}
