package org.layerwise.base.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.layerwise.base.ByteSize;
import org.layerwise.base.UserException;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.file.WritablePaths;

/** Reads and writes JSON files as trees. Errors name the file; files are written atomically. */
public final class Json {

    // Python's json module writes NaN and Infinity unquoted
    // a shared table of all key names would grow with each hostile file
    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .build())
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    /**
     * Maximum size of a file in bytes, far above that of any file that is read as a tree. A tree takes several times
     * the memory of its text.
     */
    private static final long MOST_BYTES = 256L << 20;

    /** Byte order mark of UTF-8. */
    private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private Json() {}

    /** Creates an empty object. */
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /**
     * Reads a file.
     *
     * @throws UserException if it is missing, cannot be read, is not JSON in UTF-8, or is larger than 256 MB
     */
    public static JsonNode read(Path file) {
        return read(file, MOST_BYTES);
    }

    /**
     * Reads a file from an untrusted source.
     *
     * @param mostBytes maximum size of the file in bytes
     * @throws UserException if the file is missing, cannot be read, is not JSON, or is larger
     */
    public static JsonNode read(Path file, long mostBytes) {
        WritablePaths.requireReadableFile(file);
        try {
            long bytes = Files.size(file);
            if (bytes > mostBytes) {
                throw new UserException("%s takes %s, more than the %s that such a file may have; is it the right file?"
                        .formatted(file, ByteSize.of(bytes), ByteSize.of(mostBytes)));
            }
            JsonNode node;
            try (Reader text = text(file)) {
                node = MAPPER.readTree(text);
            }
            if (node == null || node.isMissingNode()) {
                throw new UserException("%s is empty; a JSON document is expected.".formatted(file));
            }
            return node;
        } catch (JsonProcessingException e) {
            throw new UserException(
                    "%s is not valid JSON: %s (line %s)."
                            .formatted(
                                    file,
                                    reason(e),
                                    e.getLocation() == null
                                            ? 1
                                            : e.getLocation().getLineNr()),
                    e);
        } catch (CharacterCodingException e) {
            throw new UserException("%s is not text in UTF-8; save it in that encoding.".formatted(file), e);
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(file, FileErrors.reason(e)), e);
        }
    }

    /** Opens a file as UTF-8, without the mark that some editors put before it; other bytes end the reading. */
    private static Reader text(Path file) throws IOException {
        PushbackInputStream bytes =
                new PushbackInputStream(new BufferedInputStream(Files.newInputStream(file)), MARK.length);
        byte[] start = bytes.readNBytes(MARK.length);
        if (!Arrays.equals(start, MARK)) {
            bytes.unread(start);
        }
        return new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder());
    }

    private static String reason(JsonProcessingException e) {
        String words = e.getOriginalMessage();
        // the parser does not throw a JsonEOFException if the text ends between two values
        if (e instanceof JsonEOFException || words.startsWith("Unexpected end-of-input")) {
            return "it ends too early";
        }
        return words.startsWith("Illegal character ((CTRL-CHAR")
                ? "it holds what is no text"
                // the parser adds a dump of the source at the start of an unfinished object or list
                : words.replaceAll("\\s*\\(start marker at \\[.*", "");
    }

    /** Parses a text. */
    public static JsonNode parse(String text) throws JsonProcessingException {
        return MAPPER.readTree(text);
    }

    /** Parses a text from an untrusted source. A repeated key and any text after the document are errors, too. */
    public static JsonNode parseStrict(String text) throws JsonProcessingException {
        return MAPPER.reader()
                .with(
                        DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY,
                        DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .readTree(text);
    }

    /**
     * Creates a parser that reads a text from an untrusted source token by token. It builds no tree, which would take
     * many times the memory of the text. A repeated key is an error.
     */
    public static JsonParser tokens(Reader text) throws IOException {
        // a separate factory: each key name is stored once, and none of them outlives the parser
        return new JsonFactory().createParser(text).enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
    }

    /** Converts a value (record, map, list or number) to a tree. */
    public static <T extends JsonNode> T tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    /** Converts a tree other than null to Java maps, lists, strings, numbers and booleans. */
    public static Object value(JsonNode tree) {
        return MAPPER.convertValue(tree, Object.class);
    }

    /** Formats a tree as one line without spaces. */
    public static String line(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Formats a tree with indentation. */
    public static String pretty(JsonNode node) {
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(node) + "\n";
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes an indented file atomically. */
    public static void write(Path file, JsonNode node) {
        AtomicFiles.writeString(file, pretty(node));
    }

    /** Writes a file with one tree on each line atomically. */
    public static void writeLines(Path file, Stream<ObjectNode> lines) {
        AtomicFiles.write(file, beside -> Files.write(beside, (Iterable<String>) lines.map(Json::line)::iterator));
    }
}
