package org.layerwise.model;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.layerwise.base.Progress;
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
    }

    private final TensorEngine engine;
    private final Supply supply;
    private final TensorOwner owner;
    private final Progress progress;
    private final boolean packs;
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
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
    public Tensor weight(String name, DType type, int out, int in) {
        return packs ? kept(name, () -> supply.tensor(name, type, out, in).packed()) : tensor(name, type, out, in);
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

    /** Returns the derived tensors that were requested so far, by the name of their source. */
    Map<String, Tensor> derived() {
        return Collections.unmodifiableMap(derived);
    }
}
