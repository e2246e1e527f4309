package org.layerwise.model.quantization;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.TensorEntry;
import org.layerwise.model.quantization.QuantizedTensor.Part;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Weights of AWQ (Lin et al., arXiv 2306.00978) in 4 bits, in the layout {@code gemm}. Words of 32 bits hold the codes of
 * eight outputs of one input, in an order of their own: {@code qweight [in, out / 8]}. A value is
 * {@code (code - zero[group, out]) * scales[group, out]}.
 *
 * @param group inputs of a group; empty for all
 */
record AwqFormat(Optional<Integer> group) implements QuantizationFormat {

    private static final String WEIGHT = ".qweight";
    private static final int BITS = 4;
    private static final int IN_WORD = 8;
    private static final int WORD_BYTES = 4;

    /** Place of each of eight outputs in a word, from its low bits. */
    private static final long[] PLACES = {0, 4, 1, 5, 2, 6, 3, 7};

    static QuantizationFormat of(QuantizationConfig config) {
        String layout = config.text("version", config.text("format", "gemm"));
        if (!layout.equalsIgnoreCase("gemm")) {
            throw config.refused("awq in the layout " + layout);
        }
        config.require("group_size");
        int bits = config.size("bits").orElse(BITS);
        if (bits != BITS) {
            throw config.refused("awq in %s bits".formatted(bits));
        }
        return new AwqFormat(config.size("group_size"));
    }

    /** Returns the place in a word of one of eight outputs. */
    static int place(int output) {
        return (int) PLACES[output];
    }

    @Override
    public List<QuantizedTensor> find(Checkpoint checkpoint) {
        StoredParts parts = new StoredParts(checkpoint, "AWQ");
        return parts.each(WEIGHT, name -> tensor(parts, name));
    }

    private QuantizedTensor tensor(StoredParts parts, String module) {
        TensorEntry codes = parts.require(module + WEIGHT, Set.of(DType.I32));
        parts.requireRank(codes, 2);
        long in = codes.shape()[0];
        long out = codes.shape()[1] * IN_WORD;
        long size = group.map(Integer::longValue).orElse(in);
        long groups = StoredParts.blocks(in, size);
        TensorEntry zeros = parts.require(module + ".qzeros", Set.of(DType.I32));
        parts.requireShape(zeros, groups, out / IN_WORD);
        Part scales = parts.floats(module + ".scales", groups, out);
        return new QuantizedTensor(
                module + ".weight",
                List.of(out, in),
                DType.F32,
                "awq",
                List.of(
                        Part.bytes(codes).rowsAlong(1, IN_WORD, WORD_BYTES),
                        Part.bytes(zeros).rowsAlong(1, IN_WORD, WORD_BYTES),
                        scales.rowsAlong(1)),
                Set.of(),
                (engine, stored) -> {
                    Device device = stored.get(0).device();
                    Tensor table = Dequantization.wrapped(engine, device, BITS, 0);
                    Tensor zero = ordered(engine, Dequantization.nibbles(engine, stored.get(1), table, false));
                    Tensor scale = stored.get(2).cast(DType.F32);
                    return ordered(engine, Dequantization.nibbles(engine, stored.get(0), table, false))
                            .sub(Dequantization.spreadRows(zero, size, in))
                            .mul(Dequantization.spreadRows(scale, size, in))
                            .transpose();
                },
                GroupwiseDequantizer.of(QweightLayout.AWQ, scales.type(), out, in, size, 0, false));
    }

    /** Returns codes {@code [rows, out]} in the order of their outputs. */
    private static Tensor ordered(TensorEngine engine, Tensor codes) {
        Tensor places = engine.of(PLACES.clone(), PLACES.length).to(codes.device());
        return codes.reshape(codes.size(0), -1, IN_WORD).indexSelect(2, places).reshape(codes.shape());
    }
}
