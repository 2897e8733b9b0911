import Kernels

/// One decoder layer with the normalisations before the sublayers (Touvron et al. 2023; Radford et
/// al. 2019): m = x + attention(norm(x)), y = m + feedForward(norm(m)).
///
/// Forward and backward stand side by side in `DecoderLayer+Forward.swift` and
/// `DecoderLayer+Backward.swift`. What a norm and SwiGLU give is made again in the backward pass:
/// memory is worth more than these cheap passes.
struct DecoderLayer {
    let index: Int
    let shape: DecoderShape
    let inputNorm: DecoderNorm
    /// Q, K and V in one: (heads + 2 keyHeads) · headWidth × H
    let projections: Linear
    /// H × heads · headWidth
    let attentionOutput: Linear
    let attentionAdapter: Bottleneck?
    let middleNorm: DecoderNorm
    /// Gate and up in one, 2F × H; or up alone, F × H
    let wide: Linear
    /// H × F
    let output: Linear
    let outputAdapter: Bottleneck?

    init(
        _ store: ParameterStore, _ names: DecoderNames.Layer, index: Int, shape: DecoderShape,
        plan: TuningPlan
    ) {
        let linear = { (modules: [String], first: Int) in
            store.linear(modules, scale: plan.scale, site: Site.adapter(index, first))
        }
        let activation = plan.bottleneck?.activation ?? .relu
        self.index = index
        self.shape = shape
        inputNorm = DecoderNorm(store, names.inputNorm, shape: shape)
        projections = linear(names.projections, 0)
        attentionOutput = linear([names.attentionOutput], 3)
        attentionAdapter = store.bottleneck(after: names.attentionOutput, activation: activation)
        middleNorm = DecoderNorm(store, names.middleNorm, shape: shape)
        wide = linear(names.wide, 4)
        output = linear([names.output], 6)
        outputAdapter = store.bottleneck(after: names.output, activation: activation)
    }

    var linears: [Linear] {
        [projections, attentionOutput, wide, output]
            + [attentionAdapter, outputAdapter].compactMap { $0 }.flatMap(\.linears)
    }

    var isTrained: Bool {
        linears.contains(where: \.isTrained) || inputNorm.isTrained || middleNorm.isTrained
    }

    /// Queries, keys and values inside rows of `projections` (or of its gradient).
    func operands(_ projections: Matrix) -> AttentionOperands {
        AttentionOperands(
            queries: projections.columns(0, shape.queryWidth),
            keys: projections.columns(shape.queryWidth, shape.keyWidth),
            values: projections.columns(shape.queryWidth + shape.keyWidth, shape.keyWidth))
    }

    /// Turns queries and keys by their positions, or back.
    func rotate(
        _ operands: AttentionOperands, positions: [Int32], table: RotaryTable?, inverse: Bool,
        workers: WorkerPool
    ) {
        guard let table else { return }
        workers.rotate(
            operands.queries, heads: shape.heads, positions: positions, table: table,
            inverse: inverse)
        workers.rotate(
            operands.keys, heads: shape.keyHeads, positions: positions, table: table,
            inverse: inverse)
    }
}

/// What one decoder layer computes and keeps for its backward pass.
struct DecoderTrace {
    /// x, T × H
    var input: Matrix
    let inputNorm: DecoderNorm.Trace
    /// Q K V side by side, turned, T × (heads + 2 keyHeads) · headWidth
    let projections: Matrix
    /// log Σ exp of the scores, heads × T
    let logSums: Floats
    /// Attention's output, T × heads · headWidth
    let context: Matrix
    let attentionAdapter: Bottleneck.Trace?
    /// m, T × H
    let middle: Matrix
    let middleNorm: DecoderNorm.Trace
    /// SwiGLU: gate and up, T × 2F. GELU: the activation, T × F
    let wide: Matrix
    /// GELU: its slope, T × F
    let slope: Matrix?
    let outputAdapter: Bottleneck.Trace?

    init(_ arena: inout Arena, tokens: Int, _ shape: DecoderShape) {
        func norm(_ arena: inout Arena) -> DecoderNorm.Trace {
            DecoderNorm.Trace(
                &arena, rows: tokens, columns: shape.hidden, isLayer: !shape.isLlama)
        }
        func adapter(_ arena: inout Arena, _ isThere: Bool) -> Bottleneck.Trace? {
            isThere && shape.bottleneck > 0
                ? Bottleneck.Trace(
                    &arena, rows: tokens, hidden: shape.hidden, bottleneck: shape.bottleneck) : nil
        }
        input = arena.matrix(tokens, shape.hidden)
        inputNorm = norm(&arena)
        projections = arena.matrix(tokens, shape.projectionWidth)
        logSums = arena.floats(shape.heads * tokens)
        context = arena.matrix(tokens, shape.queryWidth)
        attentionAdapter = adapter(&arena, shape.bottlenecksAttention)
        middle = arena.matrix(tokens, shape.hidden)
        middleNorm = norm(&arena)
        wide = arena.matrix(tokens, shape.wideWidth)
        slope = shape.isLlama ? nil : arena.matrix(tokens, shape.intermediate)
        outputAdapter = adapter(&arena, true)
    }
}

/// Room that decoder layers share while they compute.
struct DecoderScratch {
    /// Attention scores, for each thread
    let scores: Floats
    let adapter: AdapterScratch?
    /// T × r, a gradient inside a bottleneck adapter
    let bottleneck: Floats
    /// T × H: a normalised input
    let normed: Matrix
    /// T × F: SwiGLU's output
    let activation: Matrix
    /// T × H: a branch before it is added, or the gradient of a normalised input
    let branch: Matrix
    /// T × H: the gradient behind a bottleneck adapter
    let opened: Matrix
    /// T × F, T × projections, T × context: gradients
    let activationGradient: Matrix
    let projectionGradient: Matrix
    let contextGradient: Matrix

    init(
        _ arena: inout Arena, _ size: PassSize, _ shape: DecoderShape, threads: Int, rank: Int,
        adapterDropsOut: Bool, hasMagnitudes: Bool, backward: Bool
    ) {
        let tokens = size.tokens, kept = backward ? size.tokens : 0
        scores = arena.floats(
            threads
                * AttentionShape.scratchCount(
                    longest: size.longest, width: shape.headWidth, backward: backward))
        adapter =
            rank > 0
            ? AdapterScratch(
                &arena, tokens: tokens,
                widest: max(
                    shape.hidden, shape.wideWidth, shape.projectionWidth, shape.queryWidth),
                rank: rank, dropsOut: adapterDropsOut, hasMagnitudes: hasMagnitudes) : nil
        bottleneck = arena.floats(kept * shape.bottleneck)
        normed = arena.matrix(tokens, shape.hidden)
        activation = arena.matrix(shape.isLlama ? tokens : 0, shape.intermediate)
        branch = arena.matrix(tokens, shape.hidden)
        opened = arena.matrix(shape.bottleneck > 0 ? kept : 0, shape.hidden)
        activationGradient = arena.matrix(kept, shape.intermediate)
        projectionGradient = arena.matrix(kept, shape.projectionWidth)
        contextGradient = arena.matrix(kept, shape.queryWidth)
    }
}
