package org.layerwise.study.experiment;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.layerwise.analysis.Measure;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.EquivalentCommand;
import org.layerwise.settings.ModelSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.experiment.rules.ExperimentRules;
import org.layerwise.study.experiment.rules.LayerChoice;
import org.layerwise.study.experiment.rules.Stopping;
import org.layerwise.study.experiment.statistics.StoppingRule;

/**
 * Settings of an experiment.
 *
 * @param model settings of the model
 * @param data training rows
 * @param training settings of every run except its layers, learning rate and seed; the seed is that of the first final
 *     run
 * @param analysis settings of the analysis that proposes layers; its first measure selects, and its ratio determines the
 *     number of layers of the arms
 * @param arms arms to compare, at least one
 * @param rates learning rates to choose from, at least one
 * @param seeds number of final runs per arm
 * @param out folder of the experiment
 * @param rules rules of the choice of learning rates and of the comparison
 */
public record ExperimentSettings(
        ModelSettings model,
        DataSettings data,
        TrainingSettings training,
        AnalysisSettings analysis,
        List<Arm> arms,
        List<Double> rates,
        int seeds,
        Path out,
        ExperimentRules rules) {

    /** Default number of final runs per arm. */
    public static final int DEFAULT_SEEDS = 3;

    static final String SWEEP = "sweep";
    static final String STOPPING = "stopping";
    static final String DIFFERENCE = "difference";

    /**
     * Flags that may change when an experiment is continued: they are part of the runs' names or of the plan, or do not
     * affect numerical results.
     */
    static final List<String> FREE = List.of(
            "device",
            "load",
            "out",
            "lr",
            "report-to",
            "checkpoint-every",
            "arms",
            "lrs",
            "seeds",
            SWEEP,
            STOPPING,
            DIFFERENCE);

    public ExperimentSettings {
        arms = List.copyOf(arms);
        rates = List.copyOf(rates);
        if (arms.isEmpty() || rates.isEmpty() || seeds < 1) {
            throw new IllegalArgumentException("an experiment without arms, rates or seeds");
        }
    }

    /** Creates the settings of an experiment with the default rules. */
    public ExperimentSettings(
            ModelSettings model,
            DataSettings data,
            TrainingSettings training,
            AnalysisSettings analysis,
            List<Arm> arms,
            List<Double> rates,
            int seeds,
            Path out) {
        this(model, data, training, analysis, arms, rates, seeds, out, ExperimentRules.DEFAULTS);
    }

    /** Returns these settings with other rules. */
    public ExperimentSettings with(ExperimentRules others) {
        return new ExperimentSettings(model, data, training, analysis, arms, rates, seeds, out, others);
    }

    /** Returns these settings with other arms. */
    ExperimentSettings with(List<Arm> others) {
        return new ExperimentSettings(model, data, training, analysis, others, rates, seeds, out, rules);
    }

    /**
     * Returns the confidence of all intervals of differences together at the end. An early look takes its part of the
     * 5 % of errors.
     *
     * @param planned number of seeds of the plan, which decides on the look, whatever is added later
     */
    double level(int planned) {
        boolean looks = rules.stopping() == Stopping.HALF && new StoppingRule(planned).applies();
        return looks ? StoppingRule.FINAL_LEVEL : Comparisons.LEVEL;
    }

    /** Returns the arms that have trainings of their own. */
    List<Arm> trained() {
        return arms.stream().filter(Arm::isTrained).toList();
    }

    /** Returns true if the layers of an arm are chosen in this way. */
    boolean needs(LayerChoice choice) {
        return arms.stream().anyMatch(arm -> arm.choice() == choice);
    }

    /**
     * Returns the measures that choose the layers of the arms, without duplicates; empty if no arm needs an analysis.
     * All measures of {@link #analysis} are among them if layers are selected by the first of these.
     */
    List<Measure> measures() {
        Set<Measure> measures = new LinkedHashSet<>();
        if (needs(LayerChoice.Plain.SELECTED)) {
            measures.addAll(analysis.measures());
        }
        arms.stream()
                .map(Arm::choice)
                .filter(LayerChoice.ByMeasure.class::isInstance)
                .map(LayerChoice.ByMeasure.class::cast)
                .forEach(choice -> measures.add(choice.measure()));
        return List.copyOf(measures);
    }

    /** Returns those of the measures that are computed from the model that will be trained. */
    List<Measure> measuresOfModel() {
        return measures().stream()
                .filter(measure -> measure.source() != Measure.Source.ADAPTER)
                .toList();
    }

    /** Returns those of the measures that are computed from the adapter of a probe run. */
    List<Measure> measuresOfAdapter() {
        return measures().stream()
                .filter(measure -> measure.source() == Measure.Source.ADAPTER)
                .toList();
    }

    /** Returns the runs. */
    public RunGrid grid() {
        return new RunGrid(arms, rates, seeds, training.seed());
    }

    /** Returns the flags of {@code train} and {@code analyze} that all runs share, with their effective values. */
    Map<String, Object> shared() {
        Map<String, Object> flags = new LinkedHashMap<>();
        EquivalentCommand.analyze(model, data, analysis, out).flags().forEach(flags::put);
        EquivalentCommand.train(model, data, training, out).flags().forEach(flags::put);
        return flags;
    }
}
