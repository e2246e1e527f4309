package org.layerwise.settings;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.layerwise.lora.LoraSettings;
import org.layerwise.lora.LoraVariant;

class AdapterSettingsTest {

    @Test
    void anotherRankComesWithItsAlphaExceptForMiss() {
        AdapterSettings plain = AdapterSettings.DEFAULTS.withRank(4, 12);
        assertThat(plain.rank()).isEqualTo(4);
        assertThat(plain.values().given(LoraSettings.ALPHA)).hasValue(12.0);

        AdapterSettings miss =
                plain.with(LoraSettings.VARIANT, LoraVariant.MISS).withRank(2, 6);
        assertThat(miss.rank()).isEqualTo(2);
        assertThat(miss.values().given(LoraSettings.ALPHA)).isEmpty();
    }
}
