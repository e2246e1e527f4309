package org.layerwise.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.layerwise.data.Batch;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.model.OutputHead;
import org.layerwise.model.Transformer;
import org.layerwise.model.input.ModelInput;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * The gradient of the loss of some rows that are computed together, from the lowest layer that is trained upwards.
 *
 * <p>With checkpointing (Chen et al., arXiv 1604.06174) the layers are run without a graph first, and only their inputs are
 * kept. Then, from the highest down, each is computed once more with a graph of its own, which ends at its input and is
 * followed back at once:
 *
 * <pre>
 * input ── layer ── input ── layer ── input ── layer, head ── loss
 *   │                 │                 │           │
 *   └─ layer again ◀──┴─ layer again ◀──┴───────────┘   gradients of the inputs
 * </pre>
 */
final class PieceGradient {

    private final AdaptedModel model;
    private final TensorEngine engine;
    private final Transformer transformer;
    private final OutputHead head;
    private final Objective objective;
    private final TrainerSettings settings;
    private final Prefix prefix;
    private final int lowest;
    private final int layers;

    /** @param transformer as it is trained, with dropout */
    PieceGradient(
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

    /** Rows and what belongs to them. */
    private record Piece(Batch batch, ModelInput input, Draws draws) {}

    /**
     * Adds the gradient of the mean loss, times a factor, to that of the parameters.
     *
     * @return the mean loss, without the factor
     */
    double add(Batch batch, Draws draws, double factor) {
        try (Scope scope = engine.inference()) {
            Piece piece = new Piece(batch, model.base().input(batch.tokens()), draws);
            Tensor first = prefix.of(batch, piece.input(), draws);
            return settings.memory().checkpointing()
                    ? layerByLayer(piece, first, factor)
                    : atOnce(piece, first, factor);
        }
    }

    private double atOnce(Piece piece, Tensor first, double factor) {
        try (Scope scope = engine.training()) {
            Tensor hidden = first;
            for (int i = lowest; i < layers; i++) {
                Tensor before = hidden;
                hidden = layer(i, before, piece);
                scope.drop(before);
            }
            return backward(piece, hidden, factor);
        }
    }

    private double layerByLayer(Piece piece, Tensor first, double factor) {
        try (Scope scope = engine.scope()) {
            List<Tensor> inputs = new ArrayList<>();
            Tensor hidden = first;
            for (int i = lowest; i < layers - 1; i++) {
                inputs.add(hidden);
                hidden = layer(i, hidden, piece);
            }
            // the highest layer is the next to be followed back, so it is computed only once
            Tensor gradient;
            double loss;
            try (Scope graph = engine.training()) {
                Tensor input = leaf(hidden, hidden != first || first.requiresGradient());
                loss = backward(piece, lowest < layers ? layer(layers - 1, input, piece) : input, factor);
                gradient = keptGradient(graph, input);
            }
            scope.drop(hidden);
            for (int i = layers - 2; i >= lowest; i--) {
                Tensor input = inputs.get(i - lowest);
                Tensor ofOutput = Objects.requireNonNull(gradient, "every layer above the lowest has one");
                gradient = again(i, leaf(input, input != first || first.requiresGradient()), piece, ofOutput);
                scope.drop(ofOutput);
                scope.drop(input);
            }
            if (gradient != null) {
                first.backward(gradient);
            }
            return loss;
        }
    }

    /** Follows a layer back; gives the gradient of its input where one is wanted. */
    private @Nullable Tensor again(int index, Tensor input, Piece piece, Tensor gradientOfOutput) {
        try (Scope graph = engine.training()) {
            Tensor output = layer(index, input, piece);
            if (output.requiresGradient()) {
                output.backward(gradientOfOutput);
            }
            return keptGradient(graph, input);
        }
    }

    /** The same values at the beginning of a graph. */
    private static Tensor leaf(Tensor values, boolean collecting) {
        Tensor leaf = values.detach();
        return collecting ? leaf.requireGradient() : leaf;
    }

    private static @Nullable Tensor keptGradient(Scope graph, Tensor leaf) {
        return leaf.requiresGradient() ? graph.keep(leaf.gradient()) : null;
    }

    // frees what the layer made on the way: autograd keeps natively what it needs
    private Tensor layer(int index, Tensor hidden, Piece piece) {
        try (Scope inner = engine.scope()) {
            piece.draws().layer(index);
            return inner.keep(transformer.layer(index, hidden, piece.input()));
        }
    }

    private double backward(Piece piece, Tensor hidden, double factor) {
        piece.draws().head();
        Tensor loss =
                objective.loss(head, transformer.finish(hidden), piece.input(), piece.batch(), settings.dropout());
        (factor == 1 ? loss : loss.mul(factor)).backward();
        return loss.item();
    }
}
