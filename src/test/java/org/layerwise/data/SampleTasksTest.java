package org.layerwise.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.Progress;
import org.layerwise.data.BalancedSplit.Example;

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
    private static final int ACCEPTABILITY_HASH = -231950931;

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
