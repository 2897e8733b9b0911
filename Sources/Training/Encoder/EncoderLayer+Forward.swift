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
        attentionOutput.forward(
            trace.context, into: trace.middle, addsBias: false, pass: pass, keys: keys,
            scratch: scratch.adapter)
        attentionNorm.forward(
            trace.middle, bias: attentionOutput.bias, residual: residual, into: trace.middle,
            trace: trace.attentionNorm, dropout: dropout, site: Site.attentionOutput(index),
            workers: workers)

        // output = LayerNorm(middle + dropout(GELU(middle W₁ᵀ + b₁) W₂ᵀ + b₂)): R × H
        intermediate.forward(
            trace.middle, into: trace.activation, addsBias: false, pass: pass, keys: keys,
            scratch: scratch.adapter)
        workers.biasGELU(
            trace.activation, bias: intermediate.bias, into: trace.activation, slope: trace.slope)
        output.forward(
            trace.activation, into: trace.output, addsBias: false, pass: pass, keys: keys,
            scratch: scratch.adapter)
        outputNorm.forward(
            trace.output, bias: output.bias, residual: trace.middle, into: trace.output,
            trace: trace.outputNorm, dropout: dropout, site: Site.output(index), workers: workers)
    }
}
