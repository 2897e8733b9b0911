import Kernels

extension EncoderLayer {
    /// Adds the gradients of the layer's trained weights, from the gradient of its output (R × H,
    /// overwritten); returns that of x (T × H), or nil if nobody below needs it.
    func backward(
        _ gradient: Matrix, x: Matrix, trace: LayerTrace, scratch: LayerScratch,
        batch: PackedBatch, pass: Pass, needsInput: Bool
    ) -> Matrix? {
        guard let slope = trace.slope, let logSums = trace.logSums,
            let outputTrace = trace.outputNorm, let attentionTrace = trace.attentionNorm
        else { preconditionFailure("the forward pass kept no trace") }
        let workers = pass.workers
        let width = shape.hidden, tokens = x.rows, rows = gradient.rows
        let keys = keys(trace, batch)
        let dropout = pass.dropout(pass.hiddenDropout, keys: keys)
        let adapter = scratch.adapter
        let wide = scratch.wide.slice(0, rows * shape.intermediate)
            .matrix(rows, shape.intermediate)

        // Through the feed-forward part; `gradient` carries the residual.
        outputNorm.backward(gradient, trace: outputTrace, workers: workers)
        var dense = opened(
            gradient, outputAdapter, trace.outputAdapter, dropout, Site.output(index), scratch,
            pass)
        output.backward(
            output: dense, x: trace.activation, into: wide, pass: pass, keys: keys,
            scratch: adapter)
        workers.multiply(wide.floats, by: slope.floats)
        intermediate.backward(
            output: wide, x: trace.middle, into: gradient, adding: true, pass: pass, keys: keys,
            scratch: adapter)

        // Through attention's output
        attentionNorm.backward(gradient, trace: attentionTrace, workers: workers)
        dense = opened(
            gradient, attentionAdapter, trace.attentionAdapter, dropout,
            Site.attentionOutput(index), scratch, pass)
        guard needsInput || projections.isTrained || attentionOutput.isTrained else { return nil }
        let context = scratch.context.slice(0, rows * width).matrix(rows, width)
        attentionOutput.backward(
            output: dense, x: trace.context, into: context, pass: pass, keys: keys,
            scratch: adapter)
        guard needsInput || projections.isTrained else { return nil }

        // Through attention: dQ, dK, dV in the layout of the projections
        let operands = trace.operands(in: trace.projections, tokens: tokens, width: width)
        let gradients = trace.operands(in: scratch.projections, tokens: tokens, width: width)
        workers.attentionBackward(
            operands, shape: attentionShape(trace, batch), output: context, logSums: logSums,
            into: gradients, dropout: pass.dropout(pass.attentionDropout, keys: keys),
            site: Site.attention(index), scratch: scratch.scores)

        // Through the projections
        guard let selected = trace.selected else {
            projections.backward(
                output: scratch.projections.slice(0, tokens * 3 * width)
                    .matrix(tokens, 3 * width),
                x: x, into: needsInput ? gradient : nil, adding: true, pass: pass, keys: keys,
                scratch: adapter)
            return needsInput ? gradient : nil
        }
        projections.outputs(0, width).backward(
            output: gradients.queries, x: selected, into: needsInput ? gradient : nil,
            adding: true, pass: pass, keys: keys, scratch: adapter)
        let all = scratch.hidden.slice(0, tokens * width).matrix(tokens, width)
        projections.outputs(width, 2 * width).backward(
            output: scratch.projections.slice(rows * width, tokens * 2 * width)
                .matrix(tokens, 2 * width),
            x: x, into: needsInput ? all : nil, pass: pass, keys: batch.tokenKeys,
            scratch: adapter)
        guard needsInput else { return nil }
        workers.scatterAddRows(gradient, at: batch.firstTokens, to: all)
        return all
    }

    /// The gradient behind a bottleneck adapter and a dropout mask: a copy, or the gradient itself
    /// where there is neither.
    private func opened(
        _ gradient: Matrix, _ adapter: Bottleneck?, _ trace: Bottleneck.Trace?,
        _ dropout: Dropout?, _ site: UInt32, _ scratch: LayerScratch, _ pass: Pass
    ) -> Matrix {
        guard adapter != nil || dropout != nil else { return gradient }
        let count = gradient.rows * gradient.columns
        let copy = scratch.masked.slice(0, count).matrix(gradient.rows, gradient.columns)
        if let adapter, let trace {
            copy.floats.copy(from: gradient.floats.slice(0, count))
            adapter.backward(copy, trace: trace, scratch: scratch.bottleneck, pass: pass)
            if let dropout { pass.workers.dropout(copy, into: copy, dropout, site: site) }
        } else if let dropout {
            pass.workers.dropout(gradient, into: copy, dropout, site: site)
        }
        return copy
    }
}
