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
 * Writes down which tensors the parts of a model ask for and hands out blanks: so what a model needs is known from the very code
 * that builds it, and costs no memory.
 */
final class WeightList implements WeightSource {

    /** A tensor that is asked for. */
    record Wanted(String name, DType type, List<Long> shape) {
        long elements() {
            return shape.stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact);
        }
    }

    private final StoredNames stored;
    private final BlankWeights blanks;
    private final Map<String, Wanted> wanted = new LinkedHashMap<>();

    WeightList(TensorEngine engine, StoredNames stored) {
        this.stored = stored;
        this.blanks = new BlankWeights(engine, stored.checkpoint().folder().resolve("config.json"));
    }

    /** In the order in which they were asked for. */
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
