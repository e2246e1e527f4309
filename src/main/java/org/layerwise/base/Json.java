package org.layerwise.base;

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
import java.io.CharConversionException;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** JSON files as trees: read with errors that name the file, written whole. */
public final class Json {

    // Python's json module writes NaN and Infinity unquoted
    // a table of the names of all files would grow with each hostile one
    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .build())
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    /** Far more than any file that is read as a tree; a tree takes some times the memory of its text. */
    private static final long MOST_BYTES = 256L << 20;

    private Json() {}

    /** An empty object to fill. */
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /**
     * Reads a file.
     *
     * @throws UserException if it is missing, cannot be read, is not JSON, or is larger than 256 MB
     */
    public static JsonNode read(Path file) {
        return read(file, MOST_BYTES);
    }

    /**
     * Reads a file that may come from anywhere.
     *
     * @param mostBytes the size above which it cannot be what it should be
     * @throws UserException if it is missing, cannot be read, is not JSON, or is larger
     */
    public static JsonNode read(Path file, long mostBytes) {
        WholeFiles.requireFile(file);
        try {
            long bytes = Files.size(file);
            if (bytes > mostBytes) {
                throw new UserException("%s takes %s, more than the %s that such a file may have; is it the right file?"
                        .formatted(file, ByteWords.of(bytes), ByteWords.of(mostBytes)));
            }
            JsonNode node = MAPPER.readTree(file.toFile());
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
        } catch (CharConversionException e) {
            throw new UserException("%s is not text, so it cannot be JSON; name a JSON file.".formatted(file), e);
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(file, WholeFiles.reason(e)), e);
        }
    }

    private static String reason(JsonProcessingException e) {
        String words = e.getOriginalMessage();
        // between two values the parser has no exception of its own for it
        if (e instanceof JsonEOFException || words.startsWith("Unexpected end-of-input")) {
            return "it ends too early";
        }
        return words.startsWith("Illegal character ((CTRL-CHAR")
                ? "it holds what is no text"
                // where an unfinished object or list began is told with a dump of the source
                : words.replaceAll("\\s*\\(start marker at \\[.*", "");
    }

    /** Reads a text. */
    public static JsonNode parse(String text) throws JsonProcessingException {
        return MAPPER.readTree(text);
    }

    /** Reads a text that may come from anywhere: a repeated key, or anything after the document, is an error too. */
    public static JsonNode parseStrict(String text) throws JsonProcessingException {
        return MAPPER.reader()
                .with(
                        DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY,
                        DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .readTree(text);
    }

    /**
     * Reads a text that may come from anywhere token by token, without a tree, which takes many times the memory of its
     * text; a repeated key is an error.
     */
    public static JsonParser tokens(Reader text) throws IOException {
        // a factory of its own: each repeated name is one text, and none of them outlives the parser
        return new JsonFactory().createParser(text).enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
    }

    /** A value (record, map, list, number) as a tree. */
    public static <T extends JsonNode> T tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    /** A tree, other than null, as maps, lists, texts, numbers and truth values of Java. */
    public static Object value(JsonNode tree) {
        return MAPPER.convertValue(tree, Object.class);
    }

    /** One line, without blanks. */
    public static String line(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Indented, for people. */
    public static String pretty(JsonNode node) {
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(node) + "\n";
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a file whole, indented. */
    public static void write(Path file, JsonNode node) {
        WholeFiles.writeString(file, pretty(node));
    }
}
