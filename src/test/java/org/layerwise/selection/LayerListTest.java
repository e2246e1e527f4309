package org.layerwise.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.base.UserException;

class LayerListTest {

    @Test
    void readsNumbersAndRanges() {
        assertThat(LayerList.parse("1,3,5-7", 12)).containsExactly(1, 3, 5, 6, 7);
        assertThat(LayerList.parse(" 7 - 8 , 0,0 ", 12)).containsExactly(0, 7, 8);
        assertThat(LayerList.parse("", 12)).isEmpty();
        assertThat(LayerList.parse(" All ", 3)).containsExactly(0, 1, 2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "1,x;\"x\"",
                "1,,2;\"\"",
                "-1;\"-1\"",
                "1.5;\"1.5\"",
                "7-5;write 5-7",
                "12;no layer 12",
                "3-12;no layer 12",
                "99999999999;no layer 99999999999"
            })
    void saysWhatIsWrong(String text, String expected) {
        assertThatThrownBy(() -> LayerList.parse(text, 12))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(expected);
    }

    @Test
    void writesWhatItReads() {
        assertThat(LayerList.format(List.of(7, 5, 6, 1, 2, 9))).isEqualTo("1,2,5-7,9");
        assertThat(LayerList.format(List.of())).isEmpty();
        assertThat(LayerList.parse(LayerList.format(List.of(0, 1, 2, 4, 11)), 12))
                .containsExactly(0, 1, 2, 4, 11);
    }
}
