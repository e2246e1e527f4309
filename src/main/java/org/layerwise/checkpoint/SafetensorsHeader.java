package org.layerwise.checkpoint;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
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
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.tensor.DType;

/**
 * JSON header of a safetensors file, checked as strictly as in the reference implementation (crate safetensors,
 * {@code Metadata::validate}): the tensors tile the data without gaps or overlaps, and the length of each tensor fits
 * its type and shape.
 *
 * @param entries the tensors in the order of their data in the file
 * @param metadata the texts under {@code __metadata__}
 */
record SafetensorsHeader(List<TensorEntry> entries, Map<String, String> metadata) {

    static final String METADATA = "__metadata__";

    /** Size of the largest header that the reference implementation reads, in bytes. */
    static final long MAX_BYTES = 100_000_000;

    /** Maximum number of dimensions, as in PyTorch. */
    private static final int MOST_DIMENSIONS = 64;

    private static final int USUAL_DIMENSIONS = 4;

    /**
     * Parses and checks a header.
     *
     * @param file file named in errors
     * @param json the bytes of the header, without the length before it
     * @param dataStart offset of the data in the file, in bytes
     * @param fileSize the size of the whole file in bytes
     * @throws UserException if the header is not valid
     */
    static SafetensorsHeader parse(Path file, ByteBuffer json, long dataStart, long fileSize) {
        return new Parser(file, dataStart, fileSize).parse(json);
    }

    /** Returns the exception for a file that no program can read. */
    static UserException broken(Path file, String reason) {
        return new UserException(
                "%s is not a valid safetensors file: %s; copy or download it again.".formatted(file, reason));
    }

    private record Parser(Path file, long dataStart, long fileSize) {

        SafetensorsHeader parse(ByteBuffer json) {
            InputStream bytes = new ByteArrayInputStream(json.array(), json.arrayOffset(), json.limit());
            // reads token by token, since a tree of a hostile header would take gigabytes; the decoder refuses
            // malformed UTF-8
            try (JsonParser in = Json.tokens(new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder()))) {
                return header(in);
            } catch (CharacterCodingException e) {
                throw broken(file, "its header is not UTF-8 text");
            } catch (JsonProcessingException e) {
                throw broken(file, "its header is not JSON (" + ShortText.of(e.getOriginalMessage()) + ")");
            } catch (IOException e) {
                throw broken(file, "its header cannot be read (" + ShortText.of(String.valueOf(e.getMessage())) + ")");
            }
        }

        private SafetensorsHeader header(JsonParser in) throws IOException {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw broken(file, "its header is not a JSON object");
            }
            List<TensorEntry> entries = new ArrayList<>();
            Map<String, String> metadata = Map.of();
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                String name = in.currentName();
                in.nextToken();
                if (name.equals(METADATA)) {
                    metadata = metadata(in);
                } else {
                    entries.add(entry(name, in));
                }
            }
            if (in.nextToken() != null) {
                throw broken(file, "its header is not JSON (there is more behind its end)");
            }
            entries.sort(Comparator.comparingLong(TensorEntry::offset).thenComparingLong(TensorEntry::bytes));
            checkTiling(entries);
            return new SafetensorsHeader(List.copyOf(entries), metadata);
        }

        private Map<String, String> metadata(JsonParser in) throws IOException {
            if (in.currentToken() == JsonToken.VALUE_NULL) {
                return Map.of();
            }
            Map<String, String> texts = new LinkedHashMap<>();
            boolean valid = in.currentToken() == JsonToken.START_OBJECT;
            while (valid && in.nextToken() == JsonToken.FIELD_NAME) {
                String key = in.currentName();
                valid = in.nextToken() == JsonToken.VALUE_STRING;
                texts.put(key, valid ? in.getText() : "");
            }
            if (!valid) {
                throw broken(file, "its " + METADATA + " is not an object of texts");
            }
            return Collections.unmodifiableMap(texts);
        }

        private TensorEntry entry(String name, JsonParser in) throws IOException {
            String type = null;
            long[] shape = null;
            long[] range = null;
            if (in.currentToken() != JsonToken.START_OBJECT) {
                in.skipChildren();
                throw brokenTensor(name, "has no dtype");
            }
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                String field = in.currentName();
                JsonToken value = in.nextToken();
                switch (field) {
                    case "dtype" -> type = value == JsonToken.VALUE_STRING ? in.getText() : skipped(in);
                    case "shape" -> shape = numbers(name, field, in);
                    case "data_offsets" -> range = numbers(name, field, in);
                    default -> in.skipChildren();
                }
            }
            if (type == null) {
                throw brokenTensor(name, "has no dtype");
            }
            if (shape == null || range == null) {
                throw brokenTensor(name, "has no " + (shape == null ? "shape" : "data_offsets"));
            }
            return entry(name, type(name, type), shape, range);
        }

        private static @Nullable String skipped(JsonParser in) throws IOException {
            in.skipChildren();
            return null;
        }

        private TensorEntry entry(String name, DType type, long[] shape, long[] range) {
            for (long dimension : shape) {
                if (dimension < 0) {
                    throw brokenTensor(name, "has the negative dimension " + dimension);
                }
            }
            if (range.length != 2) {
                throw brokenTensor(name, "has %s data_offsets instead of 2".formatted(range.length));
            }
            long begin = range[0];
            long end = range[1];
            if (begin < 0 || end < 0) {
                throw brokenTensor(name, "has the negative data offset " + Math.min(begin, end));
            }
            if (begin > end) {
                throw brokenTensor(name, "begins at offset %s, after its end at %s".formatted(begin, end));
            }
            if (end > fileSize - dataStart) {
                throw brokenTensor(
                        name,
                        "ends at offset %s, but the file is truncated or wrong: it holds only %s bytes of data"
                                .formatted(end, fileSize - dataStart));
            }
            checkLength(name, type, shape, end - begin);
            return new TensorEntry(name, type, shape, dataStart + begin, end - begin);
        }

        private DType type(String name, String text) {
            return Stream.of(DType.values())
                    .filter(type -> type.fileName().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new UserException(
                            "%s: tensor '%s' has the dtype '%s', which Layerwise does not know; convert it to one of %s."
                                    .formatted(file, ShortText.of(name), ShortText.of(text), knownTypes())));
        }

        private static String knownTypes() {
            return Stream.of(DType.values()).map(DType::fileName).collect(Collectors.joining(", "));
        }

        private long @Nullable [] numbers(String name, String field, JsonParser in) throws IOException {
            if (in.currentToken() != JsonToken.START_ARRAY) {
                in.skipChildren();
                return null;
            }
            long[] numbers = new long[USUAL_DIMENSIONS];
            int count = 0;
            while (in.nextToken() != JsonToken.END_ARRAY) {
                if (in.currentToken() != JsonToken.VALUE_NUMBER_INT
                        || in.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
                    throw brokenTensor(
                            name,
                            "has %s in its %s, where a whole number belongs"
                                    .formatted(ShortText.of(in.getText()), field));
                }
                if (count == MOST_DIMENSIONS) {
                    throw brokenTensor(name, "has more than %s numbers in its %s".formatted(MOST_DIMENSIONS, field));
                }
                if (count == numbers.length) {
                    numbers = Arrays.copyOf(numbers, MOST_DIMENSIONS);
                }
                numbers[count++] = in.getLongValue();
            }
            return Arrays.copyOf(numbers, count);
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
                        "of type %s and shape %s takes %s bytes, but its data_offsets give it %s"
                                .formatted(type.fileName(), Arrays.toString(shape), expected, bytes));
            }
        }

        private void checkTiling(List<TensorEntry> sorted) {
            long end = dataStart;
            for (TensorEntry entry : sorted) {
                if (entry.offset() < end) {
                    throw brokenTensor(
                            entry.name(),
                            "begins at offset %s, inside another tensor".formatted(entry.offset() - dataStart));
                }
                if (entry.offset() > end) {
                    throw brokenTensor(
                            entry.name(),
                            "begins at offset %s, but the data before it ends at %s"
                                    .formatted(entry.offset() - dataStart, end - dataStart));
                }
                end = entry.offset() + entry.bytes();
            }
            if (end != fileSize) {
                throw broken(file, "the last %s bytes belong to no tensor".formatted(fileSize - end));
            }
        }

        private UserException brokenTensor(String name, String reason) {
            return broken(file, "tensor '%s' %s".formatted(ShortText.of(name), reason));
        }
    }
}
