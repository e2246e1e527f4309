package org.layerwise.model.quantization;

import java.util.List;
import java.util.Set;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.TensorEntry;
import org.layerwise.model.quantization.QuantizedTensor.Part;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Tensor;

/**
 * Weights of gpt-oss's experts in MXFP4 (OCP Microscaling Formats 1.0): blocks of 32 inputs as 16 bytes of two 4-bit floats,
 * {@code [experts, out, blocks, 16]}, with one power of two each. Values are exact in bfloat16. The model asks for
 * {@code [experts, in, out]}.
 */
final class Mxfp4Format implements QuantizationFormat {

    private static final String BLOCKS = "_blocks";
    private static final String SCALES = "_scales";
    private static final int BYTES = 16;
    private static final int AXES = 4;

    private Mxfp4Format() {}

    static QuantizationFormat of(QuantizationConfig config) {
        return new Mxfp4Format();
    }

    @Override
    public List<QuantizedTensor> find(Checkpoint checkpoint) {
        StoredParts parts = new StoredParts(checkpoint, "MXFP4");
        return parts.each(BLOCKS, name -> tensor(parts, name));
    }

    private static QuantizedTensor tensor(StoredParts parts, String name) {
        TensorEntry blocks = parts.require(name + BLOCKS, Set.of(DType.U8));
        parts.requireRank(blocks, AXES);
        long experts = blocks.shape()[0];
        long out = blocks.shape()[1];
        long across = blocks.shape()[2];
        parts.requireShape(blocks, experts, out, across, BYTES);
        long in = 2 * BYTES * across;
        return new QuantizedTensor(
                name,
                List.of(experts, in, out),
                DType.BF16,
                "mxfp4",
                List.of(
                        Part.of(blocks).rowsAlong(0),
                        parts.of(name + SCALES, DType.U8, experts, out, across).rowsAlong(0)),
                Set.of(),
                (engine, stored) -> {
                    Tensor table = Dequantization.float4(engine, stored.get(0).device());
                    Tensor powers = stored.get(1).float8(DType.F8_E8M0).reshape(-1, out, across, 1);
                    return Dequantization.nibbles(engine, stored.get(0), table, false)
                            .mul(powers)
                            .reshape(-1, out, in)
                            .transpose();
                });
    }
}
