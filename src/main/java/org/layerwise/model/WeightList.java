package org.layerwise.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Weight source that records the tensors that the parts of a model request and returns blank tensors. The code that
 * builds a model thus also lists its weights, without any memory for them.
 */
final class WeightList implements WeightSource {

    /** Requested tensor. */
    record Wanted(String name, DType type, List<Long> shape) {}

    private final StoredTensors stored;
    private final BlankWeights blanks;
    private final Map<String, Wanted> wanted = new LinkedHashMap<>();

    WeightList(TensorEngine engine, StoredTensors stored) {
        this.stored = stored;
        this.blanks = new BlankWeights(engine, stored.checkpoint().folder().resolve("config.json"));
    }

    /** Returns the requested tensors in the order of the requests. */
    List<Wanted> wanted() {
        return new ArrayList<>(wanted.values());
    }

    @Override
    public boolean has(String name) {
        return stored.find(name).isPresent();
    }

    @Override
    public Tensor tensor(String name, DType type, long... shape) {
        wanted.putIfAbsent(
                name, new Wanted(name, type, Arrays.stream(shape).boxed().toList()));
        return blanks.tensor(name, type, shape);
    }

    @Override
    public Tensor derived(String name, Supplier<Tensor> make, long... shape) {
        return blanks.tensor("a derived tensor", DType.F32, shape);
    }
}
