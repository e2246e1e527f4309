package org.layerwise.gui.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeoutException;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.LongProperty;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleLongProperty;
import javafx.scene.control.Spinner;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.testfx.api.FxToolkit;

@Tag("window")
class SpinnersUiTest {

    @BeforeAll
    static void startToolkit() throws TimeoutException {
        FxToolkit.registerPrimaryStage();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 20, 21, 100_000})
    void everyValueOfASettingIsKept(int number) {
        IntegerProperty draws = new SimpleIntegerProperty(1000);
        Spinner<Integer> spinner = Spinners.of("draws", AnalysisSettings.BOOTSTRAP, 100, draws);

        draws.set(number);

        assertThat(spinner.getValue()).isEqualTo(number);
        assertThat(draws.get()).isEqualTo(number);
    }

    @ParameterizedTest
    @CsvSource({"5,20", "-5,0", "0,0", "20,20", "200000,100000"})
    void aTypedNumberBecomesTheNearestOfTheSetting(String typed, int expected) {
        Spinner<Integer> spinner = Spinners.of("draws", AnalysisSettings.BOOTSTRAP, 1000, 100);

        assertThat(spinner.getValueFactory().getConverter().fromString(typed)).isEqualTo(expected);
    }

    @Test
    void theStepsPassOverWhatTheSettingRefuses() {
        Spinner<Integer> spinner = Spinners.of("draws", AnalysisSettings.BOOTSTRAP, 30, 15);

        spinner.decrement();
        assertThat(spinner.getValue()).isZero();
        spinner.increment();
        assertThat(spinner.getValue()).isEqualTo(20);
    }

    @Test
    void aStepFromTheLargestNumberStaysThere() {
        Spinner<Integer> spinner = Spinners.of("samples", DataSettings.SAMPLES, Integer.MAX_VALUE, 256);

        spinner.increment();

        assertThat(spinner.getValue()).isEqualTo(Integer.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 99_999_999_999L, Long.MIN_VALUE})
    void everySeedIsKept(long number) {
        LongProperty seed = new SimpleLongProperty(42);
        Spinner<Long> spinner = Spinners.seed("seed", seed);

        seed.set(number);

        assertThat(spinner.getValue()).isEqualTo(number);
        assertThat(seed.get()).isEqualTo(number);
    }

    @Test
    void aValueFromAFileWidensTheBounds() {
        Spinner<Double> spinner = Spinners.real("bandwidth", 0.01, 100, 0.5, 0.1);

        Spinners.show(spinner, 0.001);

        assertThat(spinner.getValue()).isEqualTo(0.001);
    }
}
