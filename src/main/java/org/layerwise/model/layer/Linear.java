package org.layerwise.model.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Tensor;

/**
 * Linear map {@code x W^T + b} and the adapter on it, if it has one.
 *
 * @param name full name of the module in HuggingFace's model with a task head, as in adapters and messages
 * @param weight weight {@code [out, in]}
 * @param bias {@code [out]} or null
 */
public record Linear(String name, LinearWeight weight, @Nullable Tensor bias, @Nullable LinearAdapter adapter) {

    /** Creates a map whose weight is a tensor {@code [out, in]}, perhaps {@linkplain Tensor#packed packed}. */
    public Linear(String name, Tensor weight, @Nullable Tensor bias, @Nullable LinearAdapter adapter) {
        this(name, LinearWeight.of(weight), bias, adapter);
    }

    /** Returns the width of the input. */
    public int in() {
        return weight.in();
    }

    /** Returns the width of the output. */
    public int out() {
        return weight.out();
    }

    /** Maps {@code [..., in]} to {@code [..., out]}. */
    public Tensor apply(Tensor x) {
        return applyAll(x, this).get(0);
    }

    /** Returns the outputs of maps for the same input; adapters of low rank multiply the input once for all maps. */
    static List<Tensor> applyAll(Tensor x, Linear... maps) {
        List<Tensor> thin = Arrays.stream(maps)
                .flatMap(map -> map.sharing().stream())
                .map(adapter -> adapter.thinMatrix(x.dtype()))
                .toList();
        Iterator<Tensor> products = (thin.isEmpty() ? thin : x.thinProducts(thin)).iterator();
        List<Tensor> outputs = new ArrayList<>();
        for (Linear map : maps) {
            outputs.add(map.sharing()
                    .map(adapter -> adapter.applyWithProduct(map, x, products.next()))
                    .orElseGet(() -> map.applyAlone(x)));
        }
        return outputs;
    }

    /** Returns the adapter if its product of the input can be computed together with those of other maps. */
    private Optional<LowRankAdapter> sharing() {
        return adapter instanceof LowRankAdapter low && low.readsInput() ? Optional.of(low) : Optional.empty();
    }

    private Tensor applyAlone(Tensor x) {
        Tensor y = weight.use(x.dtype(), matrix -> x.linear(matrix, biasIn(x.dtype())));
        return adapter == null ? y : adapter.apply(this, x, y);
    }

    /** Returns the packed weight if this map is nothing else; otherwise empty. */
    Optional<Tensor> packedAlone() {
        return bias == null && adapter == null ? weight.packed() : Optional.empty();
    }

    /** Returns the weight with its elements in rows, to read or change them. */
    public Tensor matrix() {
        return weight.matrix();
    }

    /** Returns the bias in a compute type. */
    public @Nullable Tensor biasIn(DType type) {
        return bias == null ? null : bias.cast(type);
    }

    /** Returns this map with another adapter, or with none. */
    public Linear with(@Nullable LinearAdapter other) {
        return new Linear(name, weight, bias, other);
    }
}
