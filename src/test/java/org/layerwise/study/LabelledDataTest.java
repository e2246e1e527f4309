package org.layerwise.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.layerwise.base.UserException;
import org.layerwise.data.Dataset;
import org.layerwise.data.Labels;

class LabelledDataTest {

    /** Class 1 of a head whose classes are called 1 to 5 is called 2. */
    @Test
    void numbersThatNameAnotherClassAreRefused() {
        Dataset rows = numbered(0, 1);

        assertThatThrownBy(() -> LabelledData.numbered(rows, List.of("1", "2", "3")))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(
                        "Label 1 in row 2 of t.csv is the number of one class and the name of another, class 0 (1, 2, 3);");
        assertThatThrownBy(() -> LabelledData.numberedAsHead(rows, List.of("1", "0")))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Label 0 in row 1 of t.csv");
    }

    @Test
    void numbersThatNameTheirOwnClassOrNoneStay() {
        Dataset rows = numbered(0, 1);

        assertThat(LabelledData.numbered(rows, List.of("0", "1"))).isSameAs(rows);
        assertThat(LabelledData.numbered(rows, List.of("1 star", "2 stars"))).isSameAs(rows);
        assertThat(LabelledData.numbered(rows, List.of())).isSameAs(rows);
    }

    private static Dataset numbered(int... classes) {
        List<String> texts = List.of("a", "b");
        return Dataset.ofTexts("t", "t.csv", List.of("text"), texts, null, new Labels.Classes(classes, List.of()));
    }
}
