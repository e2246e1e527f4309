package org.layerwise.gui.engine;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.base.Pause;
import org.layerwise.base.Progress;
import org.layerwise.data.DataSummary;
import org.layerwise.remote.ssh.SshQuestions;
import org.layerwise.selection.LayerSelection;
import org.layerwise.study.Analysis;
import org.layerwise.study.AnalysisSettings;
import org.layerwise.study.DataSettings;
import org.layerwise.study.Destination;
import org.layerwise.study.ModelCard;
import org.layerwise.study.ModelInspection;
import org.layerwise.study.SelectionExport;
import org.layerwise.study.TrainingEstimate;
import org.layerwise.study.TrainingSettings;
import org.layerwise.study.TrainingSummary;
import org.layerwise.training.TrainingListener;

/** An open model, and the work that can be done with it, one piece at a time. */
public interface LoadedModel extends AutoCloseable {

    /** What people see of it. */
    ModelCard card();

    /** Its architecture as a table; quick enough for the FX thread. */
    ModelInspection inspection();

    /**
     * How many parameters adapters of this rank have; quick enough for the FX thread.
     *
     * @throws org.layerwise.base.UserException if a target module matches nothing
     */
    long adapterParameters(Collection<Integer> layers, List<String> targetModules, int rank);

    /** A selection of its layers, for those who train elsewhere. Reads shapes only, but of every tensor. */
    SelectionExport export(LayerSelection selection);

    /** Counts the tokens that some rows have for this model. Blocks. */
    DataSummary summarize(DataSettings data, Progress progress);

    /**
     * Computes the similarity of all pairs of layers. Blocks.
     *
     * @param partial hears the matrix as it fills, on the working thread
     */
    Analysis analyze(
            DataSettings data, AnalysisSettings settings, Progress progress, Consumer<SimilarityMatrix> partial);

    /**
     * Hands in on a cluster what an analysis needs of the model. Blocks.
     *
     * @param rows as people call them
     * @param questions is asked while the connection is made, on the working thread
     * @return the folder by which the job is found
     */
    Path handIn(
            String rows,
            DataSettings data,
            AnalysisSettings settings,
            Destination to,
            SshQuestions questions,
            Progress progress);

    /**
     * Fetches that, once it is there, and computes the similarities here. Blocks.
     *
     * @param job the folder by which it is found
     */
    Analysis analyzeOn(
            Path job,
            Destination to,
            SshQuestions questions,
            DataSettings data,
            AnalysisSettings settings,
            Progress progress);

    /**
     * The memory that a training will take, before its rows are read. Blocks for a moment.
     *
     * @param rows how many there are
     */
    TrainingEstimate estimate(DataSettings data, TrainingSettings settings, int rows);

    /**
     * Puts a training that waits for its turn into its run folder, so that it is found even if the program ends before. Blocks.
     */
    void queue(DataSettings data, TrainingSettings settings, Path out);

    /**
     * Trains adapters into a run folder. Blocks; a cancelled training still leaves a usable adapter and a checkpoint, and
     * returns.
     *
     * @param pause holds the steps up
     * @param listener hears of every step, on the working thread
     */
    TrainingSummary train(
            DataSettings data,
            TrainingSettings settings,
            Path out,
            Pause pause,
            Progress progress,
            TrainingListener listener);

    /**
     * Sends a training to a cluster and hands it in there. Blocks; a cancelled one leaves nothing there.
     *
     * @param out the run's folder here
     * @param questions is asked while the connection is made, on the working thread
     */
    void send(
            DataSettings data,
            TrainingSettings settings,
            Path out,
            Destination to,
            SshQuestions questions,
            Progress progress);

    /** Frees its memory. Blocks while work is done with it. */
    @Override
    void close();
}
