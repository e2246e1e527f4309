package org.layerwise.base.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.JsonTokenId;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.ByteSize;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.file.WritablePaths;

/**
 * Reads and writes YAML files of settings as trees. Reading is strict, and errors name the file; one setting is written
 * per line.
 */
public final class Yaml {

    /** Maximum size of a file in bytes, far above that of any settings file. */
    private static final long MOST_BYTES = 1L << 20;

    /** Messages of SnakeYAML about bytes that are not UTF-8, and about control characters. */
    private static final Pattern SAYS_NO_TEXT = Pattern.compile("CharConversionException|special characters");

    private static final YAMLMapper MAPPER = YAMLMapper.builder(YAMLFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                    .disable(YAMLGenerator.Feature.SPLIT_LINES)
                    .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                    .stringQuotingChecker(new Words())
                    .build())
            // YAML 1.1, which Python uses, reads 1E-7 as text
            .configure(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN, true)
            .build();

    /** Quotes every text that a YAML reader might take for a number, a date or a boolean. */
    private static final class Words extends StringQuotingChecker.Default {

        private static final long serialVersionUID = 1;

        private static final Pattern PLAIN = Pattern.compile("[A-Za-z/][\\w./@:+-]*(?<!:)");

        @Override
        public boolean needToQuoteValue(String value) {
            return !PLAIN.matcher(value).matches() || super.needToQuoteValue(value);
        }
    }

    private Yaml() {}

    /**
     * Reads a settings file. An empty file has no settings.
     *
     * @throws UserException if the file is missing, larger than 1 MB, not text, not valid YAML, or not a mapping of
     *     keys to values
     */
    public static ObjectNode read(Path file) {
        WritablePaths.requireReadableFile(file);
        try {
            long bytes = Files.size(file);
            if (bytes > MOST_BYTES) {
                throw new UserException("%s takes %s, more than the %s that such a file may have; is it the right file?"
                        .formatted(file, ByteSize.of(bytes), ByteSize.of(MOST_BYTES)));
            }
            return tree(file, Files.readAllBytes(file));
        } catch (CharConversionException e) {
            throw noText(file, e);
        } catch (MismatchedInputException e) {
            throw new UserException(
                    "%s holds more than one document; end the settings before the second \"---\".".formatted(file), e);
        } catch (JsonProcessingException e) {
            if (SAYS_NO_TEXT.matcher(e.getOriginalMessage()).find()) {
                throw noText(file, e);
            }
            String what = e.getOriginalMessage().lines().findFirst().orElse("it cannot be read");
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            throw new UserException("%s is not valid YAML: %s (line %s).".formatted(file, what, line), e);
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(file, FileErrors.reason(e)), e);
        }
    }

    /** Formats settings as text, one {@code key: value} per line in the order of the map. */
    public static String write(Map<String, ?> settings) {
        try {
            return MAPPER.writeValueAsString(settings);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectNode tree(Path file, byte[] bytes) throws IOException {
        requirePlainValues(file, bytes);
        JsonNode tree;
        try (JsonParser parser = new FractionsAsWritten(MAPPER.createParser(bytes))) {
            tree = MAPPER.reader()
                    .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .readTree(parser);
        }
        if (tree == null || tree.isMissingNode() || tree.isNull()) {
            return MAPPER.createObjectNode();
        }
        if (tree instanceof ObjectNode settings) {
            return settings;
        }
        throw new UserException("%s is not a list of settings; write one \"key: value\" a line.".formatted(file));
    }

    private static UserException noText(Path file, IOException e) {
        return new UserException("%s is not text, so it cannot be YAML; name a YAML file.".formatted(file), e);
    }

    /**
     * Refuses values that are read differently from how people mean them: YAML reads 010 as 8 and 1:30 as 90, and
     * Jackson reads an alias as text, namely the alias's name.
     */
    private static void requirePlainValues(Path file, byte[] bytes) throws IOException {
        try (YAMLParser parser = MAPPER.getFactory().createParser(bytes)) {
            while (parser.nextToken() != null) {
                if (parser.isCurrentAlias()) {
                    throw new UserException("%s has the alias *%s (line %s); write the value itself there."
                            .formatted(
                                    file,
                                    parser.getText(),
                                    parser.currentTokenLocation().getLineNr()));
                }
                if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                        && !parser.getText().matches("[+-]?(0|[1-9][0-9]*)")) {
                    throw new UserException(
                            "%s: \"%s\" is %s; write a whole number in plain decimals, without leading zeros, or a text in quotes."
                                    .formatted(file, parser.currentName(), parser.getText()));
                }
            }
        }
    }

    /** Reads numbers with a point or an exponent as text: a folder named 1.10 must not become 1.1. */
    private static final class FractionsAsWritten extends JsonParserDelegate {

        FractionsAsWritten(JsonParser parser) {
            super(parser);
        }

        private static @Nullable JsonToken asWritten(@Nullable JsonToken token) {
            return token == JsonToken.VALUE_NUMBER_FLOAT ? JsonToken.VALUE_STRING : token;
        }

        @Override
        public @Nullable JsonToken nextToken() throws IOException {
            return asWritten(super.nextToken());
        }

        @Override
        public @Nullable JsonToken currentToken() {
            return asWritten(super.currentToken());
        }

        @Override
        public int currentTokenId() {
            JsonToken token = currentToken();
            return token == null ? JsonTokenId.ID_NO_TOKEN : token.id();
        }

        @Override
        public boolean hasToken(JsonToken token) {
            return token == currentToken();
        }

        @Override
        public boolean hasTokenId(int id) {
            return id == currentTokenId();
        }
    }
}
