import Kernels

extension EncoderLayer {
    /// Computes `trace.output` (R × H) from x (T × H).
    func forward(
        _ x: Matrix, trace: LayerTrace, scratch: LayerScratch, batch: PackedBatch, pass: Pass
    ) {
        let workers = pass.workers
        let width = shape.hidden, tokens = x.rows
        let keys = keys(trace, batch)

        // Q, K, V: T × H each, or Q only for the rows that are read
        let operands = trace.operands(in: trace.projections, tokens: tokens, width: width)
        var residual = x
        if let selected = trace.selected {
            workers.gatherRows(batch.firstTokens, of: x, into: selected)
            residual = selected
            let both = trace.projections.slice(selected.rows * width, tokens * 2 * width)
            projections.outputs(0, width).forward(
                selected, into: operands.queries, addsBias: true, pass: pass, keys: keys,
                scratch: scratch.adapter)
            projections.outputs(width, 2 * width).forward(
                x, into: both.matrix(tokens, 2 * width), addsBias: true, pass: pass,
                keys: batch.tokenKeys, scratch: scratch.adapter)
        } else {
            projections.forward(
                x, into: trace.projections.matrix(tokens, 3 * width), addsBias: true, pass: pass,
                keys: keys, scratch: scratch.adapter)
        }
        workers.attention(
            operands, shape: attentionShape(trace, batch), into: trace.context,
            logSums: trace.logSums, dropout: pass.dropout(pass.attentionDropout, keys: keys),
            site: Site.attention(index), scratch: scratch.scores)

        // middle = LayerNorm(x + dropout(context Wₒᵀ + bₒ)): R × H
        let dropout = pass.dropout(pass.hiddenDropout, keys: keys)
        close(
            attentionOutput, attentionAdapter, attentionNorm, input: trace.context,
            residual: residual, into: trace.middle,
            traces: (trace.attentionAdapter, trace.attentionNorm), dropout,
            Site.attentionOutput(index), keys, scratch, pass)

        // output = LayerNorm(middle + dropout(GELU(middle W₁ᵀ + b₁) W₂ᵀ + b₂)): R × H
        intermediate.forward(
            trace.middle, into: trace.activation, addsBias: false, pass: pass, keys: keys,
            scratch: scratch.adapter)
        if let bias = intermediate.bias {
            workers.biasGELU(
                trace.activation, bias: bias, into: trace.activation, slope: trace.slope)
        }
        close(
            output, outputAdapter, outputNorm, input: trace.activation, residual: trace.middle,
            into: trace.output, traces: (trace.outputAdapter, trace.outputNorm), dropout,
            Site.output(index), keys, scratch, pass)
    }

    /// The end of a sublayer: y = LayerNorm(residual + adapter(dropout(input Wᵀ + b))).
    private func close(
        _ linear: Linear, _ adapter: Bottleneck?, _ norm: Normalization, input: Matrix,
        residual: Matrix, into y: Matrix,
        traces: (adapter: Bottleneck.Trace?, norm: NormalizationTrace?), _ dropout: Dropout?,
        _ site: UInt32, _ keys: [UInt32], _ scratch: LayerScratch, _ pass: Pass
    ) {
        let hasAdapter = adapter != nil
        linear.forward(
            input, into: y, addsBias: hasAdapter, pass: pass, keys: keys, scratch: scratch.adapter)
        if let adapter, let trace = traces.adapter {
            if let dropout { pass.workers.dropout(y, into: y, dropout, site: site) }
            adapter.forward(y, trace: trace, pass: pass)
        }
        norm.forward(
            y, bias: hasAdapter ? nil : linear.bias, residual: residual, into: y,
            trace: traces.norm, dropout: hasAdapter ? nil : dropout, site: site,
            workers: pass.workers)
    }
}
