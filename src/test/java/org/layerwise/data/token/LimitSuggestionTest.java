package org.layerwise.data.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LimitSuggestionTest {

    @Test
    void ninetyFivePercentOfTheRowsFit() {
        List<Integer> lengths =
                IntStream.rangeClosed(1, 100).map(i -> 10 * i).boxed().toList();
        LimitSuggestion limit = LimitSuggestion.of(lengths, 4096);
        assertThat(limit).isEqualTo(new LimitSuggestion(960, 100, 0.96));
        assertThat(LimitSuggestion.of(lengths.subList(0, 95), 4096))
                .as("4 of 95 rows may be cut: 910 tokens hold the others")
                .isEqualTo(new LimitSuggestion(928, 95, 92 / 95.0));
    }

    @Test
    void oneLongRowOfAFewCounts() {
        assertThat(LimitSuggestion.of(List.of(3, 3, 3, 200), 512)).isEqualTo(new LimitSuggestion(224, 4, 1));
    }

    @Test
    void theModelIsTheLimit() {
        assertThat(LimitSuggestion.of(List.of(100, 500, 500, 600), 500)).isEqualTo(new LimitSuggestion(500, 4, 0.75));
        assertThatIllegalArgumentException().isThrownBy(() -> LimitSuggestion.of(List.of(), 500));
    }
}
