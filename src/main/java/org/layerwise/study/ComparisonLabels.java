package org.layerwise.study;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiFunction;
import org.layerwise.analysis.Measure;

/** Names for rankings that tell them apart, no longer than they have to be. */
final class ComparisonLabels {

    private ComparisonLabels() {}

    /** A name for each result of the measures, in the order of the analyses and their results. */
    static List<String> of(List<Analysis> analyses, List<Measure> measures) {
        List<String> labels =
                labels(analyses, measures, (analysis, result) -> "%s · %s".formatted(analysis.task(), name(result)));
        if (distinct(labels)) {
            return labels;
        }
        labels = labels(analyses, measures, (analysis, result) -> "%s · %s · %s"
                .formatted(analysis.model(), analysis.task(), name(result)));
        List<String> numbered = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            String label = labels.get(i);
            int before = Collections.frequency(labels.subList(0, i), label);
            numbered.add(before == 0 ? label : "%s (%d)".formatted(label, before + 1));
        }
        return numbered;
    }

    private static String name(MeasureResult result) {
        return result.measure().shortName();
    }

    private static boolean distinct(List<String> labels) {
        return labels.stream().distinct().count() == labels.size();
    }

    private static List<String> labels(
            List<Analysis> analyses, List<Measure> measures, BiFunction<Analysis, MeasureResult, String> name) {
        return analyses.stream()
                .flatMap(analysis -> analysis.results().stream()
                        .filter(result -> measures.contains(result.measure()))
                        .map(result -> name.apply(analysis, result)))
                .toList();
    }
}
