package org.layerwise.model.layer;

import java.util.function.UnaryOperator;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.tensor.Tensor;

/**
 * Residual connection around a part of a layer, with its normalisations:
 *
 * <pre>
 * x ──┬── before ── part ── dropout ── branch ── scale ──(+)── after ──
 *     └─────────────────────────────────────────────────┘
 * </pre>
 *
 * Families have one or two of the three normalisations (see {@link ModelConfig.Residual}).
 */
public record ResidualConnection(Norm before, Norm branch, double scale, Norm after) {

    Tensor around(Tensor x, double dropout, UnaryOperator<Tensor> part) {
        return around(x, x, dropout, part);
    }

    /**
     * Applies the connection around a part that returns the first token of each row alone, {@code [batch, 1, hidden]}.
     */
    Tensor aroundFirst(Tensor x, double dropout, UnaryOperator<Tensor> part) {
        return around(x, x.slice(1, 0, 1), dropout, part);
    }

    /**
     * Applies the connection around a part.
     *
     * @param x input of the part
     * @param kept tensor to which the part's output is added
     */
    Tensor around(Tensor x, Tensor kept, double dropout, UnaryOperator<Tensor> part) {
        return added(part.apply(before.apply(x)), kept, dropout);
    }

    /**
     * Adds the output of a part.
     *
     * @param changed output of the part for its normalised input
     * @param kept tensor to which the output is added
     */
    Tensor added(Tensor changed, Tensor kept, double dropout) {
        Tensor added = branch.apply(changed.dropout(dropout));
        return after.apply((scale == 1 ? added : added.mul(scale)).add(kept));
    }
}
