package org.layerwise.analysis;

import static java.util.stream.Collectors.averagingDouble;
import static java.util.stream.Collectors.groupingBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.DoubleStream;

/** Importance of each linear map of a model by a measure that has one. */
public record ModuleImportance(List<Module> modules) {

    /**
     * Linear map.
     *
     * @param name full name in HuggingFace's model
     * @param type name within its layer, such as {@code self_attn.q_proj}
     * @param layer index of its layer, from 0
     * @param value its importance, not negative
     */
    public record Module(String name, String type, int layer, double value) {

        private Module withValue(double other) {
            return new Module(name, type, layer, other);
        }
    }

    public ModuleImportance {
        modules = List.copyOf(modules);
    }

    /** Returns the types of modules in the order in which they first occur. */
    public List<String> types() {
        return modules.stream().map(Module::type).distinct().toList();
    }

    /**
     * Returns the short name of each type, in the order of {@link #types}: its shortest end that is the end of no other type, such as
     * {@code q_proj} of {@code self_attn.q_proj}, or the whole type if there is none.
     */
    public Map<String, String> labels() {
        List<String> types = types();
        Map<String, String> labels = new LinkedHashMap<>();
        types.forEach(type -> labels.put(type, label(type, types)));
        return labels;
    }

    private static String label(String type, List<String> types) {
        for (int at = type.lastIndexOf('.'); at >= 0; at = type.lastIndexOf('.', at - 1)) {
            String end = type.substring(at);
            String name = end.substring(1);
            if (types.stream().noneMatch(other -> !other.equals(type) && (other.equals(name) || other.endsWith(end)))) {
                return name;
            }
        }
        return type;
    }

    /** Returns the modules with the most important one first, equal ones in their order. */
    public List<Module> ranking() {
        return modules.stream()
                .sorted(Comparator.comparingDouble(Module::value).reversed())
                .toList();
    }

    /** Returns the values from which those of layers are averaged. In a type whose mean is 0, they are 0. */
    public ModuleImportance scaled(ModuleAverage average) {
        if (average != ModuleAverage.OF_TYPE_MEAN) {
            return this;
        }
        Map<String, Double> means = modules.stream().collect(groupingBy(Module::type, averagingDouble(Module::value)));
        return new ModuleImportance(modules.stream()
                .map(module ->
                        module.withValue(relative(module.value(), Objects.requireNonNull(means.get(module.type())))))
                .toList());
    }

    private static double relative(double value, double mean) {
        return mean == 0 ? 0 : value / mean; // no value is negative, so each of a mean of 0 is 0
    }

    /**
     * Returns the importance of each of some layers.
     *
     * @param without one sentence on why a layer without a module is undefined
     */
    public LayerImportance ofLayers(int layers, ModuleAverage average, String without) {
        List<Module> scaled = scaled(average).modules();
        List<Similarity> scores = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            int number = layer;
            double[] values = scaled.stream()
                    .filter(module -> module.layer() == number)
                    .mapToDouble(Module::value)
                    .toArray();
            scores.add(
                    values.length > 0
                            ? new Similarity.Value(ofLayer(values, average))
                            : new Similarity.Undefined(without));
        }
        return LayerImportance.ofScores(scores);
    }

    private static double ofLayer(double[] values, ModuleAverage average) {
        DoubleStream all = Arrays.stream(values);
        return switch (average) {
            case MEAN, OF_TYPE_MEAN -> all.average().orElseThrow();
            case SUM -> all.sum();
            case ROOT_OF_SQUARES -> Math.sqrt(all.map(value -> value * value).sum());
        };
    }
}
