package org.layerwise.gui.experiment;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.layerwise.analysis.Measure;
import org.layerwise.study.experiment.Arm;
import org.layerwise.study.experiment.rules.LayerChoice;

/**
 * Arms of one kind, by what they need to choose their layers.
 *
 * @param need need of these arms
 * @param arms arms with all target modules and the whole rank, in the order in which users see them
 */
record ArmGroup(Need need, List<Arm> arms) {

    /** Need of arms, from the cheapest on. */
    enum Need {
        /** Layers that are known beforehand, drawn, or proposed by the first measure of the analysis. */
        BASELINES,
        /** Measures of the weights alone. */
        WEIGHTS,
        /** Measures that need rows, and forward passes. */
        ROWS,
        /** Measures that need labels and backward passes. */
        GRADIENTS,
        /** Measures of the adapter of a short run. */
        PROBE
    }

    /** All groups. */
    static final List<ArmGroup> ALL = all();

    private static List<ArmGroup> all() {
        Map<Need, List<Arm>> byNeed = new EnumMap<>(Need.class);
        Arm.BASES.forEach(arm ->
                byNeed.computeIfAbsent(need(arm), none -> new ArrayList<>()).add(arm));
        return byNeed.entrySet().stream()
                .map(entry -> new ArmGroup(entry.getKey(), List.copyOf(entry.getValue())))
                .toList();
    }

    /** Returns the need of an arm. */
    static Need need(Arm arm) {
        if (!(arm.choice() instanceof LayerChoice.ByMeasure by)) {
            return Need.BASELINES;
        }
        Measure measure = by.measure();
        return switch (measure.source()) {
            case WEIGHTS -> Need.WEIGHTS;
            case REPRESENTATIONS, TOKENS, LOSS, INPUTS -> Need.ROWS;
            case GRADIENTS -> Need.GRADIENTS;
            case ADAPTER -> Need.PROBE;
        };
    }
}
