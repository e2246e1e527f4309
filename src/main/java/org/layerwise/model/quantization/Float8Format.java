package org.layerwise.model.quantization;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.TensorEntry;
import org.layerwise.model.quantization.QuantizedTensor.Part;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Tensor;

/**
 * Weights in 8-bit floats (e4m3 or e5m2, OCP 8-bit Floating Point Specification) with scales: one for each block of the
 * matrix (DeepSeek-V3, arXiv 2412.19437), for each row, or for all. A value is the float times its scale, in spite of the name
 * {@code weight_scale_inv}. Scales are floats, or powers of two in e8m0. Every tensor whose dtype is an 8-bit float is
 * quantised; blocks at the edges may be partial.
 *
 * @param block rows and columns of a block; empty for one scale a row or a tensor
 * @param suffix end of the names of scales
 */
record Float8Format(List<Integer> block, String suffix) implements QuantizationFormat {

    private static final String NAME = "8-bit float";
    private static final String SCALE = "_scale";
    private static final String INVERSE_SCALE = "_scale_inv";
    private static final String BLOCK = "weight_block_size";
    private static final List<Integer> MX_BLOCK = List.of(1, 32);

    /** Returns the format of {@code fp8}. */
    static QuantizationFormat of(QuantizationConfig config) {
        String type = config.text("fmt", "e4m3");
        if (!Set.of("e4m3", "e5m2").contains(type)) {
            throw config.refused("fp8 in " + type);
        }
        if (!config.text("expert_dtype", "fp8").equals("fp8")) {
            throw config.refused("fp8 with experts in " + config.text("expert_dtype", ""));
        }
        return new Float8Format(config.pair(BLOCK), INVERSE_SCALE);
    }

    /** Returns the format of {@code fbgemm_fp8}, whose rows have a scale each. */
    static QuantizationFormat byRow(QuantizationConfig config) {
        return new Float8Format(List.of(), SCALE);
    }

    /** Returns the format of {@code mxfp8}. */
    static QuantizationFormat mx(QuantizationConfig config) {
        List<Integer> block = config.pair(BLOCK);
        if (!block.isEmpty() && !block.equals(MX_BLOCK)) {
            throw config.wrong(BLOCK, config.values().path(BLOCK), MX_BLOCK.toString());
        }
        return new Float8Format(MX_BLOCK, INVERSE_SCALE);
    }

    @Override
    public List<QuantizedTensor> find(Checkpoint checkpoint) {
        List<QuantizedTensor> found = new ArrayList<>();
        for (String name : checkpoint.names()) {
            DType type = checkpoint.entry(name).type();
            if (type == DType.F8_E4M3 || type == DType.F8_E5M2) {
                found.add(tensor(checkpoint, name));
            }
        }
        return found;
    }

    private QuantizedTensor tensor(Checkpoint checkpoint, String name) {
        return tensor(new StoredParts(checkpoint, NAME), name, name + suffix, block);
    }

    /**
     * Returns a tensor of 8-bit floats.
     *
     * @param scaleName name of its scales
     * @param block rows and columns of a block; empty for one scale a row or a tensor
     */
    static QuantizedTensor tensor(StoredParts parts, String name, String scaleName, List<Integer> block) {
        TensorEntry codes = parts.checkpoint().entry(name);
        parts.requireElements(codes);
        if (codes.shape().length < 2) {
            throw parts.wrong(name, "has fewer than two axes");
        }
        Scales scales = Scales.find(parts, codes, scaleName, block);
        String module = name.substring(0, Math.max(0, name.lastIndexOf('.')));
        return new QuantizedTensor(
                name,
                Part.of(codes).shape(),
                DType.F32,
                "fp8",
                List.of(Part.bytes(codes).rowsAlong(0), scales.part()),
                Set.of(module + ".activation_scale", module + ".input_scale"),
                (engine, in) -> scales.applied(in.get(0).float8(codes.type()), in.get(1)),
                scales.host(codes));
    }

    /**
     * Scales of a tensor.
     *
     * @param powers true if they are powers of two in e8m0
     * @param rows rows of the tensor with one scale
     * @param columns columns of the tensor with one scale
     */
    private record Scales(Part part, boolean powers, long rows, long columns) {

        private static final Set<DType> TYPES = Set.of(DType.F32, DType.F16, DType.BF16, DType.F8_E8M0, DType.U8);

        static Scales find(StoredParts parts, TensorEntry codes, String name, List<Integer> block) {
            TensorEntry entry = parts.require(name, TYPES);
            boolean powers = entry.type() == DType.F8_E8M0 || entry.type() == DType.U8;
            Part part = powers ? Part.bytes(entry) : Part.of(entry);
            long[] shape = codes.shape();
            long out = shape[shape.length - 2];
            long in = shape[shape.length - 1];
            if (entry.elements() == 1) {
                return new Scales(part, powers, out, in);
            }
            long rows = block.isEmpty() ? 1 : block.get(0);
            long columns = block.isEmpty() ? in : block.get(1);
            long[] expected = codes.shape();
            expected[shape.length - 2] = StoredParts.blocks(out, rows);
            expected[shape.length - 1] = StoredParts.blocks(in, columns);
            boolean matrix = shape.length == 2;
            boolean row = matrix && block.isEmpty() && Arrays.equals(entry.shape(), new long[] {out});
            if (!row) {
                parts.requireShape(entry, expected);
            }
            return new Scales(part.rowsAlong(0, matrix ? rows : 1, 1), powers, rows, columns);
        }

        @Nullable
        Float8Dequantizer host(TensorEntry codes) {
            long[] shape = codes.shape();
            return codes.elements() <= Integer.MAX_VALUE
                    ? new Float8Dequantizer(
                            codes.type(),
                            powers ? DType.F8_E8M0 : part.type(),
                            (int) shape[shape.length - 2],
                            (int) shape[shape.length - 1],
                            (int) Math.min(rows, Integer.MAX_VALUE),
                            (int) Math.min(columns, Integer.MAX_VALUE))
                    : null;
        }

        Tensor applied(Tensor values, Tensor stored) {
            Tensor scales = powers ? stored.float8(DType.F8_E8M0) : stored.cast(DType.F32);
            if (scales.elements() == 1) {
                return values.mul(scales.reshape(1));
            }
            long out = values.size(-2);
            long in = values.size(-1);
            if (columns >= in) {
                Tensor byRow = Dequantization.spread(scales.reshape(-1, StoredParts.blocks(out, rows)), rows, out);
                return values.reshape(-1, out, in).mul(byRow.reshape(-1, out, 1));
            }
            long down = StoredParts.blocks(out, rows);
            long across = StoredParts.blocks(in, columns);
            Tensor byColumn = Dequantization.spread(scales.reshape(-1, down, across), columns, in);
            Tensor all = Dequantization.spreadRows(byColumn, rows, out);
            return values.reshape(-1, out, in).mul(all);
        }
    }
}
