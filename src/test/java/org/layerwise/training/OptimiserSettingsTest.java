package org.layerwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.UserException;
import org.layerwise.base.setting.SettingValues;

class OptimiserSettingsTest {

    @ParameterizedTest
    @ValueSource(doubles = {1e308, Double.MAX_VALUE, 1e9, 1_000_001})
    void epochsWithoutAnEndAreRefused(double epochs) {
        assertThatThrownBy(() ->
                        OptimiserSettings.totalSteps(SettingValues.none().with(OptimiserSettings.EPOCHS, epochs), 10))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll("epochs of 10 steps", "10000000 optimiser steps");
    }

    @Test
    void stepsWithoutAnEndAreRefused() {
        assertThatThrownBy(() -> OptimiserSettings.totalSteps(
                        SettingValues.none().with(OptimiserSettings.STEPS, Integer.MAX_VALUE), 10))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("2147483647 steps");
        assertThat(OptimiserSettings.totalSteps(SettingValues.none().with(OptimiserSettings.EPOCHS, 2.05), 10))
                .isEqualTo(21);
    }
}
