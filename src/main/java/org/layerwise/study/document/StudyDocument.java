package org.layerwise.study.document;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.selection.LayerSelection;

/**
 * Contents of a study. Paths are absolute. Large results (analyses and runs) have folders of their own.
 *
 * @param settings settings of the panes
 * @param analyses finished analyses, oldest first
 * @param selection layers that are currently selected; null before there is a model or an analysis
 * @param kept selections that people saved under a name
 * @param runs folders of training runs
 * @param experiments folders of experiments
 * @param view current view
 */
public record StudyDocument(
        StudySettings settings,
        List<AnalysisPart> analyses,
        @Nullable LayerSelection selection,
        List<NamedSelection> kept,
        List<Path> runs,
        List<Path> experiments,
        View view) {

    public StudyDocument {
        analyses = List.copyOf(analyses);
        kept = List.copyOf(kept);
        runs = List.copyOf(runs);
        experiments = List.copyOf(experiments);
    }

    /**
     * Finished analysis.
     *
     * @param number number of the analysis in the study, from 1
     * @param folder folder that {@link org.layerwise.study.analysis.AnalysisFolder} writes; null for an analysis that exists
     *     only in memory
     * @param model name of the model, for people who read the file
     * @param task name of the data, for people who read the file
     */
    public record AnalysisPart(int number, @Nullable Path folder, String model, String task) {}

    /**
     * Part of the study that is displayed. It is saved, but a different view is not a change of a study.
     *
     * @param analysis number of the displayed analysis; null for none
     * @param measure displayed measure; null for none
     * @param run folder of the displayed run; null for none
     * @param pane displayed pane; null for none
     */
    public record View(
            @Nullable Integer analysis, @Nullable String measure, @Nullable Path run, @Nullable String pane) {

        /** Returns an empty view. */
        public static View none() {
            return new View(null, null, null, null);
        }
    }

    /** Returns a new study. */
    public static StudyDocument empty() {
        return new StudyDocument(StudySettings.usual(), List.of(), null, List.of(), List.of(), List.of(), View.none());
    }

    /** Returns true if both studies are equal apart from their views. */
    public boolean holdsSameAs(StudyDocument other) {
        return with(View.none()).equals(other.with(View.none()));
    }

    /** Returns this study with another view. */
    public StudyDocument with(View other) {
        return new StudyDocument(settings, analyses, selection, kept, runs, experiments, other);
    }

    /** Returns this study with other analyses. */
    public StudyDocument withAnalyses(List<AnalysisPart> others) {
        return new StudyDocument(settings, others, selection, kept, runs, experiments, view);
    }

    /** Returns this study with other settings. */
    public StudyDocument with(StudySettings others) {
        return new StudyDocument(others, analyses, selection, kept, runs, experiments, view);
    }
}
