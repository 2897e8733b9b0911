import Kernels

/// One encoder layer (Devlin et al. 2019): attention and feed-forward, each followed by dropout,
/// the residual sum and a layer normalisation. Forward and backward stand side by side in
/// `EncoderLayer+Forward.swift` and `EncoderLayer+Backward.swift`.
struct EncoderLayer {
    let index: Int
    let shape: ModelShape
    /// Q, K and V in one: 3H × H
    let projections: Linear
    /// H × H
    let attentionOutput: Linear
    let attentionAdapter: Bottleneck?
    let attentionNorm: Normalization
    /// F × H
    let intermediate: Linear
    /// H × F
    let output: Linear
    let outputAdapter: Bottleneck?
    let outputNorm: Normalization

    var linears: [Linear] {
        [projections, attentionOutput, intermediate, output]
            + [attentionAdapter, outputAdapter].compactMap { $0 }.flatMap(\.linears)
    }

    /// Dropout keys of the rows that are computed: all tokens, or the first of each example.
    func keys(_ trace: LayerTrace, _ batch: PackedBatch) -> [UInt32] {
        trace.selected == nil ? batch.tokenKeys : batch.firstKeys
    }

    func attentionShape(_ trace: LayerTrace, _ batch: PackedBatch) -> AttentionShape {
        trace.selected == nil
            ? batch.shape(heads: shape.heads) : batch.firstTokenShape(heads: shape.heads)
    }
}

/// Room that layers share while they compute.
struct LayerScratch {
    /// Attention scores, for each thread
    let scores: Floats
    let adapter: AdapterScratch?
    /// R × r, a gradient inside a bottleneck adapter
    let bottleneck: Floats
    /// R × H, a gradient behind a dropout mask
    let masked: Floats
    /// R × H
    let context: Floats
    /// R × F
    let wide: Floats
    /// T × 3H, the gradient of the projections
    let projections: Floats
    /// T × H
    let hidden: Floats

    init(
        _ arena: inout Arena, _ size: PassSize, _ model: ModelShape, threads: Int,
        rank: Int, adapterDropsOut: Bool, hasMagnitudes: Bool, backward: Bool
    ) {
        let tokens = backward ? size.tokens : 0
        scores = arena.floats(
            threads
                * AttentionShape.scratchCount(
                    longest: size.longest, width: model.hidden / model.heads, backward: backward))
        adapter =
            rank > 0
            ? AdapterScratch(
                &arena, tokens: size.tokens, widest: max(model.hidden, model.intermediate),
                rank: rank, dropsOut: adapterDropsOut, hasMagnitudes: hasMagnitudes) : nil
        bottleneck = arena.floats(tokens * model.bottleneck)
        masked = arena.floats(tokens * model.hidden)
        context = arena.floats(tokens * model.hidden)
        wide = arena.floats(tokens * model.intermediate)
        projections = arena.floats(tokens * 3 * model.hidden)
        hidden = arena.floats(tokens * model.hidden)
    }
}
