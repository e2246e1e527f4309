package org.layerwise.study.experiment.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.layerwise.base.UserException;
import org.layerwise.lora.LoraSettings;
import org.layerwise.lora.LoraVariant;
import org.layerwise.settings.AdapterSettings;

/** Adapters with half of the rank. */
class HalfRankTest {

    @Test
    void theScaleStays() {
        AdapterSettings half = HalfRank.of(AdapterSettings.DEFAULTS.withRank(8, 12));
        assertThat(half.rank()).isEqualTo(4);
        assertThat(half.values().get(LoraSettings.ALPHA)).isEqualTo(6);

        AdapterSettings stabilised = HalfRank.of(
                AdapterSettings.DEFAULTS.withRank(8, 16).with(LoraSettings.VARIANT, LoraVariant.of("rslora")));
        assertThat(stabilised.values().get(LoraSettings.ALPHA) / Math.sqrt(4))
                .isCloseTo(16 / Math.sqrt(8), within(1e-12));
    }

    @Test
    void modulesWithARankOfTheirOwnAreHalvedToo() {
        AdapterSettings half = HalfRank.of(AdapterSettings.DEFAULTS
                .withRank(8, 16)
                .with(LoraSettings.RANK_PATTERN, Map.of("query", 6))
                .with(LoraSettings.ALPHA_PATTERN, Map.of("value", 10.0)));
        assertThat(half.values().get(LoraSettings.RANK_PATTERN)).isEqualTo(Map.of("query", 3));
        assertThat(half.values().get(LoraSettings.ALPHA_PATTERN)).isEqualTo(Map.of("value", 5.0));
    }

    @Test
    void anOddRankHasNoHalf() {
        assertThatThrownBy(() -> HalfRank.of(AdapterSettings.DEFAULTS.withRank(1, 2)))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Half of the rank 1 is no whole number; give an even --r");
        assertThatThrownBy(() -> HalfRank.of(
                        AdapterSettings.DEFAULTS.withRank(8, 2).with(LoraSettings.RANK_PATTERN, Map.of("query", 3))))
                .hasMessageStartingWith("Half of the rank 3 ");
    }
}
