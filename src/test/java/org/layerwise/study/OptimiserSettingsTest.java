package org.layerwise.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.UserException;

class OptimiserSettingsTest {

    @ParameterizedTest
    @ValueSource(doubles = {1e308, Double.MAX_VALUE, 1e9, 1_000_001})
    void epochsWithoutAnEndAreRefused(double epochs) {
        assertThatThrownBy(() -> OptimiserSettings.USUAL.lasting(epochs, null).totalSteps(10))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll("epochs of 10 steps", "10000000 optimiser steps");
    }

    @Test
    void stepsWithoutAnEndAreRefused() {
        assertThatThrownBy(() ->
                        OptimiserSettings.USUAL.lasting(1, Integer.MAX_VALUE).totalSteps(10))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("2147483647 steps");
        assertThat(OptimiserSettings.USUAL.lasting(2.05, null).totalSteps(10)).isEqualTo(21);
    }
}
