package org.layerwise.gui.engine;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.data.token.DataSummary;
import org.layerwise.remote.ssh.SshQuestions;
import org.layerwise.run.TrainingSummary;
import org.layerwise.selection.LayerSelection;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.RemoteDestination;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.adapter.SelectionExport;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.model.ModelCard;
import org.layerwise.study.model.ModelInspection;
import org.layerwise.study.training.TrainingEstimate;
import org.layerwise.training.TrainingListener;

/** An open model and the work that can be done with it, one task at a time. */
public interface LoadedModel extends AutoCloseable {

    /** Returns facts about the model. */
    ModelCard card();

    /** Returns the architecture of the model as a table; fast enough for the FX thread. */
    ModelInspection inspection();

    /**
     * Returns the number of adapter parameters; fast enough for the FX thread.
     *
     * @throws org.layerwise.base.UserException if a target module matches nothing
     */
    long adapterParameters(Collection<Integer> layers, List<String> targetModules, int rank);

    /**
     * Returns a selection of layers for export to other training tools. Reads the shapes of all tensors but not their
     * values.
     */
    SelectionExport export(LayerSelection selection);

    /** Counts the tokens of rows for this model. Blocks. */
    DataSummary summarize(DataSettings data, Progress progress);

    /**
     * Computes the similarity of all pairs of layers. Blocks.
     *
     * @param partial receives the matrix as it fills, on the working thread
     */
    Analysis analyze(
            DataSettings data, AnalysisSettings settings, Progress progress, Consumer<SimilarityMatrix> partial);

    /**
     * Submits the part of an analysis that needs the model's weights to a cluster. Blocks.
     *
     * @param rows name of the rows in the user interface
     * @param questions answers questions during the connection, on the working thread
     * @return folder that identifies the job
     */
    Path handIn(
            String rows,
            DataSettings data,
            AnalysisSettings settings,
            RemoteDestination to,
            SshQuestions questions,
            Progress progress);

    /**
     * Fetches the representations of a job that {@link #handIn} has submitted, after the job has ended, and computes
     * the similarities on this computer. Blocks.
     *
     * @param job folder that identifies the job
     */
    Analysis analyzeOn(
            Path job,
            RemoteDestination to,
            SshQuestions questions,
            DataSettings data,
            AnalysisSettings settings,
            Progress progress);

    /**
     * Estimates the memory of a training before its rows are read. Blocks briefly.
     *
     * @param rows number of rows
     */
    TrainingEstimate estimate(DataSettings data, TrainingSettings settings, int rows);

    /** Writes a queued training to its run folder, so that it is found even if the program ends before. Blocks. */
    void queue(DataSettings data, TrainingSettings settings, Path out);

    /**
     * Trains adapters and writes them to a run folder. Blocks. A cancelled training returns and still leaves a usable
     * adapter and a checkpoint.
     *
     * @param pause pauses the steps
     * @param listener receives every step, on the working thread
     */
    TrainingSummary train(
            DataSettings data,
            TrainingSettings settings,
            Path out,
            PauseSwitch pause,
            Progress progress,
            TrainingListener listener);

    /**
     * Sends a training to a cluster and submits it. Blocks. If cancelled, leaves nothing on the cluster.
     *
     * @param out folder of the run on this computer
     * @param questions answers questions during the connection, on the working thread
     */
    void send(
            DataSettings data,
            TrainingSettings settings,
            Path out,
            RemoteDestination to,
            SshQuestions questions,
            Progress progress);

    /** Frees the memory of the model. Blocks while the model is in use. */
    @Override
    void close();
}
