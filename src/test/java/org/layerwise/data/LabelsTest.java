package org.layerwise.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.layerwise.base.UserException;

class LabelsTest {

    private static Dataset labelled(Labels labels) {
        List<String> texts = Collections.nCopies(labels.size(), "x");
        return Dataset.ofTexts("t", "t.csv", List.of("text", "label"), texts, null, labels);
    }

    @Test
    void aNameOfTwoClassesIsRefused() {
        Dataset data = labelled(new Labels.Classes(new int[] {0, 1}, List.of("neg", "pos")));

        assertThatThrownBy(() -> data.withClassNames(List.of("pos", "neg", "pos")))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll("Label \"pos\" in row 2 of", "is the name of two of the known classes");
        assertThat(data.withClassNames(List.of("other", "neg", "pos", "other"))
                        .labels()
                        .text(1))
                .isEqualTo("pos");
    }

    @Test
    void namesAreFoundInAGivenList() {
        Dataset data = labelled(new Labels.Classes(new int[] {0, 1, 0}, List.of("neg", "pos")));

        Labels.Classes mapped = (Labels.Classes)
                data.withClassNames(List.of("pos", "other", "neg")).labels();

        assertThat(mapped.values()).containsExactly(2, 0, 2);
        assertThat(mapped.count()).isEqualTo(3);
        assertThat(mapped.counts()).containsExactly(Map.entry("pos", 1), Map.entry("neg", 2));
    }

    @Test
    void aNameThatTheListLacks() {
        Dataset data = labelled(new Labels.Classes(new int[] {0, 1}, List.of("neg", "pos")));

        assertThatThrownBy(() -> data.withClassNames(List.of("neg", "positive")))
                .isInstanceOf(UserException.class)
                .hasMessage("Label \"pos\" in row 2 of t.csv is not one of the known classes neg, positive.");
    }

    @Test
    void wholeNumbersKeepTheirValueAndMustFitTheHead() {
        Dataset data = labelled(new Labels.Classes(new int[] {0, 2}, List.of()));

        assertThat(data.withClassNames(List.of("a", "b", "c")).labels().text(1)).isEqualTo("c");
        assertThatThrownBy(() -> data.withClassNames(List.of("a", "b")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("Label 2 in row 2 of t.csv")
                .hasMessageContaining("2 classes (0 to 1)");
        assertThatThrownBy(() -> data.requireClassesBelow(2)).isInstanceOf(UserException.class);
        data.requireClassesBelow(3);
    }

    @Test
    void wholeNumbersBecomeNumbersButNamesDoNot() {
        Dataset whole = labelled(new Labels.Classes(new int[] {3, 0}, List.of()));
        Dataset named = labelled(new Labels.Classes(new int[] {0}, List.of("good")));

        assertThat(((Labels.Numbers) whole.asNumbers().labels()).values()).containsExactly(3.0, 0.0);
        assertThatThrownBy(named::asNumbers).isInstanceOf(UserException.class).hasMessageContaining("\"good\"");
    }

    @Test
    void numbersAreNoClasses() {
        Dataset data = labelled(new Labels.Numbers(new double[] {0.5}));

        assertThatThrownBy(() -> data.requireClassesBelow(2))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("no classes");
        assertThat(data.asNumbers()).isSameAs(data);
    }

    @Test
    void aLongListOfKnownClassesIsCut() {
        Dataset data = labelled(new Labels.Classes(new int[] {0}, List.of("z\n" + "z".repeat(500))));
        List<String> known = IntStream.range(0, 60).mapToObj(i -> "c" + i).toList();

        assertThatThrownBy(() -> data.withClassNames(known))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("known classes c0, c1, c2, c3, c4, c5, c6, c7, c8, c9 and 50 more.")
                .satisfies(thrown ->
                        assertThat(thrown.getMessage()).doesNotContain("\n").hasSizeLessThan(250));
    }

    @Test
    void labelsCannotBeChangedFromOutside() {
        int[] values = {0, 1};
        Labels.Classes labels = new Labels.Classes(values, List.of());
        values[0] = 9;
        labels.values()[1] = 9;

        assertThat(labels.values()).containsExactly(0, 1);
    }
}
