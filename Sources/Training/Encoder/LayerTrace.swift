import Kernels

/// What one layer computes. R is T, or B in a last layer of which one row for each example is read.
struct LayerTrace {
    /// Those rows of the input, B × H; nil where all rows are computed.
    let selected: Matrix?
    /// All rows: Q K V side by side, T × 3H. Selected rows: Q, B × H, and then K V, T × 2H.
    let projections: Floats
    /// log Σ exp of the scores, heads × R; kept for the backward pass
    let logSums: Floats?
    /// Attention's output, R × H
    let context: Matrix
    let attentionAdapter: Bottleneck.Trace?
    let attentionNorm: NormalizationTrace?
    /// After attention's normalisation, R × H
    let middle: Matrix
    /// GELU(middle W₁ᵀ + b₁), R × F
    let activation: Matrix
    /// GELU′ of the same, R × F
    let slope: Matrix?
    let outputAdapter: Bottleneck.Trace?
    let outputNorm: NormalizationTrace?
    /// R × H
    var output: Matrix

    init(
        _ arena: inout Arena, _ size: PassSize, _ model: ModelShape, selects: Bool, traces: Bool
    ) {
        let tokens = size.tokens, rows = selects ? size.sequences : tokens
        let width = model.hidden
        let trace = { (arena: inout Arena) -> NormalizationTrace? in
            traces
                ? NormalizationTrace(
                    normalized: arena.matrix(rows, width), inverseDeviation: arena.floats(rows))
                : nil
        }
        let adapter = { (arena: inout Arena, isThere: Bool) -> Bottleneck.Trace? in
            isThere && model.bottleneck > 0
                ? Bottleneck.Trace(
                    &arena, rows: rows, hidden: width, bottleneck: model.bottleneck) : nil
        }
        selected = selects ? arena.matrix(rows, width) : nil
        projections = arena.floats(selects ? rows * width + tokens * 2 * width : tokens * 3 * width)
        logSums = traces ? arena.floats(model.heads * rows) : nil
        context = arena.matrix(rows, width)
        attentionAdapter = adapter(&arena, model.bottlenecksAttention)
        attentionNorm = trace(&arena)
        middle = arena.matrix(rows, width)
        activation = arena.matrix(rows, model.intermediate)
        slope = traces ? arena.matrix(rows, model.intermediate) : nil
        outputAdapter = adapter(&arena, true)
        outputNorm = trace(&arena)
        output = arena.matrix(rows, width)
    }

    /// The operands of attention inside `projections` (or inside as large a gradient of it).
    func operands(in floats: Floats, tokens: Int, width: Int) -> AttentionOperands {
        guard let selected else {
            let all = floats.slice(0, tokens * 3 * width).matrix(tokens, 3 * width)
            return AttentionOperands(
                queries: all.columns(0, width), keys: all.columns(width, width),
                values: all.columns(2 * width, width))
        }
        let rows = selected.rows
        let both = floats.slice(rows * width, tokens * 2 * width).matrix(tokens, 2 * width)
        return AttentionOperands(
            queries: floats.slice(0, rows * width).matrix(rows, width),
            keys: both.columns(0, width), values: both.columns(width, width))
    }
}
