package org.layerwise.study.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.ModelSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.experiment.rules.ExperimentRules;
import org.layerwise.study.experiment.rules.Stopping;
import org.layerwise.study.experiment.statistics.DifferenceSpread;
import org.layerwise.study.experiment.statistics.PairedPower;

/** What follows from the spread that a pilot has measured. */
class PilotTest {

    private static final DifferenceSpread SPREAD = new DifferenceSpread(0.01, 2, 0.2);
    private static final Map<String, Double> SECONDS = Map.of("all", 36.0, "random", 18.0);

    private static ExperimentSettings settings(double difference) {
        return new ExperimentSettings(
                ModelSettings.of("sample"),
                DataSettings.of("sample:definitions"),
                TrainingSettings.defaults(),
                AnalysisSettings.defaults(),
                Stream.of("all", "random", "all-half-r", "last", "snr")
                        .map(id -> Arm.of(id).orElseThrow())
                        .toList(),
                List.of(1e-3, 2e-3, 4e-3),
                5,
                Path.of("out"),
                new ExperimentRules(null, Stopping.NONE, difference));
    }

    private static Pilot pilot(double difference, DifferenceSpread spread) {
        return Pilot.of(settings(difference), "accuracy", 500, List.of(0.01, -0.01, 0.0), spread, SECONDS, 2.25, 0);
    }

    @Test
    void seedsAndRowsAreThoseOfThePower() {
        PairedPower power = new PairedPower(4, 0.95, 0.8);
        Pilot pilot = pilot(0.03, SPREAD);

        assertThat(pilot.comparisons()).isEqualTo(4);
        assertThat(pilot.smallestDifference()).isEqualTo(power.smallestDifference(SPREAD, 5, 500));
        assertThat(pilot.neededSeeds()).isEqualTo(power.seeds(SPREAD, 500, 0.03).getAsInt());
        assertThat(pilot.neededSeedsAtMost())
                .isEqualTo(power.seeds(SPREAD.upper(0.8), 500, 0.03).getAsInt())
                .isGreaterThan(pilot.neededSeeds());
        assertThat(power.of(SPREAD, pilot.neededSeeds(), 500, 0.03)).isGreaterThanOrEqualTo(0.8);
        assertThat(power.of(SPREAD, pilot.neededSeeds() - 1, 500, 0.03)).isLessThan(0.8);
    }

    @Test
    void hoursAreThoseOfSweepsAndSeedsOfEachArm() {
        // two arms on all layers and three on some, 2.25 trainings in each sweep and 5 seeds
        double seconds = (2 * 36 + 3 * 18) * (2.25 + 5);
        assertThat(pilot(0.03, SPREAD).hours()).isCloseTo(seconds / 3600, within(1e-12));
    }

    @Test
    void whatIsPrunedIsComparedAndTakesNoTraining() {
        ExperimentSettings more = settings(0.03)
                .with(Stream.of("all", "random", "all-half-r", "last", "snr", "pruned")
                        .map(id -> Arm.of(id).orElseThrow())
                        .toList());
        Pilot pilot = Pilot.of(more, "accuracy", 500, List.of(0.01, -0.01, 0.0), SPREAD, SECONDS, 2.25, 0);
        assertThat(pilot.hours()).isEqualTo(pilot(0.03, SPREAD).hours());
        assertThat(pilot.comparisons()).isEqualTo(5);
    }

    @Test
    void theProbeTakesItsShareOfATrainingOnAllLayers() {
        double seconds = (2 * 36 + 3 * 18) * (2.25 + 5) + 0.25 * 36;
        Pilot probed =
                Pilot.of(settings(0.03), "accuracy", 500, List.of(0.01, -0.01, 0.0), SPREAD, SECONDS, 2.25, 0.25);
        assertThat(probed.hours()).isCloseTo(seconds / 3600, within(1e-12));
        assertThat(probed.lines()).last().asString().contains("with 5 seeds will take about 15 minutes at");
    }

    @ParameterizedTest
    @CsvSource({
        "0.1, less than a minute",
        "0.7, about a minute",
        "1, about 2 minutes",
        "26.5, about 40 minutes",
        "60, about 1.5 hours"
    })
    void theTimeIsSaidInWords(double secondsPerRun, String words) {
        // five arms, each 13 trainings for its rate and 5 seeds: 90 runs
        Map<String, Double> seconds = Map.of("all", secondsPerRun, "random", secondsPerRun);
        Pilot pilot = Pilot.of(settings(0.03), "accuracy", 500, List.of(0.01, -0.01, 0.0), SPREAD, seconds, 13, 0);
        assertThat(pilot.lines())
                .last()
                .isEqualTo(
                        "The whole experiment with 5 seeds will take %s at the speed of this pilot.".formatted(words));
    }

    @Test
    void whatNoNumberOfSeedsShowsIsSaid() {
        Pilot pilot = pilot(0.0001, SPREAD);
        assertThat(pilot.neededSeeds()).isNull();
        assertThat(pilot.lines()).anyMatch(line -> line.contains("needs more than 1,000 seeds on as many rows"));
        assertThat(pilot(0.03, new DifferenceSpread(0.01, 2, 0)).neededRows())
                .as("nothing is known of rows")
                .isNull();
    }
}
