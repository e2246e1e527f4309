package org.layerwise.model.quantization;

import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.layerwise.checkpoint.TensorEntry;
import org.layerwise.model.quantization.CompressedTensorsFormat.Scheme;
import org.layerwise.model.quantization.QuantizedTensor.Part;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Decoder of integers in words of 32 bits (pack-quantized of compressed-tensors): codes of consecutive inputs of one output, the
 * first in the low bits, zeros of consecutive outputs of one group likewise. Parts are codes, scales, zeros and groups of inputs.
 *
 * @param bits bits of a code
 * @param inputs inputs of the weight
 * @param groups scales of a row
 * @param size inputs of a group in their order
 * @param shifted true if there are zeros
 * @param ordered true if inputs name their groups
 */
record PackQuantizedDecoder(int bits, long inputs, long groups, long size, boolean shifted, boolean ordered)
        implements QuantizedTensor.Decoder {

    /** End of the names of codes. */
    static final String CODES = ".weight_packed";

    private static final String SHAPE = ".weight_shape";
    private static final String GROUP_INDEX = ".weight_g_idx";
    private static final Set<Integer> BITS = Set.of(4, 8);
    private static final int WORD_BITS = 32;
    private static final int WORD_BYTES = 4;

    /**
     * Returns the weight of a module.
     *
     * @param schemes forms of the configuration; the first one that fits the stored shapes holds
     */
    static QuantizedTensor tensor(StoredParts parts, String module, List<Scheme> schemes) {
        TensorEntry codes = parts.require(module + CODES, Set.of(DType.I32));
        parts.requireRank(codes, 2);
        long outputs = codes.shape()[0];
        Part scale = parts.floats(module + CompressedTensorsFormat.SCALE);
        PackQuantizedDecoder form = form(parts, module, schemes);
        List<Part> read =
                new ArrayList<>(List.of(Part.bytes(codes).rowsAlong(0), CompressedTensorsFormat.byRow(scale)));
        if (form.shifted()) {
            read.add(form.zeros(parts, module, outputs));
        }
        if (form.ordered()) {
            read.add(parts.groups(module + GROUP_INDEX, form.inputs(), form.groups()));
        }
        return new QuantizedTensor(
                module + ".weight",
                List.of(outputs, form.inputs()),
                DType.F32,
                "int" + form.bits(),
                read,
                Set.of(module + SHAPE, module + GROUP_INDEX),
                form);
    }

    private static PackQuantizedDecoder form(StoredParts parts, String module, List<Scheme> schemes) {
        TensorEntry codes = parts.checkpoint().entry(module + CODES);
        long outputs = codes.shape()[0];
        long words = codes.shape()[1];
        long groups = CompressedTensorsFormat.columns(
                parts, parts.checkpoint().entry(module + CompressedTensorsFormat.SCALE), outputs);
        TensorEntry shape = parts.of(module + SHAPE, DType.I64, 2).entry();
        LongBuffer dimensions = parts.checkpoint().bytes(shape.name()).asLongBuffer();
        long inputs = dimensions.get(1);
        Scheme scheme = schemes.stream()
                .filter(one -> BITS.contains(one.bits()))
                .filter(one -> words == StoredParts.blocks(inputs * one.bits(), WORD_BITS))
                .filter(one -> groups == (one.group() == 0 ? 1 : StoredParts.blocks(inputs, one.group())))
                .findFirst()
                .orElseThrow(() -> parts.wrong(
                        codes.name(),
                        "has %s words and %s scales a row, which no group of the %s has for %s inputs in 4 or 8 bits"
                                .formatted(words, groups, QuantizationConfig.KEY, inputs)));
        if (dimensions.get(0) != outputs) {
            throw parts.wrong(
                    shape.name(), "says %s rows, but its codes have %s".formatted(dimensions.get(0), outputs));
        }
        return new PackQuantizedDecoder(
                scheme.bits(),
                inputs,
                groups,
                scheme.group() == 0 ? inputs : scheme.group(),
                parts.checkpoint().has(module + CompressedTensorsFormat.ZERO),
                isOrdered(parts, module + GROUP_INDEX, inputs));
    }

    private Part zeros(StoredParts parts, String module, long outputs) {
        TensorEntry zero = parts.require(module + CompressedTensorsFormat.ZERO, Set.of(DType.I32));
        long down = StoredParts.blocks(outputs * bits, WORD_BITS);
        parts.requireShape(zero, down, groups);
        return new Part(zero, DType.U8, List.of(down, groups, (long) WORD_BYTES), null)
                .rowsAlong(0, WORD_BITS / bits, 1);
    }

    /** Returns true if inputs name their groups; -1 for all of them stands for groups in their order. */
    private static boolean isOrdered(StoredParts parts, String index, long inputs) {
        if (!parts.checkpoint().has(index)) {
            return false;
        }
        IntBuffer named = parts.checkpoint()
                .bytes(parts.of(index, DType.I32, inputs).entry().name())
                .asIntBuffer();
        boolean ordered = false;
        while (named.hasRemaining()) {
            ordered |= named.get() != -1;
        }
        return ordered;
    }

    @Override
    public Tensor decode(TensorEngine engine, List<Tensor> parts) {
        Tensor codes = parts.get(0);
        Tensor table = Dequantization.shifted(engine, codes.device(), bits, -(1 << (bits - 1)));
        Tensor values = Dequantization.values(engine, codes, table).slice(1, 0, inputs);
        Tensor places = ordered ? parts.get(parts.size() - 1).cast(DType.I64) : null;
        if (shifted) {
            Tensor zeros = Dequantization.values(engine, parts.get(2), table)
                    .transpose()
                    .reshape(-1, groups)
                    .slice(0, 0, values.size(0));
            values = values.sub(spread(zeros, places));
        }
        return values.mul(spread(parts.get(1).cast(DType.F32).reshape(-1, groups), places));
    }

    private Tensor spread(Tensor numbers, @Nullable Tensor places) {
        return places == null ? Dequantization.spread(numbers, size, inputs) : numbers.indexSelect(1, places);
    }
}
