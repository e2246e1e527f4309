package org.layerwise.model;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
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
         * Returns a table of which single rows are read, in the type in which it stays in its file or in a type to compute
         * with.
         *
         * @throws org.layerwise.base.UserException under the conditions of {@link #tensor}
         */
        default Tensor table(String name, DType type, long rows, long width) {
            return tensor(name, type, rows, width);
        }

        /**
         * Returns a matrix that is made for each computation from the form in which it is stored; empty if it is kept in
         * the compute type.
         *
         * @param type compute type of the model
         * @throws org.layerwise.base.UserException if the tensor has another shape
         */
        default Optional<OnDemandWeight> onDemand(String name, DType type, int out, int in) {
            return Optional.empty();
        }

        /**
         * Returns matrices of a tensor that are made for each computation, as {@link #onDemand} does; empty if they are kept in
         * the compute type.
         *
         * @param turned true if the tensor is {@code [count, in, out]}, false if it is {@code [count, out, in]}
         */
        default List<OnDemandWeight> onDemand(String name, DType type, int count, int out, int in, boolean turned) {
            return List.of();
        }
    }

    private final TensorEngine engine;
    private final Supply supply;
    private final TensorOwner owner;
    private final Progress progress;
    private final boolean packs;
    private final boolean once;
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final Map<String, LinearWeight> weights = new HashMap<>();
    private final Map<String, List<LinearWeight>> stacks = new HashMap<>();
    private final Map<String, Tensor> derived = new HashMap<>();

    /**
     * Creates weights that are loaded on request.
     *
     * @param owner owner of the tensors
     * @param packs true to pack the weights of linear maps, except those that are quantised
     * @param once true to decode quantised matrices once instead of for each computation
     * @param progress may cancel between two tensors
     */
    LoadedWeights(
            TensorEngine engine, Supply supply, TensorOwner owner, boolean packs, boolean once, Progress progress) {
        this.engine = engine;
        this.supply = supply;
        this.owner = owner;
        this.packs = packs;
        this.once = once;
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
    public Tensor table(String name, DType type, long rows, long width) {
        return kept(name, () -> supply.table(name, type, rows, width));
    }

    @Override
    public LinearWeight weight(String name, DType type, int out, int in) {
        LinearWeight weight =
                onDemand(name, type, out, in).orElseGet(() -> LinearWeight.of(plain(name, type, out, in)));
        weights.put(name, weight);
        return weight;
    }

    private Tensor plain(String name, DType type, int out, int in) {
        return packs ? kept(name, () -> supply.tensor(name, type, out, in).packed()) : tensor(name, type, out, in);
    }

    private Optional<LinearWeight> onDemand(String name, DType type, int out, int in) {
        progress.check();
        try (Scope scope = engine.inference()) {
            return supply.onDemand(name, type, out, in).<LinearWeight>map(made -> {
                if (once) {
                    return LinearWeight.of(kept(name, made::matrix));
                }
                made.parts().forEach(owner::adopt);
                return made;
            });
        }
    }

    @Override
    public List<LinearWeight> stack(String name, DType type, int count, int out, int in, boolean turned) {
        List<LinearWeight> made = once ? List.of() : stackOnDemand(name, type, count, out, in, turned);
        if (made.isEmpty()) {
            return WeightSource.super.stack(name, type, count, out, in, turned);
        }
        stacks.put(name, made);
        return made;
    }

    private List<LinearWeight> stackOnDemand(String name, DType type, int count, int out, int in, boolean turned) {
        progress.check();
        try (Scope scope = engine.inference()) {
            List<OnDemandWeight> made = supply.onDemand(name, type, count, out, in, turned);
            made.forEach(weight -> weight.parts().forEach(owner::adopt));
            return List.copyOf(made);
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

    /** Returns the weights of linear maps by the tensor that holds them, as far as they are made for each computation. */
    Map<String, List<LinearWeight>> stacks() {
        return Collections.unmodifiableMap(stacks);
    }

    /** Returns the derived tensors that were requested so far, by the name of their source. */
    Map<String, Tensor> derived() {
        return Collections.unmodifiableMap(derived);
    }
}
