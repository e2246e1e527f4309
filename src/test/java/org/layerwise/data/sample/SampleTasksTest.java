package org.layerwise.data.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.Progress;
import org.layerwise.data.DataFixtures;
import org.layerwise.data.Dataset;
import org.layerwise.data.Labels;
import org.layerwise.data.Split;
import org.layerwise.data.TokenRow;
import org.layerwise.data.sample.BalancedSplit.Example;
import org.layerwise.data.token.TextTokenizer;

class SampleTasksTest {

    private final SampleTasks tasks = new SampleTasks();

    @Test
    void glossesOfEightClasses() {
        List<Example> glosses = tasks.glosses();

        assertThat(glosses).hasSize(53_711);
        List<String> texts = glosses.stream().map(Example::text).toList();
        assertThat(texts.stream().filter(text -> text.contains("; "))).isEmpty();
        assertThat(texts.stream().filter(text -> !text.equals(text.strip()))).isEmpty();
        int plant = DefinitionGlosses.NAMES.indexOf("plant");
        assertThat(glosses.stream()
                        .filter(gloss -> gloss.label() == plant && gloss.text().contains("tree")))
                .hasSizeGreaterThan(500);
    }

    @Test
    void examplesOfTheGrammar() {
        List<GrammarExamples.Sentence> sentences = tasks.sentences();

        assertThat(sentences)
                .contains(
                        new GrammarExamples.Sentence("I'm sill looking for you.", false, "I'm still looking for you."))
                .contains(new GrammarExamples.Sentence("A ball hit her on the right leg.", true, null));
        assertThat(sentences).filteredOn(sentence -> !sentence.acceptable()).hasSizeGreaterThan(8_900);
        assertThat(sentences)
                .filteredOn(sentence -> sentence.corrected() != null)
                .hasSizeGreaterThan(8_600);
    }

    @ParameterizedTest
    @ValueSource(strings = {SampleTasks.DEFINITIONS, SampleTasks.ACCEPTABILITY})
    void splitsAreBalancedAndDisjoint(String location) {
        Dataset train = read(location, Split.TRAIN);
        Dataset validation = read(location, Split.VALIDATION);

        for (Dataset data : List.of(train, validation)) {
            assertThat(data.labels().counts().keySet())
                    .containsExactlyElementsOf(((Labels.Classes) data.labels()).names());
            assertThat(Set.copyOf(data.labels().counts().values())).hasSize(1);
            assertThat(data.texts()).doesNotHaveDuplicates().doesNotContain("");
        }
        assertThat(train.size()).isBetween(8 * validation.size(), 10 * validation.size());
        Set<String> both = new HashSet<>(train.texts());
        both.retainAll(new HashSet<>(validation.texts()));
        assertThat(both).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {SampleTasks.DEFINITIONS, SampleTasks.ACCEPTABILITY})
    void everyBeginningIsBalanced(String location) {
        Labels.Classes labels = (Labels.Classes) read(location, Split.TRAIN).labels();
        int[] counts = new int[labels.count()];
        for (int row = 0; row < labels.size(); row++) {
            counts[labels.of(row)]++;
            int most = Arrays.stream(counts).max().orElseThrow();
            int least = Arrays.stream(counts).min().orElseThrow();
            assertThat(most - least).isLessThanOrEqualTo(1);
        }
    }

    /** The sample model's tokenizer is uncased: two inputs that differ for a reader can be one for the model. */
    @ParameterizedTest
    @ValueSource(strings = {SampleTasks.DEFINITIONS, SampleTasks.ACCEPTABILITY})
    void noTwoTextsGiveTheSameTokens(String location, @TempDir Path folder) {
        Map<List<Long>, String> seen = new HashMap<>();
        List<String> twice = new ArrayList<>();
        try (TextTokenizer tokenizer = TextTokenizer.openTrusted(DataFixtures.sampleTokenizer(folder))) {
            for (Dataset part : parts(location)) {
                List<TokenRow> rows =
                        tokenizer.encode(part, 512, 512, Progress.none()).rows();
                for (int row = 0; row < rows.size(); row++) {
                    List<Long> tokens =
                            Arrays.stream(rows.get(row).ids()).boxed().toList();
                    String other = seen.put(tokens, part.texts().get(row));
                    if (other != null) {
                        twice.add(other + " | " + part.texts().get(row));
                    }
                }
            }
        }
        assertThat(twice).isEmpty();
    }

    @Test
    void noSentenceHasANearCopyInAnotherPart() {
        List<Dataset> parts = parts(SampleTasks.ACCEPTABILITY);
        for (Dataset part : parts) {
            Set<List<String>> elsewhere = new HashSet<>();
            parts.stream()
                    .filter(other -> other != part)
                    .flatMap(other -> other.texts().stream())
                    .forEach(text -> elsewhere.addAll(withoutOneWord(text)));
            assertThat(part.texts().stream()
                            .filter(text -> withoutOneWord(text).stream().anyMatch(elsewhere::contains)))
                    .as(part.name())
                    .isEmpty();
        }
    }

    /** The words of a text, and all of them but one; texts of four words and more that share one of these are near copies. */
    private static Set<List<String>> withoutOneWord(String text) {
        List<String> words = List.of(text.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}]+", " ")
                .strip()
                .split(" "));
        Set<List<String>> sets = new HashSet<>(Set.of(words));
        for (int left = 0; words.size() >= 4 && left < words.size(); left++) {
            List<String> others = new ArrayList<>(words);
            others.remove(left);
            sets.add(others);
        }
        return sets;
    }

    /** The training rows and both halves of the validation rows. */
    private List<Dataset> parts(String location) {
        return List.of(
                read(location, Split.TRAIN),
                read(location + ":validation", Split.VALIDATION),
                read(location + ":test", Split.VALIDATION));
    }

    @Test
    void aSentenceThatAnUncasedModelCannotTellFromItsCorrectionIsLeftOut() {
        List<List<Example>> groups = GrammarExamples.groups(List.of(
                new GrammarExamples.Sentence("i saw him .", false, "I saw him."),
                new GrammarExamples.Sentence("He see her.", false, "He sees her."),
                new GrammarExamples.Sentence("he  sees HER .", true, null),
                new GrammarExamples.Sentence("Une fete", false, "The party"),
                new GrammarExamples.Sentence("une f\u00eate", true, null),
                new GrammarExamples.Sentence("It rained the whole of Monday.", true, null),
                new GrammarExamples.Sentence("It rained the whole of Tuesday.", true, null)));

        List<String> texts =
                groups.stream().flatMap(List::stream).map(Example::text).toList();
        assertThat(texts).contains("He see her.", "He sees her.", "The party");
        assertThat(texts).doesNotContain("i saw him .", "I saw him.", "he  sees HER .", "Une fete", "une f\u00eate");
        assertThat(groups).contains(List.of(new Example("He see her.", 0), new Example("He sees her.", 1)));
    }

    @Test
    void minimalPairsAreOnOneSide() {
        Set<String> train =
                new HashSet<>(read(SampleTasks.ACCEPTABILITY, Split.TRAIN).texts());
        Set<String> validation =
                new HashSet<>(read(SampleTasks.ACCEPTABILITY, Split.VALIDATION).texts());

        int whole = 0;
        for (GrammarExamples.Sentence sentence : tasks.sentences()) {
            if (sentence.corrected() != null) {
                boolean split = (train.contains(sentence.text()) && validation.contains(sentence.corrected()))
                        || (validation.contains(sentence.text()) && train.contains(sentence.corrected()));
                assertThat(split).as(sentence.text()).isFalse();
                whole += validation.contains(sentence.text()) && validation.contains(sentence.corrected()) ? 1 : 0;
            }
        }
        assertThat(whole).isGreaterThan(700);
    }

    @ParameterizedTest
    @ValueSource(strings = {SampleTasks.DEFINITIONS, SampleTasks.ACCEPTABILITY})
    void theValidationRowsAreCutInBalancedHalves(String location) {
        Dataset first = read(location + ":validation", Split.TRAIN);
        Dataset second = read(location + ":test", Split.VALIDATION);

        for (Dataset half : List.of(first, second)) {
            assertThat(Set.copyOf(half.labels().counts().values())).hasSize(1);
        }
        assertThat(Math.abs(first.size() - second.size()))
                .isLessThanOrEqualTo(((Labels.Classes) first.labels()).count());
        List<String> both = new ArrayList<>(first.texts());
        both.addAll(second.texts());
        assertThat(both).isEqualTo(read(location, Split.VALIDATION).texts());
        assertThat(second.name()).doesNotContain(":").endsWith("-test");
    }

    @ParameterizedTest
    @ValueSource(strings = {SampleTasks.DEFINITIONS, SampleTasks.ACCEPTABILITY})
    void alwaysTheSame(String location) {
        assertThat(read(location, Split.TRAIN).texts())
                .isEqualTo(new SampleTasks()
                        .read(location, Split.TRAIN, null, Progress.none())
                        .texts());
        assertThat(tasks.read(location, Split.TRAIN, 512, Progress.none()).texts())
                .isEqualTo(read(location, Split.TRAIN).texts().subList(0, 512));
    }

    @Test
    void theSameOnEveryMachine() {
        // pins the order: numbers that people publish with "the first 512 rows" depend on it
        assertThat(read(SampleTasks.DEFINITIONS, Split.TRAIN).texts().hashCode())
                .isEqualTo(DEFINITIONS_HASH);
        assertThat(read(SampleTasks.ACCEPTABILITY, Split.TRAIN).texts().hashCode())
                .isEqualTo(ACCEPTABILITY_HASH);
    }

    private static final int DEFINITIONS_HASH = -16278715;
    private static final int ACCEPTABILITY_HASH = 1940755598;

    @Test
    void groupsStayTogetherInASplit() {
        List<List<Example>> groups = new ArrayList<>();
        Map<String, Integer> groupOf = new HashMap<>();
        for (int group = 0; group < 200; group++) {
            List<Example> examples = new ArrayList<>();
            for (int i = 0; i <= group % 4; i++) {
                examples.add(new Example("text %s of %s".formatted(i, group), (group + i) % 3));
                groupOf.put(examples.get(i).text(), group);
            }
            groups.add(examples);
        }
        BalancedSplit split = new BalancedSplit(groups, 3);

        Set<Integer> train = new HashSet<>();
        split.rows(Split.TRAIN).forEach(example -> train.add(groupOf.get(example.text())));
        assertThat(split.rows(Split.VALIDATION)).isNotEmpty().allSatisfy(example -> assertThat(train)
                .doesNotContain(groupOf.get(example.text())));
        Set<Integer> first = new HashSet<>();
        split.halves().first().forEach(example -> first.add(groupOf.get(example.text())));
        assertThat(split.halves().second()).isNotEmpty().allSatisfy(example -> assertThat(first)
                .doesNotContain(groupOf.get(example.text())));
    }

    @Test
    void grammarIsReadWithoutLookingOutside() throws Exception {
        String xml =
                """
                <!DOCTYPE rules [
                  <!ENTITY inner "an inner one">
                  <!ENTITY secret SYSTEM "file:///etc/hostname">
                ]>
                <rules><!-- <example>in a comment</example> -->
                <example correction="right|other">It is <marker>wrong</marker> &amp; &inner;.</example>
                <example type="triggers_error">Left out.</example>
                <example correction=""><marker>Gone</marker></example>
                <example>A <marker>fine</marker> one&secret;.</example></rules>
                """;

        List<GrammarExamples.Sentence> sentences =
                GrammarExamples.read(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));

        assertThat(sentences)
                .containsExactly(
                        new GrammarExamples.Sentence(
                                "It is wrong & an inner one.", false, "It is right & an inner one."),
                        new GrammarExamples.Sentence("Gone", false, null),
                        new GrammarExamples.Sentence("A fine one.", true, null));
    }

    private Dataset read(String location, Split split) {
        return tasks.read(location, split, null, Progress.none());
    }
}
