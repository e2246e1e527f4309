package org.layerwise.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.model.ModelTensor;

/**
 * The architecture of a model as a table, from the headers of its files.
 *
 * @param rows a tensor a row, in the order of the computation
 * @param missing tensors that the model needs and the files lack
 * @param unused tensors in the files that nobody asks for, such as the head of another task
 * @param parametersByType parameters by the type that they are stored in
 */
public record ModelInspection(
        List<Row> rows, List<String> missing, List<String> unused, Map<String, Long> parametersByType) {

    /**
     * One tensor.
     *
     * @param layer from 0; empty for what belongs to none
     * @param module its name, without the layer's prefix
     * @param shape its dimensions
     * @param dtype as stored
     */
    public record Row(OptionalInt layer, String module, List<Long> shape, String dtype, long parameters) {

        /** The shape as people write it: {@code 384 × 1536}. */
        public String shapeText() {
            return shape.isEmpty()
                    ? "scalar"
                    : shape.stream().map(String::valueOf).collect(Collectors.joining(" × "));
        }
    }

    /** All parameters. */
    public long parameters() {
        return rows.stream().mapToLong(Row::parameters).sum();
    }

    /** The parameters of one layer. */
    public long parametersOf(int layer) {
        return rows.stream()
                .filter(row -> row.layer().isPresent() && row.layer().getAsInt() == layer)
                .mapToLong(Row::parameters)
                .sum();
    }

    static ModelInspection of(ModelBlueprint blueprint) {
        List<Row> rows = new ArrayList<>();
        Map<String, Long> byType = new TreeMap<>();
        for (ModelTensor tensor : blueprint.tensors()) {
            String module = tensor.layer().isPresent()
                    ? tensor.name()
                            .substring(blueprint
                                    .description()
                                    .names()
                                    .layerPrefix(tensor.layer().getAsInt())
                                    .length())
                    : tensor.name();
            rows.add(new Row(
                    tensor.layer(), module, tensor.shape(), tensor.type().fileName(), tensor.parameters()));
            byType.merge(tensor.type().fileName(), tensor.parameters(), Long::sum);
        }
        return new ModelInspection(List.copyOf(rows), blueprint.missing(), blueprint.unused(), Map.copyOf(byType));
    }
}
