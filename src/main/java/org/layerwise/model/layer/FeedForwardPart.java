package org.layerwise.model.layer;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.model.config.Activation;
import org.layerwise.tensor.Tensor;

/** Feed-forward part of a layer, which changes every token independently. */
public sealed interface FeedForwardPart
        permits FeedForwardPart.Plain, FeedForwardPart.Expert, FeedForwardPart.WithExperts, Experts {

    /**
     * Maps {@code [batch, sequence, hidden]}, or {@code [tokens, hidden]}, to the same shape.
     *
     * @param dropout dropout probability on the inner width
     */
    Tensor apply(Tensor x, double dropout);

    /**
     * Returns this part with the function's result for each linear map, in the order of the computation. The maps of the
     * experts that a router chooses are left out.
     */
    FeedForwardPart map(UnaryOperator<Linear> change);

    /** Returns the experts that a router chooses; empty for a part without. */
    default Optional<Experts> experts() {
        return Optional.empty();
    }

    /** Returns this part with the function's result for the experts that a router chooses; itself without experts. */
    default FeedForwardPart mapExperts(UnaryOperator<Experts> change) {
        return this;
    }

    /** Feed-forward part that may be an expert of a mixture. */
    sealed interface Expert extends FeedForwardPart permits Gated, FusedGated, LimitedGated {

        /**
         * Returns this part with adapters.
         *
         * @param gateUp adapter of gate and up as one map, in the order in which transformers stores it; null for none
         * @param down adapter of the map of the output; null for none
         */
        Expert with(ExpertsAdapter.@Nullable OfExpert gateUp, ExpertsAdapter.@Nullable OfExpert down);
    }

    /** Feed-forward part without a gate: {@code down(activation(up(x)))}. */
    record Plain(Linear up, Activation activation, Linear down) implements FeedForwardPart {
        @Override
        public Tensor apply(Tensor x, double dropout) {
            return down.apply(activation.apply(up.apply(x)).dropout(dropout));
        }

        @Override
        public FeedForwardPart map(UnaryOperator<Linear> change) {
            return new Plain(change.apply(up), activation, change.apply(down));
        }
    }

    /** Gated feed-forward part: {@code down(activation(gate(x)) up(x))} (Shazeer, arXiv 2002.05202). */
    record Gated(Linear gate, Linear up, Activation activation, Linear down) implements Expert {
        @Override
        public Tensor apply(Tensor x, double dropout) {
            if (dropout == 0 && activation.fused().isPresent()) {
                Activation.Fused fused = activation.fused().get();
                List<Tensor> packed = Stream.of(gate, up, down)
                        .flatMap(map -> map.packedAlone().stream())
                        .toList();
                if (packed.size() == 3) {
                    return x.gated(packed.get(0), packed.get(1), packed.get(2), fused.name(), fused.variant());
                }
            }
            List<Tensor> mapped = Linear.applyAll(x, gate, up);
            return down.apply(activation.apply(mapped.get(0)).mul(mapped.get(1)).dropout(dropout));
        }

        @Override
        public Gated with(ExpertsAdapter.@Nullable OfExpert gateUp, ExpertsAdapter.@Nullable OfExpert ofDown) {
            return new Gated(
                    gateUp == null ? gate : gate.with(gateUp.outputs(0, gate.out())),
                    gateUp == null ? up : up.with(gateUp.outputs(gate.out(), (long) gate.out() + up.out())),
                    activation,
                    ofDown == null ? down : down.with(ofDown));
        }

        @Override
        public FeedForwardPart map(UnaryOperator<Linear> change) {
            return new Gated(change.apply(gate), change.apply(up), activation, change.apply(down));
        }
    }

    /** Gated feed-forward part with gate and up as one map, the gate first. */
    record FusedGated(Linear gateUp, Activation activation, Linear down) implements Expert {
        @Override
        public FusedGated with(ExpertsAdapter.@Nullable OfExpert both, ExpertsAdapter.@Nullable OfExpert ofDown) {
            return new FusedGated(
                    both == null ? gateUp : gateUp.with(both), activation, ofDown == null ? down : down.with(ofDown));
        }

        @Override
        public Tensor apply(Tensor x, double dropout) {
            Tensor both = gateUp.apply(x);
            int inner = down.in();
            Tensor gate = activation.apply(both.slice(-1, 0, inner));
            return down.apply(gate.mul(both.slice(-1, inner, 2L * inner)).dropout(dropout));
        }

        @Override
        public FeedForwardPart map(UnaryOperator<Linear> change) {
            return new FusedGated(change.apply(gateUp), activation, change.apply(down));
        }
    }

    /**
     * Feed-forward part and a mixture of experts beside it, whose normalised outputs are added (Gemma 4). The input comes
     * as it is, since each of the two normalises it on its own; the linear map of the router may have an adapter.
     */
    record WithExperts(Norm before, FeedForwardPart dense, Norm afterDense, Experts mixture, Norm afterExperts)
            implements FeedForwardPart {
        @Override
        public Tensor apply(Tensor x, double dropout) {
            Tensor first = afterDense.apply(dense.apply(before.apply(x), dropout));
            return first.add(afterExperts.apply(mixture.apply(x, dropout)));
        }

        @Override
        public FeedForwardPart map(UnaryOperator<Linear> change) {
            Router router = mixture.router();
            return new WithExperts(
                    before,
                    dense.map(change),
                    afterDense,
                    mixture.with(router.with(change.apply(router.map()))),
                    afterExperts);
        }

        @Override
        public Optional<Experts> experts() {
            return Optional.of(mixture);
        }

        @Override
        public FeedForwardPart mapExperts(UnaryOperator<Experts> change) {
            return new WithExperts(before, dense, afterDense, mixture.mapExperts(change), afterExperts);
        }
    }

    /**
     * Gated feed-forward part of gpt-oss: {@code down((up + 1) gate sigmoid(1.702 gate))}, with gate and up as one map,
     * element by element, the gate at most a limit and up within plus or minus the limit.
     */
    record LimitedGated(Linear gateUp, double limit, Linear down) implements Expert {
        @Override
        public LimitedGated with(ExpertsAdapter.@Nullable OfExpert both, ExpertsAdapter.@Nullable OfExpert ofDown) {
            return new LimitedGated(
                    both == null ? gateUp : gateUp.with(both), limit, ofDown == null ? down : down.with(ofDown));
        }

        @Override
        public Tensor apply(Tensor x, double dropout) {
            Tensor both = gateUp.apply(x);
            Tensor pairs = both.reshape(both.size(0), down.in(), 2);
            Tensor gate = atMost(pairs.select(-1, 0));
            Tensor up = atMost(pairs.select(-1, 1)).clampMin(-limit);
            return down.apply(up.add(1).mul(gate.quickGelu()).dropout(dropout));
        }

        private Tensor atMost(Tensor values) {
            return values.neg().clampMin(-limit).neg();
        }

        @Override
        public FeedForwardPart map(UnaryOperator<Linear> change) {
            return new LimitedGated(change.apply(gateUp), limit, change.apply(down));
        }
    }
}
