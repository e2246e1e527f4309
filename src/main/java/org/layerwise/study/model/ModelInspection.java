package org.layerwise.study.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.model.ModelTensor;
import org.layerwise.model.quantization.QuantizedTensor;
import org.layerwise.selection.LayerList;

/**
 * Architecture of a model as a table, read from the headers of its files.
 *
 * @param rows tensors, one per row, in the order of the computation
 * @param missing tensors that the model needs and the files lack
 * @param unused tensors in the files that the model does not use, such as the head of another task
 * @param parametersByType number of parameters by the data type that they are stored in, or by their quantised format
 * @param quantized quantised weights; empty if there are none
 */
public record ModelInspection(
        List<Row> rows,
        List<String> missing,
        List<String> unused,
        Map<String, Long> parametersByType,
        Optional<QuantizedWeights> quantized) {

    /**
     * Quantised weights of a model.
     *
     * @param formats names of their formats
     * @param parameters number of their parameters
     * @param bits stored bits for each of them, scales included
     * @param others names of the matrices that are not quantised: those of layers without the layer's prefix, each once, with
     *     their layers if other layers have it quantised
     */
    public record QuantizedWeights(Set<String> formats, long parameters, double bits, Set<String> others) {

        static Optional<QuantizedWeights> of(List<ModelTensor> tensors, List<Row> rows) {
            Set<String> formats = new TreeSet<>();
            Map<String, SortedSet<Integer>> others = new LinkedHashMap<>();
            Set<String> somewhere = new TreeSet<>();
            long parameters = 0;
            long bytes = 0;
            for (int i = 0; i < tensors.size(); i++) {
                QuantizedTensor codes = tensors.get(i).quantized();
                if (codes != null) {
                    formats.add(codes.format());
                    somewhere.add(rows.get(i).module());
                    parameters += codes.elements();
                    bytes += codes.bytes();
                } else if (tensors.get(i).name().endsWith(".weight")
                        && tensors.get(i).shape().size() > 1) {
                    SortedSet<Integer> layers =
                            others.computeIfAbsent(rows.get(i).module(), module -> new TreeSet<>());
                    rows.get(i).layer().ifPresent(layers::add);
                }
            }
            if (parameters == 0) {
                return Optional.empty();
            }
            Set<String> plain = new LinkedHashSet<>();
            others.forEach((module, layers) -> plain.add(
                    somewhere.contains(module)
                            ? "%s of layers %s".formatted(module, LayerList.format(layers))
                            : module));
            return Optional.of(
                    new QuantizedWeights(formats, parameters, Byte.SIZE * (double) bytes / parameters, plain));
        }
    }

    /**
     * Tensor of a model.
     *
     * @param layer 0-based layer; empty for a tensor outside of the layers
     * @param module name of the tensor, without the layer's prefix
     * @param shape dimensions of the tensor
     * @param dtype data type in the file, or the name of a quantised format
     * @param parameters number of parameters
     */
    public record Row(OptionalInt layer, String module, List<Long> shape, String dtype, long parameters) {

        /** Returns the shape as text: {@code 384 × 1536}, or {@code scalar} if there are no dimensions. */
        public String shapeText() {
            return shape.isEmpty()
                    ? "scalar"
                    : shape.stream().map(String::valueOf).collect(Collectors.joining(" × "));
        }
    }

    /** Returns the number of all parameters. */
    public long parameters() {
        return rows.stream().mapToLong(Row::parameters).sum();
    }

    /** Returns the number of parameters of one layer. */
    public long parametersOf(int layer) {
        return rows.stream()
                .filter(row -> row.layer().isPresent() && row.layer().getAsInt() == layer)
                .mapToLong(Row::parameters)
                .sum();
    }

    public static ModelInspection of(ModelBlueprint blueprint) {
        List<Row> rows = new ArrayList<>();
        Map<String, Long> byType = new TreeMap<>();
        for (ModelTensor tensor : blueprint.tensors()) {
            String module = tensor.layer().isPresent()
                    ? blueprint
                            .description()
                            .names()
                            .withoutLayer(tensor.layer().getAsInt(), tensor.name())
                    : tensor.name();
            rows.add(new Row(tensor.layer(), module, tensor.shape(), tensor.form(), tensor.parameters()));
            byType.merge(tensor.form(), tensor.parameters(), Long::sum);
        }
        return new ModelInspection(
                List.copyOf(rows),
                blueprint.missing(),
                blueprint.unused(),
                Map.copyOf(byType),
                QuantizedWeights.of(blueprint.tensors(), rows));
    }
}
