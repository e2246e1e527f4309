package org.layerwise.model.quantization;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.layerwise.base.PlainText;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.base.json.JsonNumbers;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.TensorEntry;
import org.layerwise.model.quantization.QuantizedTensor.Decoder;
import org.layerwise.model.quantization.QuantizedTensor.Part;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Weights of bitsandbytes in 4 bits (NF4 and FP4, Dettmers et al., arXiv 2305.14314) and in 8 bits (LLM.int8(),
 * arXiv 2208.07339). A tensor is quantised if its {@code quant_state} or its row scales {@code SCB} are stored; all
 * others are plain.
 *
 * <p>4 bits: a value is {@code quant_map[code] * absmax[i / blocksize]}, a product in float32 that is rounded to the
 * type of the {@code quant_state}; {@code i} counts the elements of the flattened matrix. Double quantisation stores
 * {@code absmax} in 8 bits: {@code nested_quant_map[code] * nested_absmax[block / nested_blocksize] + nested_offset}.
 * 8 bits: a value is {@code code * SCB[row] / 127}.
 */
final class BitsAndBytesFormat implements QuantizationFormat {

    private static final String STATE = ".quant_state.";
    private static final String OWNER = "bitsandbytes__";
    private static final Set<String> TYPES = Set.of("nf4", "fp4");
    private static final Map<String, DType> VALUE_TYPES =
            Map.of("float32", DType.F32, "float16", DType.F16, "bfloat16", DType.BF16);
    private static final String WEIGHT = ".weight";
    private static final String ROW_SCALES = ".SCB";
    private static final String LAYOUT = ".weight_format";
    private static final String EIGHT_BITS = "bitsandbytes 8-bit";
    private static final int MOST_STATE_BYTES = 1 << 16;
    private static final int CODES = 16;
    private static final int NESTED_CODES = 256;
    private static final int LONGEST = 60;
    private static final long MOST_ELEMENTS = 1L << 40;

    /** 1 / 127 as bitsandbytes writes it. */
    private static final double STEP = 7.874015718698502e-3;

    private BitsAndBytesFormat() {}

    static QuantizationFormat of(QuantizationConfig config) {
        return new BitsAndBytesFormat();
    }

    @Override
    public List<QuantizedTensor> find(Checkpoint checkpoint) {
        List<QuantizedTensor> found = new ArrayList<>();
        for (String name : checkpoint.names()) {
            int state = name.indexOf(STATE);
            if (state >= 0) {
                found.add(fourBits(checkpoint, name.substring(0, state), name));
            } else if (name.endsWith(WEIGHT) && checkpoint.entry(name).type() == DType.I8) {
                found.add(eightBits(checkpoint, name.substring(0, name.length() - WEIGHT.length())));
            } else if (name.endsWith(ROW_SCALES)) {
                new StoredParts(checkpoint, EIGHT_BITS)
                        .require(name.substring(0, name.length() - ROW_SCALES.length()) + WEIGHT, Set.of(DType.I8));
            }
        }
        return found;
    }

    /** Values of a {@code quant_state}. */
    private record State(StoredParts parts, String name, JsonNode values) {

        static State read(StoredParts parts, String name) {
            TensorEntry entry = parts.require(name, Set.of(DType.U8));
            if (entry.bytes() > MOST_STATE_BYTES) {
                throw parts.wrong(name, "has %s bytes instead of a short text".formatted(entry.bytes()));
            }
            ByteBuffer bytes = parts.checkpoint().bytes(name);
            byte[] text = new byte[bytes.remaining()];
            bytes.get(text);
            try {
                return new State(parts, name, Json.parse(new String(text, StandardCharsets.UTF_8)));
            } catch (JsonProcessingException e) {
                throw parts.wrong(name, "is no JSON");
            }
        }

        private UserException wrong(String key, String allowed) {
            String found = values.has(key)
                    ? "has %s = %s"
                            .formatted(key, PlainText.cut(values.path(key).toString(), LONGEST))
                    : "has no " + key;
            return parts.wrong(name, "%s; it must be %s".formatted(found, allowed));
        }

        String type(Set<String> known) {
            String type = values.path("quant_type").asText("");
            if (!known.contains(type)) {
                throw wrong("quant_type", String.join(" or ", new TreeSet<>(known)));
            }
            return type;
        }

        DType valueType() {
            DType type = VALUE_TYPES.get(values.path("dtype").asText(""));
            if (type == null) {
                throw wrong("dtype", String.join(" or ", new TreeSet<>(VALUE_TYPES.keySet())));
            }
            return type;
        }

        long size(String key) {
            if (!JsonNumbers.isWhole(values.path(key), 1, Integer.MAX_VALUE)) {
                throw wrong(key, "a whole number from 1 to " + Integer.MAX_VALUE);
            }
            return values.path(key).longValue();
        }

        double offset() {
            if (!JsonNumbers.isFinite(values.path("nested_offset"))) {
                throw wrong("nested_offset", "a number");
            }
            return values.path("nested_offset").doubleValue();
        }

        List<Long> shape() {
            String allowed = "whole numbers from 1 with a product of at most 2^40";
            List<Long> shape = new ArrayList<>();
            long room = MOST_ELEMENTS;
            for (JsonNode size : values.path("shape")) {
                if (!JsonNumbers.isWhole(size, 1, room)) {
                    throw wrong("shape", allowed);
                }
                shape.add(size.longValue());
                room /= size.longValue();
            }
            if (shape.isEmpty()) {
                throw wrong("shape", allowed);
            }
            return shape;
        }
    }

    private static QuantizedTensor fourBits(Checkpoint checkpoint, String name, String stateName) {
        StoredParts parts = new StoredParts(checkpoint, "bitsandbytes 4-bit");
        if (!TYPES.contains(stateName.substring(name.length() + STATE.length()).replaceFirst(OWNER, ""))) {
            throw parts.notRead(stateName, "is of another type than nf4 and fp4");
        }
        State state = State.read(parts, stateName);
        String type = state.type(TYPES);
        List<Long> shape = state.shape();
        long n = shape.stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact);
        long block = state.size("blocksize");
        long blocks = StoredParts.blocks(n, block);
        TensorEntry codes = checkpoint.entry(name);
        if (codes.bytes() != StoredParts.blocks(n, 2)) {
            throw parts.wrong(name, "has %s bytes, but %s codes need %s".formatted(codes.bytes(), n, (n + 1) / 2));
        }
        boolean doubly = checkpoint.has(name + ".nested_absmax");
        long nested = doubly ? state.size("nested_blocksize") : 1;
        double offset = doubly ? state.offset() : 0;
        long row = n / shape.get(0);
        long together = together(shape.get(0), row, block, nested);
        long scales = StoredParts.blocks(together * row, block);
        List<Part> read = new ArrayList<>();
        read.add(new Part(codes, DType.U8, List.of(codes.bytes()), null)
                .rowsAlong(0, together, StoredParts.blocks(together * row, 2)));
        read.add(parts.of(name + ".quant_map", DType.F32, CODES));
        read.add(parts.of(name + ".absmax", doubly ? DType.U8 : DType.F32, blocks)
                .rowsAlong(0, together, scales));
        if (doubly) {
            read.add(parts.of(name + ".nested_absmax", DType.F32, StoredParts.blocks(blocks, nested))
                    .rowsAlong(0, together, StoredParts.blocks(scales, nested)));
            read.add(parts.of(name + ".nested_quant_map", DType.F32, NESTED_CODES));
        }
        Decoder decoder = doubly
                ? (engine, in) -> scaled(engine, in, absmax(engine, in, nested, offset), row, block)
                : (engine, in) -> scaled(engine, in, in.get(2), row, block);
        boolean wholeBytes = n % 2 == 0 && block % 2 == 0;
        return new QuantizedTensor(
                name,
                shape,
                state.valueType(),
                doubly ? type + " with double quantisation" : type,
                read,
                Set.of(stateName),
                decoder,
                wholeBytes
                        ? new BlockwiseDequantizer(
                                state.valueType(), (int) block, doubly ? (int) nested : 0, (float) offset)
                        : null);
    }

    /** Returns the smallest number of rows that fill whole bytes, blocks and blocks of scales; all rows if there is none. */
    private static long together(long rows, long row, long block, long nested) {
        BigInteger filled = BigInteger.valueOf(block).multiply(BigInteger.valueOf(nested));
        BigInteger values = commonMultiple(BigInteger.valueOf(row), commonMultiple(BigInteger.TWO, filled));
        return values.divide(BigInteger.valueOf(row))
                .min(BigInteger.valueOf(rows))
                .longValueExact();
    }

    private static BigInteger commonMultiple(BigInteger a, BigInteger b) {
        return a.divide(a.gcd(b)).multiply(b);
    }

    /** Returns scales that are quantised themselves. */
    private static Tensor absmax(TensorEngine engine, List<Tensor> in, long nested, double offset) {
        return Dequantization.scaled(engine, Dequantization.bytes(in.get(2), in.get(4)), in.get(3), nested)
                .add(offset);
    }

    /**
     * Returns the values of codes of whole rows.
     *
     * @param in codes and the table of their values
     * @param row number of values in a row; an odd number of rows may leave half of the last byte unused
     */
    private static Tensor scaled(TensorEngine engine, List<Tensor> in, Tensor absmax, long row, long block) {
        Tensor codes = Dequantization.nibbles(engine, in.get(0), in.get(1), true);
        return Dequantization.scaled(engine, codes.slice(0, 0, codes.elements() / row * row), absmax, block);
    }

    /** Requires that a layout of codes, if it is stored, is 0: by row. Others are those of kernels of early GPUs. */
    private static void requireByRow(StoredParts parts, String name) {
        if (!parts.checkpoint().has(name)) {
            return;
        }
        TensorEntry entry = parts.require(name, Set.of(DType.U8));
        if (entry.bytes() != 1 || parts.checkpoint().bytes(name).get(0) != 0) {
            throw parts.notRead(name, "says that codes are in another order than by row");
        }
    }

    private static QuantizedTensor eightBits(Checkpoint checkpoint, String module) {
        StoredParts parts = new StoredParts(checkpoint, EIGHT_BITS);
        String name = module + WEIGHT;
        requireByRow(parts, module + LAYOUT);
        TensorEntry codes = parts.require(name, Set.of(DType.I8));
        parts.requireRank(codes, 2);
        long rows = codes.shape()[0];
        return new QuantizedTensor(
                name,
                List.of(rows, codes.shape()[1]),
                DType.F32,
                "int8",
                List.of(
                        Part.of(codes).rowsAlong(0),
                        parts.of(module + ROW_SCALES, DType.F32, rows).rowsAlong(0)),
                Set.of(module + LAYOUT),
                (engine, in) ->
                        in.get(0).cast(DType.F32).mul(in.get(1).reshape(-1, 1)).mul(STEP));
    }
}
