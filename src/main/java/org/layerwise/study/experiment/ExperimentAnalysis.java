package org.layerwise.study.experiment;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.Excerpt;
import org.layerwise.run.RunStore;
import org.layerwise.study.Workbench;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.AnalysisFolder;
import org.layerwise.study.analysis.AnalysisJob;
import org.layerwise.study.analysis.RepresentationsAnalysis;
import org.layerwise.study.cluster.ClusterExtraction;
import org.layerwise.study.model.OpenModel;

/**
 * Analysis that proposes the selected layers of an experiment.
 *
 * @param extraction extraction of representations on a cluster; null for this computer
 */
record ExperimentAnalysis(
        Workbench workbench, OpenModel model, ExperimentSettings settings, @Nullable ClusterExtraction extraction) {

    /** Name of the folder of the analysis, in the folder of the experiment. */
    static final String FOLDER = "analysis";

    /**
     * Returns the analysis in the experiment's folder. It is computed if there is none, or if it was made from other
     * inputs or with other settings and no run has begun.
     *
     * @throws UserException if the analysis is of other inputs or has other settings, and a run has begun
     */
    Analysis run(LocalModel here, Progress progress, ExperimentListener listener) {
        Path folder = settings.out().resolve(FOLDER);
        AnalysisJob job = job(here, progress.part(0, 0.3));
        if (AnalysisFolder.isOne(folder)) {
            Analysis earlier = AnalysisFolder.read(folder);
            Optional<String> other = job.otherSettings(earlier).map(found -> found + " as the experiment");
            Optional<String> changed = other.isPresent()
                    ? Optional.empty()
                    : job.changedSince(earlier.provenance(), progress.part(0.3, 0.4));
            if (other.isEmpty() && changed.isEmpty()) {
                return earlier;
            }
            if (begun()) {
                throw new UserException(other.map(words -> otherSettings(folder, words))
                        .orElseGet(() -> changed(folder, changed.get())));
            }
            listener.noted("The analysis in %s is made anew: %s."
                    .formatted(
                            folder, other.map("it "::concat).orElseGet(() -> changed.get() + " have changed since")));
        }
        Analysis analysis = job.run(progress.part(0.4, 1), partial -> {});
        AnalysisFolder.write(analysis, folder);
        listener.noted(String.format(
                Locale.ROOT,
                "The analysis of %,d rows proposes %s.",
                analysis.samples(),
                analysis.proposed().summary()));
        return analysis;
    }

    private AnalysisJob job(LocalModel here, Progress progress) {
        if (extraction != null && RepresentationsAnalysis.applies(settings.analysis())) {
            return new AnalysisJob(workbench, model, settings.data(), settings.analysis()).on(extraction);
        }
        return new AnalysisJob(workbench, here.get(progress), settings.data(), settings.analysis());
    }

    /** Returns true if runs already have layers, perhaps of the earlier analysis. */
    private boolean begun() {
        return new RunStore(settings.out())
                .runs(remark -> {}).stream().anyMatch(run -> !run.layers().isEmpty());
    }

    private static String otherSettings(Path analysis, String words) {
        return "The analysis in %s %s; delete that folder, and it is made again, or choose another folder with --out."
                .formatted(analysis, words);
    }

    private static String changed(Path analysis, String inputs) {
        return "%s have changed since the analysis in %s was made, by which the layers of runs were chosen; put back what it was made from, or choose another folder with --out."
                .formatted(Excerpt.sentence(inputs), analysis);
    }
}
