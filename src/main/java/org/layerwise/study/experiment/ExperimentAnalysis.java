package org.layerwise.study.experiment;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Measure;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.JsonRecords;
import org.layerwise.data.Excerpt;
import org.layerwise.run.FileHash;
import org.layerwise.run.Run;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.study.Workbench;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.AnalysisFolder;
import org.layerwise.study.analysis.AnalysisJob;
import org.layerwise.study.analysis.RepresentationsAnalysis;
import org.layerwise.study.cluster.ClusterExtraction;
import org.layerwise.study.model.OpenModel;

/**
 * Analysis that proposes layers of an experiment: one analysis of the model with the measures of all arms, and another one
 * with the measures of finished adapters, of that of a probe.
 *
 * @param extraction extraction of representations on a cluster; null for this computer
 * @param measures measures of the arms, at least one
 * @param place folder of the analysis, in the folder of the experiment, or in that of the probe
 * @param adapter adapter of the probe; null for an analysis of the model
 */
record ExperimentAnalysis(
        Workbench workbench,
        OpenModel model,
        ExperimentSettings settings,
        @Nullable ClusterExtraction extraction,
        List<Measure> measures,
        Path place,
        @Nullable Path adapter) {

    /** Name of the folder of an analysis. */
    static final String FOLDER = "analysis";

    /** Name of the file that ties the analysis of a probe to its adapter, beside the folder of the analysis. */
    static final String ORIGIN = "analysis-origin.json";

    /**
     * Content of {@link #ORIGIN}.
     *
     * @param adapterSha256 SHA-256 hash of the weights of the adapter; null if the file does not say it
     */
    record Origin(@Nullable String adapterSha256) {}

    /** Creates the analysis of the model. */
    ExperimentAnalysis(
            Workbench workbench, OpenModel model, ExperimentSettings settings, @Nullable ClusterExtraction extraction) {
        this(
                workbench,
                model,
                settings,
                extraction,
                settings.measuresOfModel(),
                settings.out().resolve(FOLDER),
                null);
    }

    /** Returns the analysis of the adapter of a probe, which lies in its folder. */
    ExperimentAnalysis of(Run probe) {
        return new ExperimentAnalysis(
                workbench,
                model,
                settings,
                extraction,
                settings.measuresOfAdapter(),
                probe.folder().resolve(FOLDER),
                probe.adapter());
    }

    /**
     * Returns the analysis in its folder. It is computed if there is none, or a measure of a new arm is
     * missing in it, or it was made from other inputs or with other settings and no run has begun.
     *
     * @throws UserException if the analysis is of other inputs or has other settings, and a run has begun
     */
    Analysis run(LocalModel here, Progress progress, ExperimentListener listener) {
        AnalysisJob job = job(here, progress.part(0, 0.3));
        if (AnalysisFolder.isOne(place)) {
            Analysis earlier = AnalysisFolder.read(place);
            Optional<String> other =
                    comparable(job, earlier).otherSettings(earlier).map(found -> found + " as the experiment");
            Optional<String> changed = other.isPresent()
                    ? Optional.empty()
                    : job.changedSince(earlier.provenance(), progress.part(0.3, 0.4))
                            .or(this::changedAdapter);
            boolean same = other.isEmpty() && changed.isEmpty();
            if (same && missing(earlier).isEmpty()) {
                return earlier;
            }
            if (!same && ExperimentPlan.begun(settings.out())) {
                throw new UserException(
                        other.map(words -> otherSettings(place, words)).orElseGet(() -> changed(place, changed.get())));
            }
            listener.noted("The analysis in %s is made anew: %s."
                    .formatted(
                            place,
                            other.map("it "::concat)
                                    .or(() -> changed.map(inputs -> inputs + " have changed since"))
                                    .orElseGet(() -> "it lacks " + missing(earlier))));
        }
        String ofAdapter = adapter == null ? null : FileHash.ofAdapter(adapter);
        Analysis analysis = job.run(progress.part(0.4, 1), partial -> {});
        AnalysisFolder.write(analysis, place);
        if (ofAdapter != null) {
            JsonRecords.write(place.resolveSibling(ORIGIN), new Origin(ofAdapter));
        }
        for (Measure measure : measures) {
            listener.noted("The analysis%s proposes %s by %s."
                    .formatted(
                            analysis.hasRows()
                                    ? String.format(Locale.ROOT, " of %,d rows", analysis.samples())
                                    : adapter == null ? " of the weights" : " of the adapter",
                            analysis.proposed(analysis.result(measure).orElseThrow())
                                    .summary(),
                            measure.title()));
        }
        return analysis;
    }

    /**
     * Returns the weights of the adapter in words, if they are not those that were analysed. Without the file of an
     * earlier analysis they count as the same.
     */
    private Optional<String> changedAdapter() {
        Path origin = place.resolveSibling(ORIGIN);
        if (adapter == null || !Files.isRegularFile(origin)) {
            return Optional.empty();
        }
        Origin earlier = JsonRecords.read(
                origin, Origin.class, "Delete it and the analysis beside it, and the analysis is made again.");
        return FileHash.ofAdapter(adapter).equals(earlier.adapterSha256())
                ? Optional.empty()
                : Optional.of("the weights of %s".formatted(adapter));
    }

    private AnalysisJob job(LocalModel here, Progress progress) {
        AnalysisSettings analysis = settings.analysis().with(measures);
        if (adapter != null) {
            return new AnalysisJob(workbench, here.get(progress), settings.data(), analysis, adapter);
        }
        if (extraction != null && RepresentationsAnalysis.applies(analysis)) {
            return new AnalysisJob(workbench, model, settings.data(), analysis).on(extraction);
        }
        return new AnalysisJob(workbench, here.get(progress), settings.data(), analysis);
    }

    /**
     * Returns the job with the measure first that is first in an earlier analysis, if both have it: which one is first
     * depends on the arms, and has no effect on what the measures propose. The adapter of a probe is where the earlier
     * analysis found it, since the folder of the experiment may have been moved.
     */
    private AnalysisJob comparable(AnalysisJob job, Analysis earlier) {
        Measure first = earlier.primary().measure();
        String there = earlier.provenance().adapter();
        return new AnalysisJob(
                workbench,
                job.model(),
                job.data(),
                measures.contains(first) ? job.settings().with(List.of(first)) : job.settings(),
                adapter == null || there == null ? adapter : Path.of(there),
                job.elsewhere());
    }

    private String missing(Analysis earlier) {
        return measures.stream()
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
