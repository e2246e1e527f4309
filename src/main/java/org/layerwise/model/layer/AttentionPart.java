package org.layerwise.model.layer;

import java.util.List;
import java.util.function.UnaryOperator;
import org.layerwise.model.input.ModelInput;
import org.layerwise.tensor.Tensor;

/** What mixes the tokens of a row. */
public sealed interface AttentionPart permits SelfAttention, DisentangledAttention {

    /**
     * {@code [batch, sequence, hidden]} to the same shape.
     *
     * @param dropout on attention probabilities
     */
    Tensor apply(Tensor x, ModelInput input, double dropout);

    /** The same for the first token of each row alone, which sees the others as ever: {@code [batch, 1, hidden]}. */
    Tensor first(Tensor x, ModelInput input, double dropout);

    /**
     * The same as {@link #apply(Tensor, ModelInput, double)} without dropout, with the keys and values of tokens that were
     * computed before, to which it adds its own.
     *
     * @param input whole rows, which fill the cache, or one more token a row
     * @throws UnsupportedOperationException if it is an encoder's, which looks ahead
     */
    Tensor apply(Tensor x, ModelInput input, LayerCache cache);

    /** Its linear maps, in the order of the computation. */
    List<Linear> linears();

    /** The same with every linear map replaced by what the function makes of it. */
    AttentionPart map(UnaryOperator<Linear> change);
}
