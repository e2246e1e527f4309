package org.layerwise.base.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.base.UserException;

class JsonRecordsTest {

    private static final String ADVICE = "Put back what the program wrote.";

    @TempDir
    Path folder;

    private enum Kind {
        TOP_N("top-n"),
        BY_HAND("by-hand");

        private final String id;

        Kind(String id) {
            this.id = id;
        }

        @JsonValue
        String id() {
            return id;
        }
    }

    private record Inner(@Min(0) int samples, @MayBeInfinite double loss) {

        public boolean isDiverged() {
            return Double.isNaN(loss);
        }
    }

    private record Content(
            @JsonProperty(required = true) String modelName,
            @Min(1) int steps,
            long seed,
            double ratio,
            boolean cancelled,
            @Nullable Kind kind,
            @Min(0) @Nullable SortedSet<Integer> layers,
            @Nullable Inner after,
            @Nullable Map<String, Double> metrics,
            @Nullable List<Inner> parts) {}

    private record Checked(int ratio) {
        Checked {
            if (ratio > 1) {
                throw new UserException("The ratio must be at most 1, not %s.".formatted(ratio));
            }
        }
    }

    @Test
    void aRecordIsReadAsItWasWritten() throws Exception {
        Content content = new Content(
                "tiny",
                12,
                Long.MIN_VALUE,
                0.5,
                true,
                Kind.BY_HAND,
                new TreeSet<>(List.of(3, 1)),
                new Inner(4, Double.NaN),
                Map.of("accuracy", 0.1),
                List.of(new Inner(1, Double.NEGATIVE_INFINITY)));
        Path file = folder.resolve("run.json");
        JsonRecords.write(file, content);

        assertThat(JsonRecords.read(file, Content.class, ADVICE)).isEqualTo(content);
        assertThat(Files.readString(file))
                .startsWith(
                        """
                {
                  "model_name" : "tiny",
                  "steps" : 12,
                """)
                .contains("\"kind\" : \"by-hand\"", "\"layers\" : [ 1, 3 ]", "\"loss\" : \"NaN\"")
                .doesNotContain("diverged");
    }

    @Test
    void whatIsMissingOrUnknownIsNoError() throws Exception {
        Content found = of("{\"model_name\": \"tiny\", \"steps\": null, \"of_a_newer_version\": {\"a\": 1}}");
        assertThat(found).isEqualTo(new Content("tiny", 0, 0, 0, false, null, null, null, null, null));
    }

    private Content of(String text) throws Exception {
        return JsonRecords.of(Path.of("run.json"), Json.parse(text.replace('\'', '"')), Content.class, ADVICE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'steps': 'x'|\"x\" for \"steps\"; a whole number of at least 1",
                "'steps': 0|0 for \"steps\"; a whole number of at least 1",
                "'steps': 1.5|1.5 for \"steps\"; a whole number of at least 1",
                "'steps': 4294967297|4294967297 for \"steps\"; a whole number of at least 1",
                "'seed': 1e3|1000.0 for \"seed\"; a whole number of 64 bits",
                "'seed': 9223372036854775808|9223372036854775808 for \"seed\"; a whole number of 64 bits",
                "'ratio': '0.5'|\"0.5\" for \"ratio\"; a finite number",
                "'ratio': NaN|\"NaN\" for \"ratio\"; a finite number",
                "'ratio': 1e999|1e999 for \"ratio\"; a finite number",
                "'cancelled': 1|1 for \"cancelled\"; true or false",
                "'cancelled': 'true'|\"true\" for \"cancelled\"; true or false",
                "'kind': 'best'|\"best\" for \"kind\"; one of top-n, by-hand",
                "'kind': 0|0 for \"kind\"; one of top-n, by-hand",
                "'layers': 3|3 for \"layers\"; a list",
                "'layers': [1, -2]|-2 for \"layers[1]\"; a whole number of at least 0",
                "'layers': {'a': 1}|{\"a\":1} for \"layers\"; a list",
                "'after': 7|7 for \"after\"; an object",
                "'after': {'samples': 1.5}|1.5 for \"after.samples\"; a whole number of at least 0",
                "'after': {'loss': 'much'}|\"much\" for \"after.loss\"; a number",
                "'metrics': {'accuracy': []}|[] for \"metrics.accuracy\"; a finite number",
                "'parts': [{'samples': 1}, {'samples': true}]|true for \"parts[1].samples\"; a whole number of at least 0",
                "'model_name': 5|5 for \"model_name\"; a text",
            })
    void aValueOfAnotherTypeIsRefused(String pair, String words) {
        String text = pair.contains("model_name") ? "{" + pair + "}" : "{'model_name': 'tiny', " + pair + "}";
        assertThatThrownBy(() -> of(text))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("run.json has ")
                .hasMessage("run.json has %s is expected. %s".formatted(words.replace("1e999", number(text)), ADVICE));
    }

    /** Returns the text of an endless number, as Jackson writes it. */
    private static String number(String text) {
        return text.contains("1e999") ? "\"Infinity\"" : "";
    }

    @Test
    void aMissingKeyAWrongDocumentAndARulesViolationAreNamed() throws Exception {
        assertThatThrownBy(() -> of("{}")).hasMessage("run.json does not say \"model_name\". " + ADVICE);
        assertThatThrownBy(() -> of("{'model_name': null}"))
                .hasMessage("run.json does not say \"model_name\". " + ADVICE);
        assertThatThrownBy(() -> of("{'model_name': 'tiny', 'parts': [{'samples': 1}, null]}"))
                .hasMessage("run.json does not say \"parts[1]\". " + ADVICE);
        assertThatThrownBy(() -> of("[1]")).hasMessage("run.json holds [1]; an object is expected. " + ADVICE);
        assertThatThrownBy(
                        () -> JsonRecords.of(Path.of("run.json"), Json.parse("{\"ratio\": 2}"), Checked.class, ADVICE))
                .hasMessage("run.json cannot be used: The ratio must be at most 1, not 2.");
    }

    @Test
    void anErrorOfTheConversionNamesTheFile() throws Exception {
        Path file = Path.of("run.json");
        assertThat(JsonRecords.of(file, Json.parse("{\"ratio\": 1}"), Checked.class, ADVICE, Checked::ratio))
                .isEqualTo(1);
        assertThatThrownBy(() -> JsonRecords.of(file, Json.parse("{}"), Checked.class, ADVICE, content -> {
                    throw new UserException("The ratio is missing.");
                }))
                .hasMessage("run.json cannot be used: The ratio is missing.");
        assertThatThrownBy(() -> JsonRecords.of(file, Json.parse("{}"), Checked.class, ADVICE, content -> {
                    throw new UserException("In run.json, the ratio is missing.");
                }))
                .hasMessage("In run.json, the ratio is missing.");
    }
}
