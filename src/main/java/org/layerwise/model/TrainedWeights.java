package org.layerwise.model;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.layerwise.model.layer.LinearWeight;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Tensor;

/** Weights of a model with some tensors replaced by others. Nothing is loaded or copied. */
record TrainedWeights(LoadedWeights own, Map<String, Tensor> trained) implements WeightSource {

    @Override
    public boolean has(String name) {
        return own.has(name);
    }

    @Override
    public Tensor tensor(String name, DType type, long... shape) {
        Tensor other = trained.get(name);
        return other != null ? other : Objects.requireNonNull(own.loaded().get(name), name);
    }

    @Override
    public LinearWeight weight(String name, DType type, int out, int in) {
        Tensor other = trained.get(name);
        return other != null
                ? LinearWeight.of(other)
                : Objects.requireNonNull(own.weights().get(name), name);
    }

    @Override
    public List<LinearWeight> stack(String name, DType type, int count, int out, int in, boolean turned) {
        List<LinearWeight> made = own.stacks().get(name);
        return made == null ? WeightSource.super.stack(name, type, count, out, in, turned) : made;
    }

    @Override
    public Tensor derived(String name, Supplier<Tensor> make, long... shape) {
        if (trained.containsKey(name)) {
            throw new IllegalStateException(name + " is not used as it is stored, so it cannot be replaced");
        }
        return Objects.requireNonNull(own.derived().get(name), name);
    }

    @Override
    public boolean trains(String module) {
        return trained.keySet().stream().anyMatch(name -> name.startsWith(module + "."));
    }
}
