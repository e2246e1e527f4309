package org.layerwise.model.layer;

import java.util.List;
import java.util.function.UnaryOperator;
import org.layerwise.model.config.Activation;
import org.layerwise.tensor.Tensor;

/** What changes every token for itself. */
public sealed interface FeedForwardPart {

    /**
     * {@code [batch, sequence, hidden]} to the same shape.
     *
     * @param dropout on the inner width
     */
    Tensor apply(Tensor x, double dropout);

    /** Its linear maps, in the order of the computation. */
    List<Linear> linears();

    /** The same with every linear map replaced by what the function makes of it. */
    FeedForwardPart map(UnaryOperator<Linear> change);

    /** {@code down(activation(up(x)))}. */
    record Plain(Linear up, Activation activation, Linear down) implements FeedForwardPart {
        @Override
        public Tensor apply(Tensor x, double dropout) {
            return down.apply(activation.apply(up.apply(x)).dropout(dropout));
        }

        @Override
        public List<Linear> linears() {
            return List.of(up, down);
        }

        @Override
        public FeedForwardPart map(UnaryOperator<Linear> change) {
            return new Plain(change.apply(up), activation, change.apply(down));
        }
    }

    /** {@code down(activation(gate(x)) up(x))} (Shazeer, arXiv 2002.05202). */
    record Gated(Linear gate, Linear up, Activation activation, Linear down) implements FeedForwardPart {
        @Override
        public Tensor apply(Tensor x, double dropout) {
            return down.apply(activation.apply(gate.apply(x)).mul(up.apply(x)).dropout(dropout));
        }

        @Override
        public List<Linear> linears() {
            return List.of(gate, up, down);
        }

        @Override
        public FeedForwardPart map(UnaryOperator<Linear> change) {
            return new Gated(change.apply(gate), change.apply(up), activation, change.apply(down));
        }
    }

    /** The same with gate and up as one map, the gate first. */
    record FusedGated(Linear gateUp, Activation activation, Linear down) implements FeedForwardPart {
        @Override
        public Tensor apply(Tensor x, double dropout) {
            Tensor both = gateUp.apply(x);
            int inner = down.in();
            Tensor gate = activation.apply(both.slice(-1, 0, inner));
            return down.apply(gate.mul(both.slice(-1, inner, 2L * inner)).dropout(dropout));
        }

        @Override
        public List<Linear> linears() {
            return List.of(gateUp, down);
        }

        @Override
        public FeedForwardPart map(UnaryOperator<Linear> change) {
            return new FusedGated(change.apply(gateUp), activation, change.apply(down));
        }
    }
}
