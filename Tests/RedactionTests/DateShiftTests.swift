import Cryptography
import Records
import Testing

@testable import Redaction

struct DateShiftTests {
    static let key = SymmetricKey(bytes: [UInt8](repeating: 5, count: 32))

    /// A shift of exactly `days`: the first owner whose draw it is.
    static func shift(_ days: Int, dayFirst: Bool = false) throws -> DateShift {
        for owner in UInt16(0)..<4000 {
            let bytes = [UInt8(owner >> 8), UInt8(owner & 255)]
            let shift = DateShift(owner: bytes, key: key, reach: 40, isDayFirst: dayFirst)
            if shift.days == days { return shift }
        }
        throw TestError()
    }

    struct TestError: Error {}

    static func moved(_ text: String, by days: Int, dayFirst: Bool = false) throws -> String? {
        let bytes = Array(text.utf8)
        return try shift(days, dayFirst: dayFirst).shifted(bytes[...]).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    @Test(arguments: [
        ("2024-02-28", 2, "2024-03-01"), ("2023-02-28", 1, "2023-03-01"),
        ("2024/12/31", 1, "2025/01/01"), ("3/5/2024", 30, "4/4/2024"),
        ("03/05/2024", -5, "02/29/2024"), ("5.3.2024", 30, "4.4.2024"),
        ("05.03.24", -5, "29.02.24"), ("25/12/2023", 7, "01/01/2024"),
        ("20240305", 30, "20240404"), ("20240305101530", 1, "20240306101530"),
        ("March 5th, 2024", -4, "March 1st, 2024"), ("march 31, 2024", 1, "april 1, 2024"),
        ("MAR 5 2024", 30, "APR 4 2024"), ("5 March 2024", 7, "12 March 2024"),
        ("5-Mar-24", 30, "4-Apr-24"), ("5. März 2024", 30, "4. April 2024"),
        ("28 février 2024", 2, "1 mars 2024"), ("31 de enero de 2024", 1, "1 de febrero de 2024"),
        ("1 maart 2024", -1, "29 februari 2024"), ("3 gennaio 2024", 30, "2 febbraio 2024"),
        ("March 2024", 30, "April 2024"), ("Mar 5", 30, "Apr 4"), ("12/31", 1, "01/01"),
        ("2024", 5, "2024"), ("2024-03-05T10:15:30Z", 1, "2024-03-06T10:15:30Z"),
        ("2024-03-05 10:15", 1, "2024-03-06 10:15"),
        ("March 5, 2024 at 5pm", 1, "March 6, 2024 at 5pm"),
        ("Tuesday, March 5, 2024", 1, "Wednesday, March 6, 2024"),
        ("Dienstag, 5. März 2024", 1, "Mittwoch, 6. März 2024"), ("10:15", 9, "10:15"),
        ("5pm", 9, "5pm"), ("03/2024", 30, "04/2024"),
    ])
    func movesInItsOwnLayout(_ text: String, _ days: Int, _ expected: String) throws {
        #expect(try Self.moved(text, by: days) == expected)
    }

    @Test func dayFirstIsTheUsersWord() throws {
        #expect(try Self.moved("03/04/2024", by: 1, dayFirst: true) == "04/04/2024")
        #expect(try Self.moved("03/04/2024", by: 1) == "03/05/2024")
    }

    @Test(arguments: ["yesterday", "last spring", "99/99/2024", "2023-02-30", "the 5th"])
    func whatCannotMoveIsNotPassedOn(_ text: String) throws {
        #expect(try Self.moved(text, by: 3) == nil)
    }

    @Test func calendarDaysAgreeWithCounting() {
        var number = CalendarDay(year: 1899, month: 12, day: 31)?.number ?? 0
        for year in 1900...2101 {
            for month in 1...12 {
                for day in 1...CalendarDay.length(ofMonth: month, year: year) {
                    number += 1
                    let counted = CalendarDay(number: number)
                    #expect(CalendarDay(year: year, month: month, day: day) == counted)
                    #expect(counted.parts == (year, month, day))
                }
            }
        }
        #expect(CalendarDay(year: 1970, month: 1, day: 1) == CalendarDay(number: 0))
        #expect(CalendarDay(number: 0).weekday == 3)
    }

    @Test func intervalsOfAPersonStayAndPeopleDiffer() throws {
        let shifts = (UInt8(0)..<200).map {
            DateShift(owner: [$0], key: Self.key, reach: 365, isDayFirst: false).days
        }
        #expect(shifts.allSatisfy { $0 != 0 && abs($0) <= 365 })
        #expect(Set(shifts).count > 100)
        let policy = try policy("name: x\ndefault: {operator: date-shift, threshold: 0.3}")
        let redactor = try Redactor(
            policy: policy, detectors: [Scanners()],
            keys: RedactionKeys(pseudonymKey: Self.key))
        let record = try makeRecord(.text, ["text": "from 2024-03-05 to 2024-03-19"])
        let words = try redactor.redact(record).record.text("text")?.split(separator: " ") ?? []
        let days = [1, 3].map { index -> Int in
            let parts = words[index].split(separator: "-").compactMap { Int($0) }
            return CalendarDay(year: parts[0], month: parts[1], day: parts[2])?.number ?? 0
        }
        #expect(days[1] - days[0] == 14)
        #expect(words[1] != "2024-03-05")
    }
}
