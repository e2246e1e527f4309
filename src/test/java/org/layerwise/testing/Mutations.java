package org.layerwise.testing;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Seeded random changes to the bytes of a valid file; equal seeds give equal changes. */
public final class Mutations {

    private static final List<String> PIECES = List.of(
            "-1",
            "0",
            "9223372036854775807",
            "-9223372036854775808",
            "4611686018427387904",
            "18446744073709551616",
            "1e308",
            "NaN",
            "null",
            "true",
            "[]",
            "{}",
            "[[[[[[[[",
            "{\"a\":{\"a\":{\"a\":",
            "\"",
            "\\",
            "\\u0000",
            "../",
            "/etc/passwd",
            "\0",
            ",",
            ":",
            "]",
            "}",
            "\u00e9",
            "\ud83d\ude00",
            "\"dtype\":\"F64\",",
            "\"shape\":[2,2],",
            "\"data_offsets\":[0,8],",
            "\"__metadata__\":{\"a\":1},",
            "[".repeat(2000),
            "1".repeat(2000));

    /** Values that readers of numbers, texts and lists tend to believe. */
    private static final List<String> VALUES = List.of(
            "-1",
            "0",
            "1",
            "0.5",
            "1e9",
            "1e308",
            "1e-320",
            "NaN",
            "Infinity",
            "-Infinity",
            "2147483647",
            "2147483648",
            "9223372036854775807",
            "18446744073709551616",
            "null",
            "true",
            "\"\"",
            "\"..\"",
            "\"../../x\"",
            "\"a\\u0000b\"",
            "\"(a+)+$\"",
            "\"" + "x".repeat(20_000) + "\"",
            "[]",
            "{}",
            "[null]",
            "[-1, 0, 1]",
            "[\"a\", \"a\"]",
            "{\"\": 0}",
            "[" + "0,".repeat(10_000) + "0]",
            "[".repeat(500) + "]".repeat(500));

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
            .build();

    private final Random random;

    public Mutations(long seed) {
        random = new Random(seed);
    }

    /** Returns a copy of a text with one to three changes anywhere in it. */
    public byte[] text(byte[] text) {
        byte[] mutated = text;
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            mutated = once(mutated);
        }
        return mutated;
    }

    /** Returns a copy of a JSON document: half of the time with changed text, else with one to three values replaced or removed. */
    public byte[] json(byte[] document) throws IOException {
        if (random.nextBoolean()) {
            return text(document);
        }
        JsonNode tree = MAPPER.readTree(document);
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            changeValue(tree);
        }
        return MAPPER.writeValueAsBytes(tree);
    }

    private void changeValue(JsonNode tree) throws IOException {
        List<ContainerNode<?>> containers = new ArrayList<>();
        collectContainers(tree, containers);
        if (containers.isEmpty()) {
            return;
        }
        ContainerNode<?> container = containers.get(random.nextInt(containers.size()));
        JsonNode value = MAPPER.readTree(VALUES.get(random.nextInt(VALUES.size())));
        if (container instanceof ObjectNode object) {
            List<String> keys = new ArrayList<>();
            object.fieldNames().forEachRemaining(keys::add);
            String key = keys.get(random.nextInt(keys.size()));
            if (random.nextInt(5) == 0) {
                object.remove(key);
            } else {
                object.set(key, value);
            }
        } else if (container instanceof ArrayNode array) {
            array.set(random.nextInt(array.size()), value);
        }
    }

    private static void collectContainers(JsonNode node, List<ContainerNode<?>> containers) {
        if (node instanceof ContainerNode<?> container && !container.isEmpty()) {
            containers.add(container);
            container.forEach(child -> collectContainers(child, containers));
        }
    }

    /** Returns a copy of a safetensors file with changes in its header, the length of the header or the length of the file. */
    public byte[] safetensors(byte[] file) {
        int length = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
        byte[] header = text(Arrays.copyOfRange(file, 8, 8 + length));
        byte[] data = Arrays.copyOfRange(file, 8 + length, file.length);
        ByteBuffer mutated =
                ByteBuffer.allocate(8 + header.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        mutated.putLong(
                switch (random.nextInt(10)) {
                    case 0 -> random.nextLong();
                    case 1 -> header.length + random.nextInt(21) - 10;
                    case 2 -> 1L << random.nextInt(63);
                    default -> header.length;
                });
        mutated.put(header).put(data);
        return random.nextInt(20) == 0
                ? Arrays.copyOf(mutated.array(), random.nextInt(mutated.capacity()))
                : mutated.array();
    }

    private byte[] once(byte[] text) {
        if (text.length == 0) {
            return piece();
        }
        int at = random.nextInt(text.length);
        int end = Math.min(text.length, at + 1 + random.nextInt(40));
        return switch (random.nextInt(8)) {
            case 0, 1 -> flipped(text, at);
            case 2 -> joined(text, at, end, new byte[0]);
            case 3 -> joined(text, at, at, Arrays.copyOfRange(text, at, end));
            case 4 -> joined(text, at, at, piece());
            case 5 -> joined(text, at, end, piece());
            case 6 -> number(text, at);
            default -> Arrays.copyOf(text, at);
        };
    }

    private byte[] flipped(byte[] text, int at) {
        byte[] mutated = text.clone();
        mutated[at] ^= (byte) (1 << random.nextInt(8));
        return mutated;
    }

    /** Replaces the next number. */
    private byte[] number(byte[] text, int from) {
        int at = from;
        while (at < text.length && !Character.isDigit(text[at])) {
            at++;
        }
        int end = at;
        while (end < text.length && Character.isDigit(text[end])) {
            end++;
        }
        return joined(text, at, end, piece());
    }

    private byte[] piece() {
        return PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] joined(byte[] text, int at, int end, byte[] middle) {
        return ByteBuffer.allocate(text.length - (end - at) + middle.length)
                .put(text, 0, at)
                .put(middle)
                .put(text, end, text.length - end)
                .array();
    }
}
