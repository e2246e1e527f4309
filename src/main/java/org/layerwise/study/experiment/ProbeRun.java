package org.layerwise.study.experiment;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.layerwise.analysis.Measure;
import org.layerwise.base.Decimals;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.run.TrainingSummary;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.experiment.rules.SweepRule;
import org.layerwise.training.OptimiserSettings;

/**
 * Short training on all layers, from whose adapter the measures of finished adapters are computed. It has a schedule of
 * its own, the seed of the sweep and no test rows.
 *
 * @param rate learning rate: the middle one of those given, the lower of two
 * @param steps number of steps: as many as the sweep's first comparison comes after, a quarter of a training
 * @param seed seed
 */
record ProbeRun(double rate, int steps, long seed) {

    /**
     * Returns the probe of an experiment; empty if no arm needs one.
     *
     * @param steps number of steps of a training
     */
    static Optional<ProbeRun> of(ExperimentSettings settings, int steps) {
        if (settings.measuresOfAdapter().isEmpty()) {
            return Optional.empty();
        }
        List<Double> rates = settings.rates().stream().sorted().toList();
        return Optional.of(new ProbeRun(
                rates.get((rates.size() - 1) / 2),
                SweepRule.every(steps),
                settings.grid().sweepSeed()));
    }

    /** Returns the run. */
    Cell cell() {
        return new Cell(Arm.ALL, rate, seed, Cell.Purpose.PROBE);
    }

    /**
     * Returns the settings of the run.
     *
     * @param whole settings of a run of the sweep on all layers, of which a given number of warmup steps is cut to a
     *     quarter, too
     */
    TrainingSettings training(TrainingSettings whole) {
        SettingValues values = whole.values().without(OptimiserSettings.EPOCHS).with(OptimiserSettings.STEPS, steps);
        Optional<Integer> warmup = values.given(OptimiserSettings.WARMUP_STEPS);
        return new TrainingSettings(
                whole.layers(),
                whole.layersReason(),
                values.with(OptimiserSettings.WARMUP_STEPS, warmup.map(SweepRule::every)));
    }

    /** Returns the sentence for the report. */
    String remark(List<Measure> measures, TrainingSummary run) {
        return String.format(
                Locale.ROOT,
                "The adapter that %s needs is that of a probe: all layers, learning rate %s, %s steps, seed %s. Its %.0f s are in none of the times above.",
                measures.stream().map(Measure::id).collect(Collectors.joining(", ")),
                Decimals.shortest(rate),
                steps,
                seed,
                run.seconds());
    }

    /** Returns the run in the words of a plan. */
    String words() {
        return "%s, learning rate %s, %s steps, seed %s".formatted(Arm.ALL.id(), Decimals.shortest(rate), steps, seed);
    }
}
