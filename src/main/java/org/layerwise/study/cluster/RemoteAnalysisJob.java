package org.layerwise.study.cluster;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.Configuration;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.ModelSettings;
import org.layerwise.settings.RemoteDestination;
import org.layerwise.study.Workbench;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.AnalysisJob;
import org.layerwise.study.model.ModelListener;
import org.layerwise.study.model.OpenModel;

/**
 * Analysis whose representations a cluster computes. It is submitted and fetched by separate calls, so that the program
 * may end in between: a submitted analysis is then found by {@link PendingAnalysis#left}.
 */
public record RemoteAnalysisJob(Workbench workbench, ClusterAccess clusters) {

    /**
     * Submits the part of an analysis that needs the model's weights.
     *
     * @param rows name of the rows in the user interface
     * @return folder that identifies the job
     */
    public Path submit(
            OpenModel model,
            String rows,
            DataSettings data,
            AnalysisSettings settings,
            RemoteDestination to,
            Progress progress) {
        Path job = new AnalysisJob(workbench, model, data, settings)
                .handIn(clusters.extraction(model, to, remark -> {}), progress);
        PendingAnalysis.write(job, model, rows, data, settings, to);
        return job;
    }

    /**
     * Fetches the representations of a submitted analysis after its job has ended, and computes the rest.
     *
     * @param job folder that identifies the job
     */
    public Analysis fetch(
            OpenModel model,
            Path job,
            DataSettings data,
            AnalysisSettings settings,
            RemoteDestination to,
            Progress progress) {
        return new AnalysisJob(workbench, model, data, settings)
                .on(clusters.extraction(model, to, remark -> {}).only(job))
                .run(progress, partial -> {});
    }

    /**
     * Fetches an analysis that an earlier process has submitted.
     *
     * @param open model to use if it is the model of the analysis; otherwise that model is opened without its weights
     */
    public Analysis fetch(PendingAnalysis analysis, @Nullable OpenModel open, Progress progress) {
        ModelSettings wanted = analysis.configuration().model().elsewhere();
        return workbench.withModel(
                open,
                wanted,
                new PauseSwitch(),
                ModelListener.none(),
                progress,
                (model, part) -> fetch(model, analysis, part));
    }

    private Analysis fetch(OpenModel model, PendingAnalysis analysis, Progress progress) {
        Configuration asked = analysis.configuration();
        RemoteDestination to = Objects.requireNonNull(asked.on(), "an analysis here is not fetched");
        return fetch(model, analysis.job(), asked.rows(), asked.analysis(), to, progress);
    }
}
