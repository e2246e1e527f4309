package org.layerwise.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.layerwise.base.Json;
import org.layerwise.base.UserException;
import org.layerwise.tensor.DType;

/**
 * The JSON header of a safetensors file, checked as strictly as the reference implementation does (crate safetensors,
 * {@code Metadata::validate}): the tensors tile the data without hole or overlap, and each has the length that its type
 * and shape ask for.
 *
 * @param entries the tensors in the order in which their data lies in the file
 * @param metadata the texts under {@code __metadata__}
 */
record SafetensorsHeader(List<TensorEntry> entries, Map<String, String> metadata) {

    static final String METADATA = "__metadata__";

    /** The largest header that the reference implementation reads, in bytes. */
    static final long MAX_BYTES = 100_000_000;

    /**
     * Parses and checks a header.
     *
     * @param file named in errors
     * @param json the bytes of the header, without the length before it
     * @param dataStart where the data starts in the file
     * @param fileSize the size of the whole file in bytes
     * @throws UserException if anything is wrong with it
     */
    static SafetensorsHeader parse(Path file, ByteBuffer json, long dataStart, long fileSize) {
        return new Parser(file, dataStart, fileSize).parse(json);
    }

    /** The error for a file that no program can read. */
    static UserException broken(Path file, String reason) {
        return new UserException(
                "%s is not a valid safetensors file: %s; copy or download it again.".formatted(file, reason));
    }

    private record Parser(Path file, long dataStart, long fileSize) {

        SafetensorsHeader parse(ByteBuffer json) {
            JsonNode root = tree(json);
            if (!root.isObject()) {
                throw broken(file, "its header is not a JSON object");
            }
            List<TensorEntry> entries = new ArrayList<>();
            root.properties().forEach(property -> {
                if (!property.getKey().equals(METADATA)) {
                    entries.add(entry(property.getKey(), property.getValue()));
                }
            });
            entries.sort(Comparator.comparingLong(TensorEntry::offset).thenComparingLong(TensorEntry::bytes));
            checkTiling(entries);
            return new SafetensorsHeader(List.copyOf(entries), metadata(root.path(METADATA)));
        }

        private JsonNode tree(ByteBuffer json) {
            try {
                return Json.parseStrict(
                        StandardCharsets.UTF_8.newDecoder().decode(json).toString());
            } catch (CharacterCodingException e) {
                throw broken(file, "its header is not UTF-8 text");
            } catch (JsonProcessingException e) {
                throw broken(file, "its header is not JSON (" + e.getOriginalMessage() + ")");
            }
        }

        private Map<String, String> metadata(JsonNode node) {
            if (node.isMissingNode() || node.isNull()) {
                return Map.of();
            }
            Map<String, String> texts = new LinkedHashMap<>();
            node.properties().forEach(property -> {
                if (property.getValue().isTextual()) {
                    texts.put(property.getKey(), property.getValue().textValue());
                }
            });
            if (!node.isObject() || texts.size() < node.size()) {
                throw broken(file, "its " + METADATA + " is not an object of texts");
            }
            return Collections.unmodifiableMap(texts);
        }

        private TensorEntry entry(String name, JsonNode node) {
            DType type = type(name, node.path("dtype"));
            long[] shape = numbers(name, "shape", node.path("shape"));
            for (long dimension : shape) {
                if (dimension < 0) {
                    throw brokenTensor(name, "has the negative dimension " + dimension);
                }
            }
            long[] range = numbers(name, "data_offsets", node.path("data_offsets"));
            if (range.length != 2) {
                throw brokenTensor(name, "has %d data_offsets instead of 2".formatted(range.length));
            }
            long begin = range[0];
            long end = range[1];
            if (begin < 0 || end < 0) {
                throw brokenTensor(name, "has the negative data offset " + Math.min(begin, end));
            }
            if (begin > end) {
                throw brokenTensor(name, "begins at offset %d, after its end at %d".formatted(begin, end));
            }
            if (end > fileSize - dataStart) {
                throw brokenTensor(
                        name,
                        "ends at offset %d, but the file is truncated or wrong: it holds only %d bytes of data"
                                .formatted(end, fileSize - dataStart));
            }
            checkLength(name, type, shape, end - begin);
            return new TensorEntry(name, type, shape, dataStart + begin, end - begin);
        }

        private DType type(String name, JsonNode node) {
            if (!node.isTextual()) {
                throw brokenTensor(name, "has no dtype");
            }
            return Stream.of(DType.values())
                    .filter(type -> type.fileName().equals(node.textValue()))
                    .findFirst()
                    .orElseThrow(() -> new UserException(
                            "%s: tensor '%s' has the dtype '%s', which Layerwise does not know; convert it to one of %s."
                                    .formatted(file, name, node.textValue(), knownTypes())));
        }

        private static String knownTypes() {
            return Stream.of(DType.values()).map(DType::fileName).collect(Collectors.joining(", "));
        }

        private long[] numbers(String name, String field, JsonNode node) {
            if (!node.isArray()) {
                throw brokenTensor(name, "has no " + field);
            }
            long[] numbers = new long[node.size()];
            for (int i = 0; i < numbers.length; i++) {
                JsonNode number = node.get(i);
                if (!number.isIntegralNumber() || !number.canConvertToLong()) {
                    throw brokenTensor(name, "has %s in its %s, where a whole number belongs".formatted(number, field));
                }
                numbers[i] = number.longValue();
            }
            return numbers;
        }

        private void checkLength(String name, DType type, long[] shape, long bytes) {
            long expected = type.bytes();
            try {
                for (long dimension : shape) {
                    expected = Math.multiplyExact(expected, dimension);
                }
            } catch (ArithmeticException e) {
                throw brokenTensor(name, "has the impossible shape " + Arrays.toString(shape));
            }
            if (expected != bytes) {
                throw brokenTensor(
                        name,
                        "of type %s and shape %s takes %d bytes, but its data_offsets give it %d"
                                .formatted(type.fileName(), Arrays.toString(shape), expected, bytes));
            }
        }

        private void checkTiling(List<TensorEntry> sorted) {
            long end = dataStart;
            for (TensorEntry entry : sorted) {
                if (entry.offset() < end) {
                    throw brokenTensor(
                            entry.name(),
                            "begins at offset %d, inside another tensor".formatted(entry.offset() - dataStart));
                }
                if (entry.offset() > end) {
                    throw brokenTensor(
                            entry.name(),
                            "begins at offset %d, but the data before it ends at %d"
                                    .formatted(entry.offset() - dataStart, end - dataStart));
                }
                end = entry.offset() + entry.bytes();
            }
            if (end != fileSize) {
                throw broken(file, "the last %d bytes belong to no tensor".formatted(fileSize - end));
            }
        }

        private UserException brokenTensor(String name, String reason) {
            return broken(file, "tensor '%s' %s".formatted(name, reason));
        }
    }
}
