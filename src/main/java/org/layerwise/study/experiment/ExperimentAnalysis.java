package org.layerwise.study.experiment;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Measure;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.Excerpt;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.study.Workbench;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.AnalysisFolder;
import org.layerwise.study.analysis.AnalysisJob;
import org.layerwise.study.analysis.RepresentationsAnalysis;
import org.layerwise.study.cluster.ClusterExtraction;
import org.layerwise.study.model.OpenModel;

/**
 * Analysis that proposes layers of an experiment: one analysis with the measures of all arms.
 *
 * @param extraction extraction of representations on a cluster; null for this computer
 */
record ExperimentAnalysis(
        Workbench workbench, OpenModel model, ExperimentSettings settings, @Nullable ClusterExtraction extraction) {

    /** Name of the folder of the analysis, in the folder of the experiment. */
    static final String FOLDER = "analysis";

    /**
     * Returns the analysis in the experiment's folder. It is computed if there is none, or a measure of a new arm is
     * missing in it, or it was made from other inputs or with other settings and no run has begun.
     *
     * @throws UserException if the analysis is of other inputs or has other settings, and a run has begun
     */
    Analysis run(LocalModel here, Progress progress, ExperimentListener listener) {
        Path folder = settings.out().resolve(FOLDER);
        AnalysisJob job = job(here, progress.part(0, 0.3));
        if (AnalysisFolder.isOne(folder)) {
            Analysis earlier = AnalysisFolder.read(folder);
            Optional<String> other =
                    comparable(job, earlier).otherSettings(earlier).map(found -> found + " as the experiment");
            Optional<String> changed = other.isPresent()
                    ? Optional.empty()
                    : job.changedSince(earlier.provenance(), progress.part(0.3, 0.4));
            boolean same = other.isEmpty() && changed.isEmpty();
            if (same && missing(earlier).isEmpty()) {
                return earlier;
            }
            if (!same && ExperimentPlan.begun(settings.out())) {
                throw new UserException(other.map(words -> otherSettings(folder, words))
                        .orElseGet(() -> changed(folder, changed.get())));
            }
            listener.noted("The analysis in %s is made anew: %s."
                    .formatted(
                            folder,
                            other.map("it "::concat)
                                    .or(() -> changed.map(inputs -> inputs + " have changed since"))
                                    .orElseGet(() -> "it lacks " + missing(earlier))));
        }
        Analysis analysis = job.run(progress.part(0.4, 1), partial -> {});
        AnalysisFolder.write(analysis, folder);
        for (Measure measure : settings.measures()) {
            listener.noted("The analysis%s proposes %s by %s."
                    .formatted(
                            analysis.hasRows()
                                    ? String.format(Locale.ROOT, " of %,d rows", analysis.samples())
                                    : " of the weights",
                            analysis.proposed(analysis.result(measure).orElseThrow())
                                    .summary(),
                            measure.title()));
        }
        return analysis;
    }

    private AnalysisJob job(LocalModel here, Progress progress) {
        AnalysisSettings analysis = settings.analysis().with(settings.measures());
        if (extraction != null && RepresentationsAnalysis.applies(analysis)) {
            return new AnalysisJob(workbench, model, settings.data(), analysis).on(extraction);
        }
        return new AnalysisJob(workbench, here.get(progress), settings.data(), analysis);
    }

    /**
     * Returns the job with the measure first that is first in an earlier analysis, if both have it: which one is first
     * depends on the arms, and has no effect on what the measures propose.
     */
    private AnalysisJob comparable(AnalysisJob job, Analysis earlier) {
        Measure first = earlier.primary().measure();
        return settings.measures().contains(first)
                ? new AnalysisJob(
                        workbench, job.model(), job.data(), job.settings().with(List.of(first)), null, job.elsewhere())
                : job;
    }

    private String missing(Analysis earlier) {
        return settings.measures().stream()
                .filter(measure -> earlier.result(measure).isEmpty())
                .map(Measure::id)
                .collect(Collectors.joining(", "));
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
