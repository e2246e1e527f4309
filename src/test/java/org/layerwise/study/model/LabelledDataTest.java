package org.layerwise.study.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.UserException;
import org.layerwise.data.Dataset;
import org.layerwise.data.Labels;
import org.layerwise.data.TaskPreset;

class LabelledDataTest {

    /** Class 1 of a head whose classes are called 1 to 5 is called 2. */
    @Test
    void numbersThatNameAnotherClassAreRefused() {
        Dataset rows = numbered(0, 1);

        assertThatThrownBy(() -> LabelledData.numbered(rows, null, List.of("1", "2", "3")))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(
                        "Label 1 in row 2 of t.csv is the number of one class and the name of another, class 0 (1, 2, 3);");
        assertThatThrownBy(() -> LabelledData.numberedAsHead(rows, null, List.of("1", "0")))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Label 0 in row 1 of t.csv");
    }

    /** As a column of decimals is read: 1.0 is class 1, whose name is then 2.0. */
    @ParameterizedTest
    @ValueSource(strings = {"1.0,2.0,3.0", "01,02,03", "+1,+2,+3", "1e0,2e0,3e0", "1.0,0.0,2.0"})
    void numbersThatNameAnotherClassInAnySpellingAreRefused(String names) {
        assertThatThrownBy(() -> LabelledData.numberedAsHead(numbered(1, 1), null, List.of(names.split(","))))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(
                        "Label 1 in row 1 of t.csv is the number of one class and the name of another, class 0");
    }

    @Test
    void numbersThatNameTheirOwnClassOrNoneStay() {
        Dataset rows = numbered(0, 1);

        assertThat(LabelledData.numbered(rows, null, List.of("0.0", "01", "1.5")))
                .isSameAs(rows);
        assertThat(LabelledData.numbered(rows, null, List.of("0", "1"))).isSameAs(rows);
        assertThat(LabelledData.numbered(rows, null, List.of("1 star", "2 stars")))
                .isSameAs(rows);
        assertThat(LabelledData.numbered(rows, null, List.of())).isSameAs(rows);
    }

    /** Class 0 of MNLI is entailment; that of many checkpoints for it is contradiction. */
    @Test
    void numbersOfAPresetThatMeanAnotherClassOfTheHeadAreRefused() {
        Dataset rows = numbered(1, 0);
        List<String> turned = List.of("CONTRADICTION", "NEUTRAL", "ENTAILMENT");

        assertThatThrownBy(() -> LabelledData.numberedAsHead(rows, TaskPreset.MNLI, turned))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Label 0 in row 2 of t.csv is \"entailment\" of MNLI, but \"CONTRADICTION\" of the model (CONTRADICTION, NEUTRAL, ENTAILMENT); label the rows by the model's names, or leave out --preset to mean the model's numbers.");
        assertThatThrownBy(() -> LabelledData.numbered(rows, TaskPreset.RTE, List.of("not-entailment", "entailment")))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Label 1 in row 1 of t.csv is \"not_entailment\" of RTE");
        assertThat(LabelledData.numberedAsHead(rows, null, turned)).isSameAs(rows);
        assertThat(LabelledData.numbered(rows, TaskPreset.MNLI, List.of("Entailment", "neutral", "contradiction")))
                .isSameAs(rows);
        assertThat(LabelledData.numbered(rows, TaskPreset.MNLI, List.of("LABEL_0", "LABEL_1", "LABEL_2")))
                .isSameAs(rows);
        // nothing is known of the order of other names
        assertThat(LabelledData.numbered(rows, TaskPreset.SST2, List.of("bad", "good")))
                .isSameAs(rows);
        assertThat(LabelledData.numbered(rows, TaskPreset.STSB, List.of())).isSameAs(rows);
    }

    /** The order of a file's own names is not that of the head. */
    @Test
    void numbersThatTheirFileNamesAreMatchedByName() {
        Dataset rows = named(0, 2);

        assertThat(values(LabelledData.numberedAsHead(rows, null, List.of("b", "C", "a"))))
                .containsExactly(2, 1);
        assertThatThrownBy(() -> LabelledData.numberedAsHead(rows, null, List.of("a", "b", "d")))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Label \"c\" in row 2 of t.csv is not one of the known classes a, b, d; name its classes like these, or remove the names from the file to keep its numbers.");
        assertThatThrownBy(() -> LabelledData.numberedAsHead(rows, null, List.of("A", "a", "b-", "C")))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Label \"c\" in row 2");
    }

    /** A head that was trained on the numbers of such a file has no names of its own. */
    @ParameterizedTest
    @ValueSource(strings = {"", "LABEL_0,LABEL_1,LABEL_2", "0,1,2"})
    void numbersThatTheirFileNamesStayForAHeadWithoutNames(String names) {
        List<String> head = names.isEmpty() ? List.of() : List.of(names.split(","));
        Dataset rows = named(0, 2);

        assertThat(LabelledData.numberedAsHead(rows, null, head)).isSameAs(rows);
        assertThat(LabelledData.numbered(rows, null, head)).isSameAs(rows);
    }

    /** A head may have more or fewer classes than the preset; those of both must have the same numbers. */
    @Test
    void numbersOfAPresetAreComparedWithAHeadOfAnotherSize() {
        Dataset rows = numbered(1, 0);

        for (List<String> names : List.of(
                List.of("contradiction", "neutral", "entailment", "LABEL_3"), List.of("contradiction", "entailment"))) {
            assertThatThrownBy(() -> LabelledData.numberedAsHead(rows, TaskPreset.MNLI, names))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("of MNLI, but \"");
        }
        assertThat(LabelledData.numberedAsHead(
                        rows, TaskPreset.MNLI, List.of("entailment", "neutral", "contradiction", "LABEL_3")))
                .isSameAs(rows);
    }

    private static int[] values(Dataset rows) {
        return ((Labels.Classes) rows.labels()).values();
    }

    private static Dataset named(int... classes) {
        return numbered(classes).withLabels(new Labels.Classes(classes, List.of("a", "b", "c"), true));
    }

    private static Dataset numbered(int... classes) {
        List<String> texts = List.of("a", "b");
        return Dataset.ofTexts("t", "t.csv", List.of("text"), texts, null, new Labels.Classes(classes, List.of()));
    }
}
