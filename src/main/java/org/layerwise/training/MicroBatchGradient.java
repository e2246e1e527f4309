package org.layerwise.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.data.batch.Piece;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.model.OutputHead;
import org.layerwise.model.Transformer;
import org.layerwise.model.input.ModelInput;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Gradient of the loss of rows that are computed together, from the lowest trained layer upwards.
 *
 * <p>Each layer has a separate graph that ends at its input. The backward pass goes through the graphs one after
 * another, from the highest layer down. The work can therefore stop between any two layers, which a single call for the
 * whole graph could not do.
 *
 * <pre>
 * input ── layer ── input ── layer ── input ── layer, head ── loss
 *   │                 │                 │           │
 *   └── layer back ◀──┴── layer back ◀──┴───────────┘   gradients of the inputs
 * </pre>
 *
 * <p>With checkpointing (Chen et al., arXiv 1604.06174) the forward pass records no graph and keeps only the inputs of
 * the layers; each layer is computed once more before its backward pass.
 */
final class MicroBatchGradient {

    private final AdaptedModel model;
    private final TensorEngine engine;
    private final Transformer transformer;
    private final OutputHead head;
    private final Objective objective;
    private final TrainerSettings settings;
    private final Prefix prefix;
    private final int lowest;
    private final int layers;

    /** @param transformer transformer for training, with dropout */
    MicroBatchGradient(
            AdaptedModel model, Transformer transformer, Objective objective, TrainerSettings settings, Prefix prefix) {
        this.model = model;
        this.engine = model.base().engine();
        this.transformer = transformer;
        this.head = model.trainingHead();
        this.objective = objective;
        this.settings = settings;
        this.prefix = prefix;
        this.lowest = model.lowestTrainedLayer();
        this.layers = transformer.config().layers();
    }

    /** Rows with their input on the device, their random numbers and their progress. */
    private record Pass(Piece rows, ModelInput input, DropoutRandom draws, Progress progress) {}

    /** Layer with the graph from its input to its output, or with the input alone if it has no graph yet. */
    private record Part(int layer, Tensor input, @Nullable Tensor output) {}

    /**
     * Adds the gradient of the mean loss, multiplied by a factor, to the gradients of the parameters. It reads no value,
     * so it need not wait for the device.
     *
     * @return the mean loss, without the factor, a scalar in the innermost open scope
     * @throws org.layerwise.base.CancelledException between two layers
     */
    Tensor add(Piece rows, DropoutRandom draws, double factor, Progress progress) {
        try (Scope scope = engine.inference()) {
            Pass pass = new Pass(rows, rows.input(model.base()), draws, progress);
            return scope.keep(layerByLayer(pass, prefix.of(rows, pass.input(), draws, progress), factor));
        }
    }

    private Tensor layerByLayer(Pass pass, Tensor first, double factor) {
        boolean again = settings.memory().checkpointing();
        boolean below = first.requiresGradient();
        try (Scope scope = again ? engine.scope() : engine.training()) {
            List<Part> parts = new ArrayList<>();
            Tensor hidden = first;
            for (int i = lowest; i < layers - 1; i++) {
                Tensor input = again ? hidden : leaf(hidden, i > lowest || below);
                hidden = layer(i, input, pass);
                parts.add(new Part(i, input, again ? null : hidden));
            }
            // the backward pass begins with the highest layer, so it is computed only once
            Tensor gradient;
            Tensor loss;
            try (Scope graph = engine.training()) {
                Tensor input = leaf(hidden, hidden != first || below);
                loss = graph.keep(backward(pass, lowest < layers ? layer(layers - 1, input, pass) : input, factor));
                gradient = keptGradient(graph, input);
            }
            if (again) {
                scope.drop(hidden);
            }
            for (int i = parts.size() - 1; i >= 0; i--) {
                Tensor ofOutput = Objects.requireNonNull(gradient, "every layer above the lowest has one");
                Part part = parts.get(i);
                gradient = back(part, i > 0 || below, pass, ofOutput);
                scope.drop(ofOutput);
                scope.drop(part.input());
                if (part.output() != null) {
                    scope.drop(part.output());
                }
            }
            if (gradient != null) {
                first.backward(gradient);
            }
            return scope.keep(loss);
        }
    }

    /**
     * Runs the backward pass of a layer and frees its graph; returns the gradient of its input if that is wanted,
     * otherwise null.
     */
    private @Nullable Tensor back(Part part, boolean wanted, Pass pass, Tensor gradientOfOutput) {
        try (Scope graph = engine.training()) {
            Tensor input = part.output() == null ? leaf(part.input(), wanted) : part.input();
            Tensor output = part.output() == null ? layer(part.layer(), input, pass) : part.output();
            pass.progress().check();
            if (output.requiresGradient()) {
                output.backward(gradientOfOutput);
            }
            return keptGradient(graph, input);
        }
    }

    /** Returns the same values as the leaf of a new graph. */
    private static Tensor leaf(Tensor values, boolean collecting) {
        Tensor leaf = values.detach();
        return collecting ? leaf.requireGradient() : leaf;
    }

    private static @Nullable Tensor keptGradient(Scope graph, Tensor leaf) {
        return leaf.requiresGradient() ? graph.keep(leaf.gradient()) : null;
    }

    // frees the layer's intermediate tensors: autograd keeps what it needs in native memory
    private Tensor layer(int index, Tensor hidden, Pass pass) {
        pass.progress().check();
        try (Scope inner = engine.scope()) {
            pass.draws().layer(index);
            return inner.keep(transformer.layer(index, hidden, pass.input()));
        }
    }

    /**
     * Runs the backward pass of the loss, part by part, down to the graph of the last layer; returns the loss without the
     * factor.
     */
    private Tensor backward(Pass pass, Tensor hidden, double factor) {
        pass.draws().head();
        try (Scope scope = engine.scope()) {
            Tensor finished = transformer.finish(hidden);
            Tensor input = leaf(finished, finished.requiresGradient());
            List<Tensor> losses = new ArrayList<>();
            objective.eachPart(head, input, pass.input(), pass.rows(), settings.dropout(), part -> {
                pass.progress().check();
                (factor == 1 ? part : part.mul(factor)).backward();
                losses.add(scope.adopt(part.detach()));
            });
            if (input.requiresGradient()) {
                finished.backward(input.gradient());
            }
            return scope.keep(losses.stream().reduce(Tensor::add).orElseThrow());
        }
    }
}
