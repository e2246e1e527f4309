package org.layerwise.model.quantization;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.TensorEntry;
import org.layerwise.model.quantization.QuantizedTensor.Part;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Tensor;

/**
 * Weights of GPTQ (Frantar et al., arXiv 2210.17323) in 4 or 8 bits. Words of 32 bits hold the codes of consecutive
 * inputs of one output, the first in the low bits: {@code qweight [in * bits / 32, out]}. A value is
 * {@code scales[group, out] * (code - zero[group, out])}, and the group of an input is {@code g_idx[in]}, or
 * {@code in / group_size} without it. Version 1 stores {@code zero - 1}, version 2 {@code zero}.
 *
 * @param bits bits of a code
 * @param group inputs of a group; empty for all
 * @param zeroOffset number to add to a stored zero
 */
record GptqFormat(int bits, Optional<Integer> group, int zeroOffset) implements QuantizationFormat {

    private static final Set<Integer> BITS = Set.of(4, 8);
    private static final int WORD_BITS = 32;
    private static final int WORD_BYTES = 4;
    private static final String WEIGHT = ".qweight";

    static QuantizationFormat of(QuantizationConfig config) {
        config.require("bits");
        config.require("group_size");
        int bits = config.size("bits").orElse(0);
        if (!BITS.contains(bits)) {
            throw config.refused("gptq in %s bits".formatted(bits));
        }
        String layout = config.text("checkpoint_format", "gptq");
        if (!Set.of("gptq", "gptq_v2").contains(layout)) {
            throw config.refused("gptq in the layout " + layout);
        }
        if (!config.values().path("dynamic").isEmpty()) {
            throw config.refused("gptq with settings of its own for some modules");
        }
        return new GptqFormat(bits, config.size("group_size"), layout.equals("gptq") ? 1 : 0);
    }

    @Override
    public List<QuantizedTensor> find(Checkpoint checkpoint) {
        StoredParts parts = new StoredParts(checkpoint, "GPTQ");
        return parts.each(WEIGHT, name -> tensor(parts, name));
    }

    private QuantizedTensor tensor(StoredParts parts, String module) {
        TensorEntry codes = parts.require(module + WEIGHT, Set.of(DType.I32));
        parts.requireRank(codes, 2);
        long words = codes.shape()[0];
        long out = codes.shape()[1];
        long in = words * WORD_BITS / bits;
        long size = group.map(Integer::longValue).orElse(in);
        long groups = StoredParts.blocks(in, size);
        Part zeros = Part.of(parts.require(module + ".qzeros", Set.of(DType.I32)));
        parts.requireShape(zeros.entry(), groups, StoredParts.blocks(out * bits, WORD_BITS));
        List<Part> read = new ArrayList<>(List.of(
                new Part(codes, DType.U8, List.of(words, out, (long) WORD_BYTES), null).rowsAlong(1),
                Part.bytes(zeros.entry()).rowsAlong(1, WORD_BITS / bits, WORD_BYTES),
                parts.floats(module + ".scales", groups, out).rowsAlong(1)));
        String index = module + ".g_idx";
        if (parts.checkpoint().has(index)) {
            read.add(parts.groups(index, in, groups));
        }
        return new QuantizedTensor(
                module + ".weight",
                List.of(out, in),
                DType.F32,
                "gptq " + bits + "-bit",
                read,
                Set.of(),
                (engine, stored) -> {
                    Device device = stored.get(0).device();
                    Tensor values = Dequantization.values(
                                    engine, stored.get(0), Dequantization.wrapped(engine, device, bits, 0))
                            .transpose()
                            .reshape(in, -1);
                    Tensor zero = Dequantization.values(
                                    engine, stored.get(1), Dequantization.wrapped(engine, device, bits, zeroOffset))
                            .slice(1, 0, values.size(1));
                    Tensor scale = stored.get(2).cast(DType.F32);
                    if (stored.size() > 3) {
                        Tensor places = stored.get(3).cast(DType.I64);
                        zero = zero.indexSelect(0, places);
                        scale = scale.indexSelect(0, places);
                    } else {
                        zero = Dequantization.spreadRows(zero, size, in);
                        scale = Dequantization.spreadRows(scale, size, in);
                    }
                    return values.sub(zero).mul(scale).transpose();
                },
                bits != QweightLayout.BITS
                        ? null
                        : GroupwiseDequantizer.of(
                                QweightLayout.GPTQ, read.get(2).type(), out, in, size, zeroOffset, read.size() > 3));
    }
}
