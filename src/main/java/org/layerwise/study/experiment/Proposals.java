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
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Measure;
import org.layerwise.base.Seeds;
import org.layerwise.base.UserException;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.SavedSelection;
import org.layerwise.selection.SelectionRule;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.MeasureResult;

/**
 * Layers that the arms of an experiment get.
 *
 * @param of number of layers of the model, M
 * @param count number of random and last layers
 * @param first measure of the selected layers
 * @param byMeasure layers that each measure of the analysis proposes; empty without an analysis
 */
record Proposals(int of, int count, Measure first, Map<Measure, Proposed> byMeasure) {

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
     * Returns the layers for an experiment. The random and last layers are as many as the selected ones if these are
     * compared too, and otherwise as many as the ratio asks for.
     *
     * @param of number of layers of the model, M
     * @param analysis analysis with all measures of the arms; null if they need none
     * @throws UserException if a measure proposes no layer
     */
    static Proposals of(ExperimentSettings settings, int of, @Nullable Analysis analysis) {
        Map<Measure, Proposed> proposed = new LinkedHashMap<>();
        if (analysis != null) {
            settings.measures().forEach(measure -> proposed.put(measure, proposed(analysis, measure)));
        }
        Measure first = settings.analysis().measures().get(0);
        Proposed selected = settings.needs(LayerChoice.Plain.SELECTED) ? proposed.get(first) : null;
        int count = selected == null
                ? new SelectionRule.TopRatio(settings.analysis().ratio()).count(of)
                : selected.layers().size();
        return new Proposals(of, count, first, proposed);
    }

    private static Proposed proposed(Analysis analysis, Measure measure) {
        MeasureResult result = analysis.result(measure).orElseThrow();
        LayerSelection selection = analysis.proposed(result);
        if (selection.layers().isEmpty()) {
            throw new UserException(
                    "The analysis proposes no layer by %s: the importance of all of them is undefined; take other rows, another --position or --undefined include."
                            .formatted(measure.id()));
        }
        SavedSelection saved = new SavedSelection(selection, analysis.origin(result), null, null, null);
        return new Proposed(
                selection.layers(), saved.words(), selection.reason().shortfallSentence());
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
        if (arm.choice() instanceof LayerChoice.Plain plain) {
            return switch (plain) {
                case ALL -> range(0, of);
                case SELECTED -> by(first).layers();
                case RANDOM -> random(seed);
                case LAST -> range(of - count, of);
            };
        }
        return by(((LayerChoice.ByMeasure) arm.choice()).measure()).layers();
    }

    /** Returns the reason for the layers of a run, in words that follow "They were chosen". */
    String reason(Arm arm) {
        if (arm.choice() instanceof LayerChoice.Plain plain) {
            return switch (plain) {
                case ALL -> "as all layers of an experiment, which the others are compared with";
                case SELECTED -> by(first).words();
                case RANDOM -> "at random for an experiment, as many as are selected, by the seed of the run";
                case LAST -> "as the last layers for an experiment, as many as are selected";
            };
        }
        return by(((LayerChoice.ByMeasure) arm.choice()).measure()).words();
    }

    private Proposed by(Measure measure) {
        return Objects.requireNonNull(byMeasure.get(measure), measure.id());
    }

    private static SortedSet<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().collect(TreeSet::new, TreeSet::add, TreeSet::addAll);
    }

    private SortedSet<Integer> random(long seed) {
        List<Integer> layers = new ArrayList<>(range(0, of));
        // java.util.Random and Collections.shuffle are specified to the bit; with unmixed seeds, adjacent seeds would
        // never draw some layers
        Collections.shuffle(layers, new Random(Seeds.of(seed, LAYERS)));
        return new TreeSet<>(layers.subList(0, count));
    }
}
