package org.layerwise.study.experiment;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.layerwise.study.AnalysisSettings;
import org.layerwise.study.DataSettings;
import org.layerwise.study.ModelSettings;
import org.layerwise.study.Replay;
import org.layerwise.study.TrainingSettings;

/**
 * What is compared, and how.
 *
 * @param training of every run but for its layers, learning rate and seed; its seed is that of the first final run
 * @param analysis that proposes the selected layers, and whose ratio says how many layers the arms have
 * @param rates learning rates to choose from; at least one
 * @param seeds final runs an arm
 * @param out folder for all that is written
 */
public record ExperimentSettings(
        ModelSettings model,
        DataSettings data,
        TrainingSettings training,
        AnalysisSettings analysis,
        List<Arm> arms,
        List<Double> rates,
        int seeds,
        Path out) {

    /** Final runs an arm when nothing is said. */
    public static final int DEFAULT_SEEDS = 3;

    /** What may be other when an experiment goes on: it is in the names of the runs, or changes no number. */
    static final List<String> FREE =
            List.of("device", "load", "out", "lr", "report-to", "checkpoint-every", "arms", "lrs", "seeds");

    public ExperimentSettings {
        arms = List.copyOf(arms);
        rates = List.copyOf(rates);
        if (arms.isEmpty() || rates.isEmpty() || seeds < 1) {
            throw new IllegalArgumentException("an experiment without arms, rates or seeds");
        }
    }

    Grid grid() {
        return new Grid(arms, rates, seeds, training.seed());
    }

    /** The flags of {@code train} and {@code analyze} that all runs share, with the values that are in force. */
    Map<String, Object> shared() {
        Map<String, Object> flags = new LinkedHashMap<>();
        Replay.analyze(model, data, analysis, out).flags().forEach(flags::put);
        Replay.train(model, data, training, out).flags().forEach(flags::put);
        return flags;
    }
}
