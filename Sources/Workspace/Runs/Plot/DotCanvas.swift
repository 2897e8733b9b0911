/// A grid of characters in which curves are drawn with dots finer than a character.
///
/// A Braille character (Unicode block 2800–28FF) has 2 × 4 dots, so a curve in it is eight times as
/// fine as one of letters.
struct DotCanvas: Sendable {
    /// What the characters are.
    enum Glyphs: Sendable {
        /// Braille patterns.
        case braille
        /// A character of its own for each curve, one dot a character.
        case letters
    }

    private struct Cell: Sendable {
        /// Braille dots that are set.
        var dots: UInt8 = 0
        /// A mark that covers the dots.
        var mark: Character?
        var colour: Int?
    }

    let columns: Int
    let rows: Int
    private let glyphs: Glyphs
    private var cells: [Cell]

    /// An empty canvas of `columns` × `rows` characters.
    init(columns: Int, rows: Int, glyphs: Glyphs) {
        self.columns = columns
        self.rows = rows
        self.glyphs = glyphs
        cells = Array(repeating: Cell(), count: columns * rows)
    }

    /// Dots from left to right.
    var dotColumns: Int { glyphs == .braille ? 2 * columns : columns }
    /// Dots from top to bottom.
    var dotRows: Int { glyphs == .braille ? 4 * rows : rows }

    /// The bits of Braille's dots: left column 1, 2, 3, 7, right column 4, 5, 6, 8.
    private static let bits: [[UInt8]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]

    /// Sets a dot; outside of the canvas nothing happens.
    mutating func dot(_ x: Int, _ y: Int, letter: Character, colour: Int) {
        guard (0..<dotColumns).contains(x), (0..<dotRows).contains(y) else { return }
        switch glyphs {
        case .braille:
            let index = y / 4 * columns + x / 2
            cells[index].dots |= Self.bits[x % 2][y % 4]
            cells[index].colour = colour
        case .letters: mark(x, y, letter: letter, colour: colour)
        }
    }

    /// Joins two dots (Bresenham's line).
    mutating func line(
        from start: (x: Int, y: Int), to end: (x: Int, y: Int), letter: Character, colour: Int
    ) {
        var (x, y) = start
        let (width, height) = (abs(end.x - x), -abs(end.y - y))
        let (right, down) = (x < end.x ? 1 : -1, y < end.y ? 1 : -1)
        var error = width + height
        while true {
            dot(x, y, letter: letter, colour: colour)
            if x == end.x, y == end.y { return }
            let twice = 2 * error
            if twice >= height {
                error += height
                x += right
            }
            if twice <= width {
                error += width
                y += down
            }
        }
    }

    /// Puts a character over the cell of a dot.
    mutating func mark(_ x: Int, _ y: Int, letter: Character, colour: Int) {
        guard (0..<dotColumns).contains(x), (0..<dotRows).contains(y) else { return }
        let index =
            glyphs == .braille ? y / 4 * columns + x / 2 : y * columns + x
        cells[index].mark = letter
        cells[index].colour = colour
    }

    /// The characters of one row.
    ///
    /// - Parameter paint: gives a run of characters of one colour the colour; nil: none.
    func text(row: Int, paint: ((String, Int) -> String)?) -> String {
        var (text, run, colour) = ("", "", Int?.none)
        func painted() -> String {
            guard let paint, let colour, !run.isEmpty else { return run }
            return paint(run, colour)
        }
        for cell in cells[row * columns..<(row + 1) * columns] {
            let character = Self.character(of: cell)
            let own = character == " " ? nil : cell.colour
            if own != colour {
                text += painted()
                (run, colour) = ("", own)
            }
            run.append(character)
        }
        return text + painted()
    }

    private static func character(of cell: Cell) -> Character {
        if let mark = cell.mark { return mark }
        guard cell.dots != 0, let scalar = Unicode.Scalar(0x2800 + UInt32(cell.dots)) else {
            return " "
        }
        return Character(scalar)
    }
}
