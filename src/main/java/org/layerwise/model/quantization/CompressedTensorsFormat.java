package org.layerwise.model.quantization;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.TensorEntry;
import org.layerwise.model.quantization.QuantizedTensor.Part;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Tensor;

/**
 * Weights of compressed-tensors (llm-compressor): integers of 4 or 8 bits in words of 32 bits (pack-quantized), integers of 8
 * bits (int-quantized), or 8-bit floats (float-quantized). A value is {@code (code - zero) * scale}, computed in the type of the
 * scales. The form of a tensor follows from the names and types that are stored.
 *
 * @param schemes forms of the groups of the configuration
 */
record CompressedTensorsFormat(List<Scheme> schemes) implements QuantizationFormat {

    private static final String NAME = "compressed-tensors";
    static final String SCALE = ".weight_scale";
    static final String ZERO = ".weight_zero_point";
    private static final Set<String> FORMATS =
            Set.of("pack-quantized", "int-quantized", "float-quantized", "naive-quantized", "mixed-precision", "dense");

    /**
     * Form of the weights of one group.
     *
     * @param bits bits of a code
     * @param group inputs with one scale; 0 for a whole row
     * @param block rows and columns with one scale; empty if it is no block
     */
    record Scheme(int bits, int group, List<Integer> block) {}

    static QuantizationFormat of(QuantizationConfig config) {
        requireKnown(config, config.text("format", "dense"));
        if (!config.values().path("transform_config").path("config_groups").isEmpty()) {
            throw config.refused("compressed-tensors with transforms");
        }
        String sparse = config.values().path("sparsity_config").path("format").asText("dense");
        if (!sparse.equals("dense")) {
            throw config.refused("compressed-tensors, " + sparse);
        }
        List<Scheme> schemes = new ArrayList<>();
        for (JsonNode group : config.values().path("config_groups")) {
            requireKnown(config, group.path("format").asText("dense"));
            JsonNode weights = group.path("weights");
            if (weights.isObject()) {
                schemes.add(new Scheme(
                        config.size(weights, "num_bits").orElse(8),
                        config.size(weights, "group_size").orElse(0),
                        config.pair(weights, "block_structure")));
            }
        }
        return new CompressedTensorsFormat(List.copyOf(schemes));
    }

    private static void requireKnown(QuantizationConfig config, String format) {
        if (!FORMATS.contains(format)) {
            throw config.refused("compressed-tensors, " + format);
        }
    }

    @Override
    public List<QuantizedTensor> find(Checkpoint checkpoint) {
        StoredParts parts = new StoredParts(checkpoint, NAME);
        List<QuantizedTensor> found = new ArrayList<>();
        for (String name : checkpoint.names()) {
            DType type = checkpoint.entry(name).type();
            if (name.endsWith(PackQuantizedDecoder.CODES)) {
                found.add(PackQuantizedDecoder.tensor(
                        parts, name.substring(0, name.length() - PackQuantizedDecoder.CODES.length()), schemes));
            } else if (name.endsWith(".weight") && type == DType.I8) {
                found.add(integers(parts, name.substring(0, name.lastIndexOf('.'))));
            } else if (name.endsWith(".weight") && type == DType.F8_E4M3) {
                found.add(floats(parts, name));
            }
        }
        return found;
    }

    private QuantizedTensor floats(StoredParts parts, String name) {
        List<Integer> block = schemes.stream()
                .map(Scheme::block)
                .filter(one -> !one.isEmpty())
                .findFirst()
                .orElse(List.of());
        TensorEntry scale = parts.checkpoint().entry(name + "_scale");
        boolean blocks = scale.shape().length == 2 && scale.shape()[1] > 1;
        return Float8Format.tensor(parts, name, name + "_scale", blocks ? block : List.of());
    }

    private static QuantizedTensor integers(StoredParts parts, String module) {
        TensorEntry codes = parts.checkpoint().entry(module + ".weight");
        parts.requireRank(codes, 2);
        long out = codes.shape()[0];
        long in = codes.shape()[1];
        Part scale = parts.floats(module + SCALE);
        long columns = columns(parts, scale.entry(), out);
        requireWholeRows(parts, scale.entry(), columns);
        List<Part> read = new ArrayList<>(List.of(Part.of(codes).rowsAlong(0), byRow(scale)));
        if (parts.checkpoint().has(module + ZERO)) {
            read.add(byRow(parts.of(module + ZERO, DType.I8, scale.entry().shape())));
        }
        return new QuantizedTensor(
                module + ".weight", List.of(out, in), DType.F32, "int8", read, Set.of(), (engine, stored) -> {
                    Tensor values = stored.get(0).cast(DType.F32);
                    Tensor scales = stored.get(1).cast(DType.F32);
                    Tensor byRow = scales.elements() == 1 ? scales.reshape(1) : scales.reshape(-1, 1);
                    Tensor centred = stored.size() < 3
                            ? values
                            : values.sub(stored.get(2).cast(DType.F32).reshape(byRow.shape()));
                    return centred.mul(byRow);
                });
    }

    /** Returns scales or zeros with those of a row at each row; one value stays for all. */
    static Part byRow(Part part) {
        return part.entry().elements() == 1 ? part : part.rowsAlong(0);
    }

    /** Returns the number of scales of a row; 1 also for one scale of all rows. */
    static long columns(StoredParts parts, TensorEntry scale, long out) {
        if (scale.elements() == 1) {
            return 1;
        }
        parts.requireRank(scale, 2);
        if (scale.shape()[0] != out) {
            throw parts.wrong(scale.name(), "has %s rows, but its codes have %s".formatted(scale.shape()[0], out));
        }
        return scale.shape()[1];
    }

    private static void requireWholeRows(StoredParts parts, TensorEntry scale, long columns) {
        if (columns != 1) {
            throw parts.wrong(scale.name(), "has %s columns instead of one".formatted(columns));
        }
    }
}
