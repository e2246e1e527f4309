package org.layerwise.study.comparison;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.RepresentationsFile;
import org.layerwise.run.Provenance;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.MeasureResult;
import org.layerwise.study.analysis.RepresentationsAnalysis;

/** Creates unique labels for rankings, as short as possible. */
final class ComparisonLabels {

    private ComparisonLabels() {}

    /** Returns a label for each result of the measures, in the order of the analyses and their results. */
    static List<String> of(List<Analysis> analyses, List<Measure> measures) {
        List<String> labels =
                labels(analyses, measures, (analysis, result) -> "%s · %s".formatted(analysis.task(), name(result)));
        if (distinct(labels)) {
            return labels;
        }
        labels = labels(analyses, measures, (analysis, result) -> "%s · %s · %s"
                .formatted(model(analysis), analysis.task(), name(result)));
        return numbered(labels);
    }

    /** Returns a label for the model of each analysis. */
    static List<String> models(List<Analysis> analyses) {
        return numbered(analyses.stream().map(ComparisonLabels::model).toList());
    }

    /**
     * Returns a label for each file of representations: the name of its model if all labels are then unique and known,
     * otherwise the name of the file.
     */
    static List<String> files(List<RepresentationsFile.Content> contents, List<Path> files) {
        List<String> stems = files.stream().map(RepresentationsAnalysis::stem).toList();
        List<String> models = new ArrayList<>();
        for (RepresentationsFile.Content content : contents) {
            models.add(content.model()
                    .map(model -> model(model, content.adapter().orElse(null)))
                    .orElse(stems.get(models.size())));
        }
        return distinct(models) ? models : numbered(stems);
    }

    private static String model(Analysis analysis) {
        return model(analysis.model(), analysis.provenance().adapter());
    }

    private static String model(String model, @Nullable String adapter) {
        return adapter == null ? model : model + " + " + Provenance.adapterName(adapter);
    }

    private static List<String> numbered(List<String> labels) {
        List<String> numbered = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            String label = labels.get(i);
            int before = Collections.frequency(labels.subList(0, i), label);
            numbered.add(before == 0 ? label : "%s (%s)".formatted(label, before + 1));
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
