package org.layerwise.study.experiment;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.layerwise.run.TrainingSummary;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.BestMetric;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.ModelSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.experiment.rules.PlanStatus;
import org.layerwise.training.Evaluation;

/** Results of experiments that were not run, from the accuracies of their arms. */
final class ExperimentSamples {

    private static final int ROWS = 500;

    private ExperimentSamples() {}

    /** Returns a run with an accuracy; the untrained model has the accuracy {@code before}. */
    static FinalRun run(Arm arm, long seed, double accuracy, double before) {
        Evaluation measured = accuracy(accuracy);
        TrainingSummary summary = new TrainingSummary(
                Path.of(""),
                false,
                false,
                1,
                1,
                0,
                new TreeSet<>(List.of(0)),
                arm.equals(Arm.ALL) ? 663_552 : 331_776,
                812_162,
                33_000_000,
                accuracy(before),
                measured,
                measured,
                1,
                1,
                1,
                1_000_000_000);
        return new FinalRun(new Cell(arm, 1e-3, seed, Cell.Purpose.FINAL), summary, measured, measured, null, null);
    }

    private static Evaluation accuracy(double value) {
        return new Evaluation(0.5, ROWS, Map.of("accuracy", value));
    }

    /** Returns the result of arms with one accuracy per seed, of a model that had 0.5 before training. */
    static ExperimentResult result(Map<Arm, double[]> accuracies) {
        return result(accuracies, 0.5);
    }

    static ExperimentResult result(Map<Arm, double[]> accuracies, double before) {
        Map<Arm, List<FinalRun>> runs = new LinkedHashMap<>();
        Map<Arm, Double> rates = new LinkedHashMap<>();
        accuracies.forEach((arm, values) -> {
            List<FinalRun> own = new ArrayList<>();
            for (int seed = 0; seed < values.length; seed++) {
                own.add(run(arm, seed, values[seed], before));
            }
            runs.put(arm, own);
            rates.put(arm, 1e-3);
        });
        BestMetric metric = new BestMetric("accuracy");
        List<Arm> arms = List.copyOf(accuracies.keySet());
        return new ExperimentResult(
                new ExperimentSettings(
                        ModelSettings.of("sample"),
                        DataSettings.of("sample:definitions"),
                        TrainingSettings.defaults(),
                        AnalysisSettings.defaults(),
                        arms,
                        List.of(1e-3),
                        5,
                        Path.of("out")),
                "sample",
                "classification",
                12,
                null,
                metric,
                new ExperimentResult.MeasuredRows("sample:definitions:test", true, ROWS, 512),
                Map.of(),
                new Comparisons(metric, 1).arms(arms, rates, Map.of(), runs),
                Map.of(),
                Map.of(),
                List.of(),
                new PlanStatus("", 5, List.of(), List.of()));
    }
}
