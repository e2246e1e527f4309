package org.layerwise.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.layerwise.model.config.ExpertsConfig;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.ModuleNames.Module;
import org.layerwise.model.layer.Experts;
import org.layerwise.model.layer.FeedForwardPart;
import org.layerwise.model.layer.Linear;
import org.layerwise.model.layer.LinearWeight;
import org.layerwise.model.layer.Norm;
import org.layerwise.model.layer.Router;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Tensor;

/** Assembles the feed-forward parts of layers. */
record FeedForwardAssembly(ModuleSource modules) {

    private static final String GATE_UP = ".gate_up_proj";
    private static final String DOWN = ".down_proj";

    /** Returns the feed-forward part of a layer. */
    FeedForwardPart of(int layer) {
        ModelConfig.FeedForward shape = config().layer(layer).feedForward();
        ExpertsConfig experts = config().layer(layer).experts();
        if (experts == null) {
            return dense(layer, shape);
        }
        return config().layer(layer).hasExpertsBeside()
                ? new FeedForwardPart.WithExperts(
                        modules.norm(layer, Module.FEED_FORWARD_NORM),
                        dense(layer, shape),
                        modules.norm(layer, Module.DENSE_OUTPUT_NORM),
                        besideDense(layer, experts, shape),
                        modules.norm(layer, Module.EXPERTS_OUTPUT_NORM))
                : experts(layer, experts, shape);
    }

    private FeedForwardPart dense(int layer, ModelConfig.FeedForward shape) {
        if (!shape.gated()) {
            return new FeedForwardPart.Plain(inner(layer, Module.UP, 1), shape.activation(), down(layer));
        }
        return shape.fused()
                ? new FeedForwardPart.FusedGated(inner(layer, Module.GATE_UP, 2), shape.activation(), down(layer))
                : new FeedForwardPart.Gated(
                        inner(layer, Module.GATE, 1), inner(layer, Module.UP, 1), shape.activation(), down(layer));
    }

    /** Returns the experts of Gemma 4. */
    private Experts besideDense(int layer, ExpertsConfig experts, ModelConfig.FeedForward shape) {
        int hidden = config().hiddenSize();
        Tensor scale = modules.vector(layer, Module.ROUTER_SCALE, hidden);
        Router router = new Router(
                new Norm.Unweighted(config().norm().epsilon()),
                modules.weights()
                        .derived(
                                modules.names().inLayer(layer, Module.ROUTER_SCALE),
                                () -> scale.mul(1 / Math.sqrt(hidden)),
                                hidden),
                modules.inLayer(layer, Module.ROUTER, experts.count(), hidden, false),
                modules.vector(layer, Module.ROUTER_FACTORS, experts.count()));
        return new Experts(
                modules.engine(),
                modules.names().experts(layer),
                experts,
                router,
                modules.norm(layer, Module.EXPERTS_NORM),
                joined(layer, shape),
                null);
    }

    /** Returns experts whose weights are stored as one, {@code [experts, out, in]}, the gate first. */
    private List<FeedForwardPart.Expert> joined(int layer, ModelConfig.FeedForward shape) {
        int hidden = config().hiddenSize();
        int size = config().layer(layer).expertSize();
        int count = Objects.requireNonNull(config().layer(layer).experts()).count();
        String name = modules.names().inLayer(layer, Module.EXPERTS);
        List<Linear> gateUp = stacked(name + GATE_UP, count, 2 * size, hidden, false);
        List<Linear> down = stacked(name + DOWN, count, hidden, size, false);
        List<FeedForwardPart.Expert> parts = new ArrayList<>();
        for (int expert = 0; expert < count; expert++) {
            parts.add(new FeedForwardPart.FusedGated(gateUp.get(expert), shape.activation(), down.get(expert)));
        }
        return parts;
    }

    private Linear inner(int layer, Module module, int times) {
        ModelConfig.FeedForward shape = config().layer(layer).feedForward();
        return modules.inLayer(layer, module, times * shape.size(), config().hiddenSize(), shape.bias());
    }

    private Linear down(int layer) {
        ModelConfig.FeedForward shape = config().layer(layer).feedForward();
        return modules.inLayer(layer, Module.DOWN, config().hiddenSize(), shape.size(), shape.bias());
    }

    private Experts experts(int layer, ExpertsConfig experts, ModelConfig.FeedForward shape) {
        boolean limited = experts.limit() > 0;
        return new Experts(
                modules.engine(),
                modules.names().experts(layer),
                experts,
                Router.plain(modules.inLayer(layer, Module.ROUTER, experts.count(), config().hiddenSize(), limited)),
                new Norm.Identity(),
                limited ? limited(layer, experts, shape) : usual(layer, experts, shape),
                experts.shared() == 0 ? null : shared(layer, experts, shape));
    }

    private Experts.Shared shared(int layer, ExpertsConfig experts, ModelConfig.FeedForward shape) {
        int hidden = config().hiddenSize();
        return new Experts.Shared(
                new FeedForwardPart.Gated(
                        modules.inLayer(layer, Module.SHARED_GATE, experts.shared(), hidden, false),
                        modules.inLayer(layer, Module.SHARED_UP, experts.shared(), hidden, false),
                        shape.activation(),
                        modules.inLayer(layer, Module.SHARED_DOWN, hidden, experts.shared(), false)),
                modules.inLayer(layer, Module.SHARED_WEIGHT, 1, hidden, false));
    }

    private List<FeedForwardPart.Expert> usual(int layer, ExpertsConfig experts, ModelConfig.FeedForward shape) {
        return modules.weights().has(modules.names().inLayer(layer, Module.EXPERTS) + GATE_UP)
                ? joined(layer, shape)
                : gated(layer, experts, shape);
    }

    private List<FeedForwardPart.Expert> gated(int layer, ExpertsConfig experts, ModelConfig.FeedForward shape) {
        int hidden = config().hiddenSize();
        List<FeedForwardPart.Expert> parts = new ArrayList<>();
        for (int expert = 0; expert < experts.count(); expert++) {
            String gate = modules.names().inExpert(layer, expert, Module.EXPERT_GATE);
            String up = modules.names().inExpert(layer, expert, Module.EXPERT_UP);
            String down = modules.names().inExpert(layer, expert, Module.EXPERT_DOWN);
            parts.add(new FeedForwardPart.Gated(
                    modules.linear(gate, shape.size(), hidden, false, false),
                    modules.linear(up, shape.size(), hidden, false, false),
                    shape.activation(),
                    modules.linear(down, hidden, shape.size(), false, false)));
        }
        return parts;
    }

    /** Returns experts in the form of gpt-oss, whose weights are stored as one, {@code [experts, in, out]}. */
    private List<FeedForwardPart.Expert> limited(int layer, ExpertsConfig experts, ModelConfig.FeedForward shape) {
        String name = modules.names().inLayer(layer, Module.EXPERTS);
        List<Linear> gateUp = stacked(name + GATE_UP, experts.count(), 2 * shape.size(), config().hiddenSize(), true);
        List<Linear> down = stacked(name + DOWN, experts.count(), config().hiddenSize(), shape.size(), true);
        List<FeedForwardPart.Expert> parts = new ArrayList<>();
        for (int expert = 0; expert < experts.count(); expert++) {
            parts.add(new FeedForwardPart.LimitedGated(gateUp.get(expert), experts.limit(), down.get(expert)));
        }
        return parts;
    }

    /**
     * Returns the linear maps of all experts, whose weights are stored as one.
     *
     * @param limited true for the form of gpt-oss: weights {@code [experts, in, out]} and biases, instead of weights
     *     {@code [experts, out, in]}
     */
    private List<Linear> stacked(String name, int count, int out, int in, boolean limited) {
        WeightSource weights = modules.weights();
        DType type = modules.type();
        List<LinearWeight> all = weights.stack(name, type, count, out, in, limited);
        Tensor biases = limited ? weights.tensor(name + "_bias", type, count, out) : null;
        List<Linear> linears = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            int expert = index;
            String own = name + "." + expert;
            linears.add(new Linear(
                    own,
                    all.get(expert),
                    biases == null ? null : weights.derived(own + ".bias", () -> biases.select(0, expert), out),
                    null));
        }
        return linears;
    }

    private ModelConfig config() {
        return modules.config();
    }
}
