package org.layerwise.training;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LossScaleTest {

    @Test
    void halvesAtAnOverflowAndDoublesAfterTwoThousandGoodUpdates() {
        LossScale scale = LossScale.INITIAL;
        for (int i = 0; i < 1500; i++) {
            scale = scale.afterUpdate();
        }
        assertThat(scale).isEqualTo(new LossScale(65_536, 1500));
        scale = scale.afterOverflow();
        assertThat(scale).isEqualTo(new LossScale(32_768, 0));
        for (int i = 0; i < 1999; i++) {
            scale = scale.afterUpdate();
        }
        assertThat(scale).isEqualTo(new LossScale(32_768, 1999));
        assertThat(scale.afterUpdate()).isEqualTo(new LossScale(65_536, 0));
    }
}
