package org.layerwise.study.experiment;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.inputs.ExplainedVariance;
import org.layerwise.base.Seeds;
import org.layerwise.base.UserException;
import org.layerwise.selection.LayerLocks;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.LayerSelector;
import org.layerwise.selection.RankBudget;
import org.layerwise.selection.RankRule;
import org.layerwise.selection.SavedSelection;
import org.layerwise.selection.SelectedModules;
import org.layerwise.selection.SelectionRule;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.MeasureResult;
import org.layerwise.study.analysis.ModuleSelection;
import org.layerwise.study.experiment.rules.AdapterRanks;
import org.layerwise.study.experiment.rules.LayerChoice;
import org.layerwise.study.model.OpenModel;

/**
 * Layers that the arms of an experiment get, and linear maps where their ranks are spread.
 *
 * @param of number of layers of the model, M
 * @param count number of random and last layers
 * @param first measure of the selected layers
 * @param byMeasure layers that each measure of the analyses proposes; empty without an analysis
 * @param spread linear maps of each arm whose ranks are spread
 */
record Proposals(int of, int count, Measure first, Map<Measure, Proposed> byMeasure, Map<Arm, SpreadRanks> spread) {

    /** Part that is mixed into a run's seed for drawing the random layers. */
    private static final long LAYERS = 0;

    /**
     * Layers that a measure proposes.
     *
     * @param layers layers, at least one
     * @param words reason for these layers, in words that follow "They were chosen"
     * @param remark sentence on a selection of fewer layers than the ratio asks for
     */
    record Proposed(SortedSet<Integer> layers, String words, Optional<String> remark) {}

    /**
     * Linear maps whose ranks a measure has spread.
     *
     * @param modules linear maps with their ranks
     * @param words reason for these ranks, in words that follow "They were chosen"
     */
    record SpreadRanks(SelectedModules modules, String words) {}

    /**
     * Returns the layers for an experiment. The random and last layers are as many as the selected ones if these are
     * compared too, and otherwise as many as the ratio asks for.
     *
     * @param analyses analyses that together have all measures of the arms; empty if they need none
     * @throws UserException if a measure proposes no layer, or cannot spread ranks within the ratio
     */
    static Proposals of(ExperimentSettings settings, OpenModel model, List<Analysis> analyses) {
        Map<Measure, Proposed> proposed = new LinkedHashMap<>();
        for (Measure measure : settings.measures()) {
            Analysis analysis = with(measure, analyses);
            proposed.put(measure, proposed(analysis, analysis.result(measure).orElseThrow()));
        }
        Map<Arm, SpreadRanks> spread = new LinkedHashMap<>();
        for (Arm arm : settings.arms()) {
            if (arm.ranks() == AdapterRanks.SPREAD && arm.choice() instanceof LayerChoice.ByMeasure by) {
                spread.put(arm, spread(settings, model, arm, by.measure(), with(by.measure(), analyses)));
            }
        }
        Measure first = settings.analysis().measures().get(0);
        Proposed selected = settings.needs(LayerChoice.Plain.SELECTED) ? proposed.get(first) : null;
        int of = model.card().layers();
        int count = selected == null
                ? new SelectionRule.TopRatio(settings.analysis().ratio()).count(of)
                : selected.layers().size();
        return new Proposals(of, count, first, proposed, spread);
    }

    /** Returns what is known without an analysis: all layers. */
    static Proposals ofAllLayers(ExperimentSettings settings, OpenModel model) {
        return new Proposals(
                model.card().layers(), 0, settings.analysis().measures().get(0), Map.of(), Map.of());
    }

    private static Analysis with(Measure measure, List<Analysis> analyses) {
        return analyses.stream()
                .filter(analysis -> analysis.result(measure).isPresent())
                .findFirst()
                .orElseThrow();
    }

    private static Proposed proposed(Analysis analysis, MeasureResult result) {
        LayerSelection selection = analysis.proposed(result);
        if (selection.layers().isEmpty()) {
            throw new UserException(
                    "The analysis proposes no layer by %s: the importance of all of them is undefined; take other rows, another --position or --undefined include."
                            .formatted(result.measure().id()));
        }
        return new Proposed(
                selection.layers(),
                words(analysis, result, selection),
                selection.reason().shortfallSentence());
    }

    /** Spreads ranks as {@code select --budget RATIO} does, with its defaults; for EVA's measure by EVA's own rule. */
    private static SpreadRanks spread(
            ExperimentSettings settings, OpenModel model, Arm arm, Measure measure, Analysis analysis) {
        MeasureResult result = analysis.result(measure).orElseThrow();
        ModuleSelection modules = new ModuleSelection(
                model.outline(),
                result,
                CellSettings.adapter(model, settings.training().adapter(), arm).values());
        LayerSelection all = LayerSelector.select(
                result.importance(),
                new SelectionRule.TopRatio(1),
                LayerLocks.none(),
                settings.analysis().undefined());
        LayerSelection ranked = modules.withRanks(
                all,
                new RankBudget(
                        RankBudget.share(settings.analysis().ratio(), modules.full()),
                        measure == ExplainedVariance.MEASURE ? RankRule.EVA : RankBudget.DEFAULT_RULE,
                        RankBudget.DEFAULT_MIN_RANK,
                        RankBudget.DEFAULT_MAX_RANK));
        return new SpreadRanks(Objects.requireNonNull(ranked.modules()), words(analysis, result, ranked));
    }

    private static String words(Analysis analysis, MeasureResult result, LayerSelection selection) {
        return new SavedSelection(selection, analysis.origin(result), null, null, null).words();
    }

    /** Returns the linear maps of an arm whose ranks are spread; empty for other arms. */
    Optional<SelectedModules> modules(Arm arm) {
        return Optional.ofNullable(spread.get(arm)).map(SpreadRanks::modules);
    }

    /** Returns the layers that the analysis proposes by its first measure; empty if no arm needs them. */
    Optional<SortedSet<Integer>> selected() {
        return Optional.ofNullable(byMeasure.get(first)).map(Proposed::layers);
    }

    /**
     * Returns the layers of a run.
     *
     * @param seed seed of the run, which determines the random layers
     */
    SortedSet<Integer> layers(Arm arm, long seed) {
        SpreadRanks ranks = spread.get(arm);
        if (ranks != null) {
            return ranks.modules().layers();
        }
        if (arm.choice() instanceof LayerChoice.Plain plain) {
            return switch (plain) {
                // pruned: those that are trained; the ones that stay follow from the adapter
                case ALL, PRUNED -> all();
                case SELECTED -> by(first).layers();
                case RANDOM -> random(seed);
                case LAST -> SelectionRule.LastLayers.of(count, of).layers();
            };
        }
        return by(((LayerChoice.ByMeasure) arm.choice()).measure()).layers();
    }

    /** Returns the reason for the layers of a run, in words that follow "They were chosen". */
    String reason(Arm arm) {
        SpreadRanks ranks = spread.get(arm);
        if (ranks != null) {
            return ranks.words();
        }
        if (arm.choice() instanceof LayerChoice.Plain plain) {
            return switch (plain) {
                case ALL -> "as all layers of an experiment, which the others are compared with";
                case SELECTED -> by(first).words();
                case RANDOM -> "at random for an experiment, as many as are selected, by the seed of the run";
                case LAST -> "as the last layers for an experiment, as many as are selected";
                case PRUNED ->
                    "as those with the most energy in the adapter of all layers, whose others were removed after training";
            };
        }
        return by(((LayerChoice.ByMeasure) arm.choice()).measure()).words();
    }

    private Proposed by(Measure measure) {
        return Objects.requireNonNull(byMeasure.get(measure), measure.id());
    }

    private SortedSet<Integer> all() {
        return IntStream.range(0, of).boxed().collect(TreeSet::new, TreeSet::add, TreeSet::addAll);
    }

    private SortedSet<Integer> random(long seed) {
        List<Integer> layers = new ArrayList<>(all());
        // java.util.Random and Collections.shuffle are specified to the bit; with unmixed seeds, adjacent seeds would
        // never draw some layers
        Collections.shuffle(layers, new Random(Seeds.of(seed, LAYERS)));
        return new TreeSet<>(layers.subList(0, count));
    }
}
