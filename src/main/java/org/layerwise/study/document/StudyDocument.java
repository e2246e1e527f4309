package org.layerwise.study.document;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.selection.LayerSelection;

/**
 * All that a study holds. Paths are absolute; what is large (analyses, runs) lies in folders of its own.
 *
 * @param analyses oldest first
 * @param selection the layers that are selected now; null before there is a model or an analysis
 * @param kept selections that people put aside under a name
 * @param runs folders of trainings
 * @param view what is looked at
 */
public record StudyDocument(
        StudySettings settings,
        List<AnalysisPart> analyses,
        @Nullable LayerSelection selection,
        List<KeptSelection> kept,
        List<Path> runs,
        View view) {

    public StudyDocument {
        analyses = List.copyOf(analyses);
        kept = List.copyOf(kept);
        runs = List.copyOf(runs);
    }

    /**
     * A finished analysis.
     *
     * @param number counts from 1 in the study
     * @param folder as {@link org.layerwise.study.AnalysisFolder} writes it; null for one that is only in memory
     * @param model the model's name, for people who read the file
     * @param task the data's name, for the same
     */
    public record AnalysisPart(int number, @Nullable Path folder, String model, String task) {}

    /** What is looked at: it is kept, but looking elsewhere is no change of a study. */
    public record View(
            @Nullable Integer analysis, @Nullable String measure, @Nullable Path run, @Nullable String pane) {

        /** Nothing in particular. */
        public static View none() {
            return new View(null, null, null, null);
        }
    }

    /** A new study. */
    public static StudyDocument empty() {
        return new StudyDocument(StudySettings.usual(), List.of(), null, List.of(), List.of(), View.none());
    }

    /** Whether both hold the same, wherever people look. */
    public boolean holdsSameAs(StudyDocument other) {
        return with(View.none()).equals(other.with(View.none()));
    }

    /** The same, looked at elsewhere. */
    public StudyDocument with(View other) {
        return new StudyDocument(settings, analyses, selection, kept, runs, other);
    }

    /** The same with other analyses. */
    public StudyDocument withAnalyses(List<AnalysisPart> others) {
        return new StudyDocument(settings, others, selection, kept, runs, view);
    }

    /** The same with other settings. */
    public StudyDocument with(StudySettings others) {
        return new StudyDocument(others, analyses, selection, kept, runs, view);
    }
}
