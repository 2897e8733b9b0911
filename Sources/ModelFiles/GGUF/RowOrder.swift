/// In which order a file has the rows of a matrix.
///
/// llama.cpp rotates neighbouring numbers of a head (2i, 2i + 1), Hugging Face number i and number
/// i + half. So a GGUF of a Llama model has the rows of the query and key projections interleaved:
/// row 2i + j of a head in the file is row j · half + i in the model.
enum RowOrder: Sendable, Hashable {
    /// As the model has them.
    case stored
    /// Interleaved within heads of `headWidth` rows, an even number that divides the rows.
    case interleaved(headWidth: Int)

    /// The row of the file that holds row `row` of the model.
    func fileRow(_ row: Int) -> Int {
        guard case .interleaved(let width) = self else { return row }
        let within = row % width
        return row - within + within % (width / 2) * 2 + within / (width / 2)
    }

    /// The row of the model that row `row` of the file holds.
    func modelRow(_ row: Int) -> Int {
        guard case .interleaved(let width) = self else { return row }
        let within = row % width
        return row - within + within % 2 * (width / 2) + within / 2
    }

    /// Writes `rows` rows of the file in the model's order; both sides have equal sizes.
    func sort(
        _ file: UnsafeRawBufferPointer, rows: Int, into model: UnsafeMutableRawBufferPointer
    ) {
        let size = file.count / rows
        for row in 0..<rows {
            let from = fileRow(row) * size
            unsafe UnsafeMutableRawBufferPointer(rebasing: model[row * size..<(row + 1) * size])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: file[from..<from + size]))
        }
    }
}
