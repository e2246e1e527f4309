package org.layerwise.analysis.gradient;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.model.layer.Linear;
import org.layerwise.model.layer.LinearAdapter;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Records the inputs of a linear map, and adds zeros to its outputs that collect the gradient with respect to the
 * outputs. With input {@code x} and output gradient {@code g} the gradient of the weight is
 * {@code sum over tokens of g x^T}, so the frozen weight itself never needs to require a gradient.
 */
final class GradientProbe implements LinearAdapter {

    /**
     * Application of the map: the tensor that it read, its input {@code [.., tokens, in]} and the zeros added to its output,
     * {@code [.., tokens, out]}.
     */
    private record Use(Tensor source, Tensor input, Tensor added) {}

    private final TensorEngine engine;
    private final String name;
    private final @Nullable LinearAdapter inner;
    private final Progress progress;
    private final List<Use> uses = new ArrayList<>();
    private @Nullable Scope scope;

    /** @param inner adapter of the map; null for none */
    GradientProbe(TensorEngine engine, String name, @Nullable LinearAdapter inner, Progress progress) {
        this.engine = engine;
        this.name = name;
        this.inner = inner;
        this.progress = progress;
    }

    String name() {
        return name;
    }

    /** Starts recording until {@link #rest}; the recorded tensors belong to {@code keeper}. */
    void listen(Scope keeper) {
        scope = keeper;
    }

    /** Stops recording and discards the recorded tensors. */
    void rest() {
        scope = null;
        uses.clear();
    }

    @Override
    public Tensor apply(Linear map, Tensor x, Tensor y) {
        progress.check();
        Tensor adapted = inner == null ? y : inner.apply(map, x, y);
        if (scope == null) {
            return adapted;
        }
        Tensor added = scope.adopt(
                engine.zeros(adapted.dtype(), adapted.device(), adapted.shape()).requireGradient());
        uses.add(new Use(x, scope.adopt(x.detach()), added));
        return adapted.add(added);
    }

    /** Returns true if another map was applied to the same tensors, as a key's is to those of the query. */
    boolean readsAs(GradientProbe other) {
        return IntStream.range(0, Math.max(uses.size(), other.uses.size()))
                .allMatch(i -> uses.size() == other.uses.size()
                        && uses.get(i).source() == other.uses.get(i).source());
    }

    /** Returns all inputs of a batch's examples, {@code [batch, tokens, in]}, float32. */
    Tensor inputs(int batch) {
        return joined(batch, uses.stream().map(Use::input).toList());
    }

    /** Returns the gradients with respect to the outputs, {@code [batch, tokens, out]}, float32. */
    Tensor outputGradients(int batch) {
        return joined(batch, uses.stream().map(use -> use.added().gradient()).toList());
    }

    // for a map that a layer uses twice, the tokens of both uses are joined
    private Tensor joined(int batch, List<Tensor> tensors) {
        List<Tensor> parts = tensors.stream()
                .map(tensor -> tensor.cast(DType.F32).reshape(batch, -1, tensor.size(-1)))
                .toList();
        return parts.size() == 1 ? parts.get(0) : engine.cat(parts, 1);
    }
}
