import Records

/// A row while it waits in the sorter.
struct HeldRow {
    var isKeyed: Bool
    var subjects: [SubjectID]
    /// JCS of the record.
    var canonical: ArraySlice<UInt8>
    /// Which file it came from, in the order of reading.
    var file: Int
    var offset: UInt64
    var length: UInt64
    /// Where it stood in people's words; nil for files of rows.
    var place: String?

    /// u8 keyed | u32 file | u64 offset | u64 length | u16 subjects | 16 each | u16 place | bytes
    /// | canonical
    func append(to out: inout [UInt8]) {
        out.append(isKeyed ? 1 : 0)
        BigEndian.append(UInt32(file), to: &out)
        BigEndian.append(offset, to: &out)
        BigEndian.append(length, to: &out)
        BigEndian.append(UInt16(subjects.count), to: &out)
        for subject in subjects {
            BigEndian.append(subject.words.0, to: &out)
            BigEndian.append(subject.words.1, to: &out)
        }
        let place = (place ?? "").utf8.prefix(Int(UInt16.max))
        BigEndian.append(UInt16(place.count), to: &out)
        out.append(contentsOf: place)
        out.append(contentsOf: canonical)
    }
}

extension HeldRow {
    /// Reads a row back; its content stays a view of `bytes`.
    init(decoding bytes: ArraySlice<UInt8>) throws {
        var cursor = Cursor(bytes: bytes, position: bytes.startIndex)
        isKeyed = try cursor.integer(UInt8.self) == 1
        file = Int(try cursor.integer(UInt32.self))
        offset = try cursor.integer()
        length = try cursor.integer()
        let count = Int(try cursor.integer(UInt16.self))
        subjects = try (0..<count).map { _ in
            SubjectID(words: (try cursor.integer(), try cursor.integer()))
        }
        let placeLength = Int(try cursor.integer(UInt16.self))
        let text = try cursor.take(placeLength)
        place = text.isEmpty ? nil : String(decoding: text, as: UTF8.self)
        canonical = bytes[cursor.position...]
    }

    /// The most subjects that a row can have.
    static let maximumSubjects = Int(UInt16.max)

    private struct Cursor {
        let bytes: ArraySlice<UInt8>
        var position: Int

        mutating func integer<Integer: FixedWidthInteger>(
            _ type: Integer.Type = Integer.self
        ) throws -> Integer {
            var value: Integer = 0
            for byte in try take(Integer.bitWidth / 8) {
                value = (Integer.bitWidth > 8 ? value << 8 : 0) | Integer(truncatingIfNeeded: byte)
            }
            return value
        }

        mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
            guard bytes.endIndex - position >= count else {
                throw WorkspaceError(.integrity, "a row was damaged while sorting")
            }
            defer { position += count }
            return bytes[position..<position + count]
        }
    }
}
