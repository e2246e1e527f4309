package org.layerwise.model.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.model.config.ExpertsConfig;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Mixture of experts (Shazeer et al., arXiv 1701.06538). The rows of one expert are gathered and multiplied once. The
 * experts that a router chooses have {@linkplain ExpertsAdapter adapters} of their own kind.
 *
 * <pre>
 * x ── router ── softmax ── the largest of each token ── weights
 *  └── the token's experts ────────────────────────────── sum
 * </pre>
 *
 * @param name name of the experts in the model of transformers 5, which holds the same map of all experts as one tensor
 * @param before normalisation of what the experts read, and the router does not
 * @param parts feed-forward part of each expert
 * @param shared expert that all tokens use; null for none
 * @param gateUp adapters of gate and up as one map; null for none
 * @param down adapters of the map of the output; null for none
 * @param listener listens to the choices of the router; null for none
 */
public record Experts(
        TensorEngine engine,
        String name,
        ExpertsConfig shape,
        Router router,
        Norm before,
        List<? extends Expert> parts,
        @Nullable Shared shared,
        @Nullable ExpertsAdapter gateUp,
        @Nullable ExpertsAdapter down,
        @Nullable RoutingListener listener)
        implements FeedForwardPart {

    /**
     * Expert that all tokens use, beside those that the router chooses (Qwen3-Next).
     *
     * @param weight linear map to the weight of its output before the sigmoid
     */
    public record Shared(FeedForwardPart part, Linear weight) {

        private Tensor apply(Tensor tokens, double dropout) {
            return part.apply(tokens, dropout).mul(weight.apply(tokens).sigmoid());
        }

        private Shared map(UnaryOperator<Linear> change) {
            return new Shared(part.map(change), change.apply(weight));
        }
    }

    /** End of the name of gate and up of all experts. */
    public static final String GATE_UP = ".gate_up_proj";

    /** End of the name of the maps of all experts' outputs. */
    public static final String DOWN = ".down_proj";

    /** Creates experts without adapters. */
    public Experts(
            TensorEngine engine,
            String name,
            ExpertsConfig shape,
            Router router,
            Norm before,
            List<? extends Expert> parts,
            @Nullable Shared shared) {
        this(engine, name, shape, router, before, parts, shared, null, null, null);
    }

    public Experts {
        parts = List.copyOf(parts);
    }

    /** Returns the name of gate and up of all experts in the model of transformers 5. */
    public String gateUpName() {
        return name + GATE_UP;
    }

    /** Returns the name of the maps of all experts' outputs in the model of transformers 5. */
    public String downName() {
        return name + DOWN;
    }

    @Override
    public Tensor apply(Tensor x, double dropout) {
        Tensor tokens = x.reshape(-1, x.size(-1));
        Tensor probabilities = router.probabilities(tokens);
        int[][] chosen = chosen(probabilities.detach().floats(), shape.count(), shape.perToken());
        if (listener != null) {
            listener.onRouted(chosen);
        }
        Routing routing = Routing.of(chosen, shape.count());
        Device device = x.device();
        Tensor gathered = before.apply(tokens)
                .indexSelect(
                        0, engine.of(routing.tokens(), routing.tokens().length).to(device));
        List<? extends ExpertsAdapter.OfExpert> ofGateUp = gateUp == null ? null : gateUp.ofExperts();
        List<? extends ExpertsAdapter.OfExpert> ofDown = down == null ? null : down.ofExperts();
        List<Tensor> outputs = new ArrayList<>();
        for (int expert = 0; expert < shape.count(); expert++) {
            int begin = routing.begins()[expert];
            int end = routing.begins()[expert + 1];
            if (begin < end) {
                Expert part = parts.get(expert)
                        .with(
                                ofGateUp == null ? null : ofGateUp.get(expert),
                                ofDown == null ? null : ofDown.get(expert));
                outputs.add(part.apply(gathered.slice(0, begin, end), dropout));
            }
        }
        Tensor byToken = engine.cat(outputs, 0)
                .indexSelect(
                        0, engine.of(routing.places(), routing.places().length).to(device))
                .reshape(tokens.size(0), shape.perToken(), -1);
        Tensor mixed = byToken.mul(weights(probabilities, chosen, device).cast(x.dtype()))
                .sum(1, false);
        return (shared == null ? mixed : mixed.add(shared.apply(tokens, dropout))).reshape(x.shape());
    }

    /** Returns the weights of each token's experts, {@code [tokens, perToken, 1]}, float32. */
    private Tensor weights(Tensor probabilities, int[][] chosen, Device device) {
        long[] index = Arrays.stream(chosen)
                .flatMapToInt(Arrays::stream)
                .asLongStream()
                .toArray();
        Tensor weights = probabilities.gather(
                1, engine.of(index, chosen.length, shape.perToken()).to(device));
        Tensor normalised = shape.normalised() ? weights.div(weights.sum(1, true)) : weights;
        Tensor factors = router.factors();
        Tensor scaled = factors == null
                ? normalised
                : normalised.mul(
                        factors.indexSelect(0, engine.of(index, index.length).to(device))
                                .reshape(chosen.length, shape.perToken()));
        return scaled.reshape(chosen.length, shape.perToken(), 1);
    }

    /**
     * Returns the experts of each token with the largest probabilities, in the order of the experts.
     *
     * @param probabilities {@code [tokens, experts]}
     */
    static int[][] chosen(float[] probabilities, int experts, int perToken) {
        int[][] chosen = new int[probabilities.length / experts][];
        boolean[] taken = new boolean[experts];
        for (int token = 0; token < chosen.length; token++) {
            Arrays.fill(taken, false);
            for (int place = 0; place < perToken; place++) {
                taken[largest(probabilities, token * experts, taken)] = true;
            }
            chosen[token] =
                    IntStream.range(0, experts).filter(expert -> taken[expert]).toArray();
        }
        return chosen;
    }

    private static int largest(float[] probabilities, int offset, boolean[] taken) {
        int largest = -1;
        for (int expert = 0; expert < taken.length; expert++) {
            if (!taken[expert] && (largest < 0 || probabilities[offset + expert] > probabilities[offset + largest])) {
                largest = expert;
            }
        }
        return largest;
    }

    /**
     * Order in which tokens are gathered, expert by expert.
     *
     * @param tokens token of each gathered row
     * @param begins index of the first gathered row of each expert, and the number of all rows
     * @param places index of the gathered row for each token and each of its experts
     */
    private record Routing(long[] tokens, int[] begins, long[] places) {

        static Routing of(int[][] chosen, int experts) {
            int[] begins = new int[experts + 1];
            for (int[] own : chosen) {
                for (int expert : own) {
                    begins[expert + 1]++;
                }
            }
            for (int expert = 0; expert < experts; expert++) {
                begins[expert + 1] += begins[expert];
            }
            int[] next = begins.clone();
            long[] tokens = new long[begins[experts]];
            long[] places = new long[tokens.length];
            int slot = 0;
            for (int token = 0; token < chosen.length; token++) {
                for (int expert : chosen[token]) {
                    tokens[next[expert]] = token;
                    places[slot++] = next[expert]++;
                }
            }
            return new Routing(tokens, begins, places);
        }
    }

    /** Returns this mixture with another router. */
    Experts with(Router other) {
        return new Experts(engine, name, shape, other, before, parts, shared, gateUp, down, listener);
    }

    @Override
    public FeedForwardPart map(UnaryOperator<Linear> change) {
        return shared == null
                ? this
                : new Experts(engine, name, shape, router, before, parts, shared.map(change), gateUp, down, listener);
    }

    @Override
    public Optional<Experts> experts() {
        return Optional.of(this);
    }

    @Override
    public Experts mapExperts(UnaryOperator<Experts> change) {
        return change.apply(this);
    }

    /** Returns these experts with a listener to the choices of the router. */
    public Experts with(RoutingListener other) {
        return new Experts(engine, name, shape, router, before, parts, shared, gateUp, down, other);
    }

    /** Returns these experts with other adapters, by the name of their weights. */
    public Experts with(Map<String, ? extends ExpertsAdapter> adapters) {
        return new Experts(
                engine,
                name,
                shape,
                router,
                before,
                parts,
                shared,
                adapters.get(gateUpName()),
                adapters.get(downName()),
                listener);
    }
}
