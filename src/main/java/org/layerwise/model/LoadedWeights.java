package org.layerwise.model;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.layerwise.base.Progress;
import org.layerwise.model.layer.LinearWeight;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;

/** Weights of a model from any supply, each kept as long as the owner is open. */
final class LoadedWeights implements WeightSource {

    /** Supply of weights; it creates them in the innermost open scope. */
    interface Supply {

        /** Returns true if there is a tensor of this name. */
        boolean has(String name);

        /**
         * Returns a tensor of this shape, in a type to compute with.
         *
         * @throws org.layerwise.base.UserException if the tensor is missing or has another shape
         */
        Tensor tensor(String name, DType type, long... shape);

        /**
         * Returns a matrix in the quantised form in which it is stored; empty if it is stored in another form.
         *
         * @param type compute type of the model
         * @throws org.layerwise.base.UserException if the tensor has another shape
         */
        default Optional<QuantizedWeight> quantized(String name, DType type, int out, int in) {
            return Optional.empty();
        }
    }

    private final TensorEngine engine;
    private final Supply supply;
    private final TensorOwner owner;
    private final Progress progress;
    private final boolean packs;
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final Map<String, LinearWeight> weights = new HashMap<>();
    private final Map<String, Tensor> derived = new HashMap<>();

    /**
     * Creates weights that are loaded on request.
     *
     * @param owner owner of the tensors
     * @param packs true to pack the weights of linear maps
     * @param progress may cancel between two tensors
     */
    LoadedWeights(TensorEngine engine, Supply supply, TensorOwner owner, boolean packs, Progress progress) {
        this.engine = engine;
        this.supply = supply;
        this.owner = owner;
        this.packs = packs;
        this.progress = progress;
    }

    @Override
    public boolean has(String name) {
        return supply.has(name);
    }

    @Override
    public Tensor tensor(String name, DType type, long... shape) {
        return kept(name, () -> supply.tensor(name, type, shape));
    }

    @Override
    public LinearWeight weight(String name, DType type, int out, int in) {
        Optional<QuantizedWeight> codes = quantized(name, type, out, in);
        LinearWeight weight = codes.isPresent() ? codes.get() : LinearWeight.of(plain(name, type, out, in));
        weights.put(name, weight);
        return weight;
    }

    private Tensor plain(String name, DType type, int out, int in) {
        return packs ? kept(name, () -> supply.tensor(name, type, out, in).packed()) : tensor(name, type, out, in);
    }

    private Optional<QuantizedWeight> quantized(String name, DType type, int out, int in) {
        progress.check();
        try (Scope scope = engine.inference()) {
            Optional<QuantizedWeight> found = supply.quantized(name, type, out, in);
            found.ifPresent(weight -> weight.parts().forEach(owner::adopt));
            return found;
        }
    }

    private Tensor kept(String name, Supplier<Tensor> load) {
        progress.check();
        try (Scope scope = engine.inference()) {
            Tensor tensor = owner.adopt(load.get());
            tensors.put(name, tensor);
            return tensor;
        }
    }

    @Override
    public Tensor derived(String name, Supplier<Tensor> make, long... shape) {
        try (Scope scope = engine.inference()) {
            Tensor tensor = owner.adopt(make.get());
            derived.put(name, tensor);
            return tensor;
        }
    }

    /** Returns the tensors that were requested so far, by name. */
    Map<String, Tensor> loaded() {
        return Collections.unmodifiableMap(tensors);
    }

    /** Returns the weights of linear maps that were requested so far, by name. */
    Map<String, LinearWeight> weights() {
        return Collections.unmodifiableMap(weights);
    }

    /** Returns the derived tensors that were requested so far, by the name of their source. */
    Map<String, Tensor> derived() {
        return Collections.unmodifiableMap(derived);
    }
}
