package org.layerwise.study.analysis;

import java.util.List;
import java.util.regex.Pattern;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.measure.Measures;
import org.layerwise.run.RunFileNames;
import org.layerwise.selection.ReferenceName;

/** Names of the files of an analysis. */
final class AnalysisNames {

    /** Pattern of the paper's file names. Slashes are excluded because such a name could lead out of the folder. */
    private static final String REFERENCE = "(cka_layer_list|layers_to_finetune_ohe)_[^/\\\\\\x00]*\\.txt";

    private static final Pattern ANY = Pattern.compile(ofMeasures(Measures.ALL) + "|" + REFERENCE);

    private AnalysisNames() {}

    /** Returns true if some analysis can have a file with this name. */
    static boolean any(String name) {
        return ANY.matcher(name).matches();
    }

    /** Returns true if an analysis with these measures can have a file with this name; nearly all such files exist. */
    static boolean of(Analysis analysis, String name) {
        ReferenceName reference = analysis.referenceName();
        List<Measure> measures =
                analysis.results().stream().map(MeasureResult::measure).toList();
        return name.equals(reference.oneHot()) || name.equals(reference.similarities()) || of(measures, name);
    }

    /**
     * Returns true if an analysis with these measures can have a file with this name, for names that do not depend on
     * model and task.
     */
    static boolean of(List<Measure> measures, String name) {
        return name.matches(ofMeasures(measures));
    }

    private static String ofMeasures(List<Measure> measures) {
        return "(similarity|importance|modules|heatmap|map|ranking|overlap|selected|cross-similarity|cross-heatmap|cross-map)(-(%s))?\\.(csv|png)"
                        .formatted(String.join(
                                "|", measures.stream().map(Measure::id).toList()))
                + "|(measures|" + AnalysisFolder.EXPERT_LOAD + ")\\.(csv|png)|"
                + Pattern.quote(AnalysisFolder.RELIABILITY)
                + List.of(AnalysisFolder.FILE, AnalysisFolder.GRAMS, RunFileNames.METHODS).stream()
                        .map(name -> "|" + Pattern.quote(name))
                        .reduce("", String::concat);
    }
}
