package org.layerwise.gui.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.layerwise.chart.style.ChartNumbers;

class NumberTextsTest {

    private static final Pattern KEY = Pattern.compile(
            "\\b(?:text|field|fact|new Fact|add\\(grid,|column|columnChoice\\(\"[\\w-]+\",)\\(?\\s*\"([a-z][\\w.-]*[\\w])\"");

    @Test
    void parametersAreShort() {
        assertThat(plain(NumberTexts.parameters(663_552))).isEqualTo("0.664 M");
        assertThat(plain(NumberTexts.parameters(33_212_160))).isEqualTo("33.2 M");
        assertThat(plain(NumberTexts.parameters(7_240_000_000L))).isEqualTo("7.24 B");
        assertThat(plain(NumberTexts.parameters(12_300))).isEqualTo("12.3 k");
        assertThat(NumberTexts.parameters(768)).isEqualTo("768");
        assertThat(NumberTexts.exact(663_552)).isEqualTo("663,552");
        for (long count : new long[] {0, 999, 1_000, -999, -1_000, -123_456_789, Long.MIN_VALUE}) {
            assertThat(NumberTexts.exact(count)).isEqualTo(String.format(Locale.ENGLISH, "%,d", count));
        }
    }

    @Test
    void threeDigitsAreSignificant() {
        assertThat(NumberTexts.significant(0.61749)).isEqualTo("0.617");
        assertThat(NumberTexts.significant(0.05)).isEqualTo("0.0500");
        assertThat(NumberTexts.significant(1)).isEqualTo("1.00");
        assertThat(NumberTexts.significant(123.6)).isEqualTo("124");
        assertThat(NumberTexts.significant(0)).isEqualTo("0");
        assertThat(NumberTexts.significant(1e-9)).isEqualTo("1.00e-9");
        assertThat(NumberTexts.significant(Double.NaN)).isEqualTo("–");
        assertThat(NumberTexts.significant(0.9996)).isEqualTo("1.00");
    }

    @Test
    void noDigitBeforeThePointIsRoundedAway() {
        assertThat(NumberTexts.significant(1234.6)).isEqualTo("1235");
        assertThat(NumberTexts.significant(-1234.6)).isEqualTo("-1235");
        assertThat(NumberTexts.significant(999.7)).isEqualTo("1000");
        assertThat(NumberTexts.significant(9_999_999.4)).isEqualTo("9999999");
        assertThat(plain(NumberTexts.seconds(4321.5))).isEqualTo("4322 s");
    }

    @Test
    void timesAndSizesAreThoseOfAClockAndADisk() {
        assertThat(NumberTexts.clock(21)).isEqualTo("0:21");
        assertThat(NumberTexts.clock(3723)).isEqualTo("1:02:03");
        assertThat(plain(NumberTexts.duration(4.24))).isEqualTo("4.2 s");
        assertThat(NumberTexts.duration(75)).isEqualTo("1:15");
        assertThat(plain(NumberTexts.bytes(132_848_640))).isEqualTo("127 MiB");
        assertThat(plain(NumberTexts.bytes(3L << 30))).isEqualTo("3.0 GiB");
        assertThat(plain(NumberTexts.percent(0.5))).isEqualTo("50 %");
    }

    @Test
    void neighbouringLayersAreJoined() {
        assertThat(NumberTexts.layers(List.of(8, 0, 3, 4, 5))).isEqualTo("0, 3–5, 8");
        assertThat(NumberTexts.layers(List.of(1, 2))).isEqualTo("1, 2");
        assertThat(NumberTexts.layers(List.of())).isEmpty();
    }

    @Test
    void everyTextThatIsAskedForIsThere() throws IOException {
        ResourceBundle bundle = ResourceBundle.getBundle("org.layerwise.gui.messages");
        Set<String> missing = new TreeSet<>();
        int found = 0;
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java/org/layerwise/gui"))) {
            for (Path source :
                    sources.filter(file -> file.toString().endsWith(".java")).toList()) {
                Matcher matcher = KEY.matcher(Files.readString(source));
                while (matcher.find()) {
                    found++;
                    if (!bundle.containsKey(matcher.group(1))) {
                        missing.add(matcher.group(1));
                    }
                }
            }
        }
        assertThat(missing).isEmpty();
        assertThat(found).isGreaterThan(150);
    }

    /** An apostrophe quotes in texts with arguments, and two of them are shown as two in texts without. */
    @Test
    void everyApostropheIsTypographic() {
        ResourceBundle bundle = ResourceBundle.getBundle("org.layerwise.gui.messages");
        assertThat(bundle.keySet())
                .allSatisfy(key -> assertThat(bundle.getString(key)).as(key).doesNotContain("'"));
    }

    @Test
    void oneLayerIsNotCalledLayers() {
        assertThat(Messages.text("stability.overlap", "300", "0.1", "0.9", 1))
                .isEqualTo(
                        "Drawn anew 300 times, 0.9 of the 1 layer that ratio 0.1 proposes is chosen again on average.");
        assertThat(Messages.text("stability.unrelated.within", "0.5", "3", 1)).endsWith("; layer 3 is not above that.");
        assertThat(Messages.text("stability.unrelated.within", "0.5", "3, 4", 2))
                .endsWith("; layers 3, 4 are not above that.");
        assertThat(Messages.text("compare.consensus", "5", 1, 12, 1, 2, "0.1"))
                .isEqualTo(
                        "At a ratio of 0.1, together they select layer 5 (1 of 12); 1 of these is selected by all 2.");
        assertThat(Messages.text("analysis.trust.several", "2", "3, 4", 1))
                .startsWith("Selected layer 2 could change places with 3, 4:");
        assertThat(Messages.text("navigator.run", 1, "5", 1)).isEqualTo("1 · layer 5");
    }

    @Test
    void chartsAndTablesRoundAlike() {
        for (double value : new double[] {0.0625, 0.31250, 1.125, 2.5e6, 0.00011125, 1e-9, 1.25e8, -0.4375, 100.5, 0}) {
            assertThat(NumberTexts.significant(value)).isEqualTo(ChartNumbers.three(value));
        }
        assertThat(ChartNumbers.three(1.125)).isEqualTo("1.13");
        assertThat(ChartNumbers.three(2_345_678)).isEqualTo("2345678");
        assertThat(ChartNumbers.hundredths(0.125)).isEqualTo("0.13");
        assertThat(ChartNumbers.percent(0.125)).isEqualTo("13 %");
        assertThat(NumberTexts.hundredths(0.125)).isEqualTo("0.13");
        assertThat(plain(NumberTexts.percent(0.125))).isEqualTo("13 %");
    }

    @Test
    void noTextIsThereTwice() throws IOException {
        List<String> keys =
                Files.readAllLines(Path.of("src/main/resources/org/layerwise/gui/messages.properties")).stream()
                        .filter(line -> line.contains("=") && !line.startsWith("#"))
                        .map(line -> line.substring(0, line.indexOf('=')))
                        .toList();
        assertThat(keys).doesNotHaveDuplicates();
    }

    private static String plain(String text) {
        return text.replace('\u00a0', ' ');
    }
}
