package org.layerwise.gui.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.install.torch.ComputeSetup;
import org.layerwise.install.torch.EngineFacts;
import org.layerwise.remote.ssh.SshQuestions;
import org.layerwise.run.RunRecord;
import org.layerwise.run.TrainingSummary;
import org.layerwise.run.paired.RunPairs;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.ModelSettings;
import org.layerwise.study.DataPreview;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.cluster.PendingAnalysis;
import org.layerwise.study.model.CachedModelCard;
import org.layerwise.study.model.DownloadSize;
import org.layerwise.training.TrainingListener;

/**
 * Interface between the window and the computations. Every method blocks, so that it is called from a task and never
 * from the FX thread. The methods throw {@link org.layerwise.base.UserException} for errors that a user can fix and
 * {@link org.layerwise.base.CancelledException} when the progress is cancelled.
 */
public interface Engine extends AutoCloseable {

    /** Returns the names of the available devices, "cpu" first. */
    List<String> devices();

    /** Returns facts about the engine and its devices. Starts the engine. */
    EngineFacts facts();

    /** Returns the setup of the compute device, whose changes take effect at the next start. */
    ComputeSetup computeSetup();

    /** Returns the registered clusters. */
    Clusters clusters();

    /**
     * Opens a model; downloads it from the hub first if necessary.
     *
     * @param pause pauses a download
     */
    LoadedModel openModel(ModelSettings settings, PauseSwitch pause, Progress progress);

    /** Returns the models of the HuggingFace hub in the cache of this computer. */
    List<CachedModelCard> cachedModels();

    /**
     * Queries the hub for the size of a download.
     *
     * @param model name on the hub, followed by {@code @revision} for any revision but main
     */
    DownloadSize downloadSize(String model, Progress progress);

    /**
     * Downloads a model from the hub, or resumes an interrupted download.
     *
     * @return folder of the model
     */
    Path download(String model, PauseSwitch pause, Progress progress);

    /** Reads the rows that an analysis with these settings would use. */
    DataPreview openData(DataSettings settings, Progress progress);

    /** Reads the run in a folder. */
    RunRecord run(Path folder);

    /**
     * Reads all runs in a folder, the oldest first. The folder itself may be a run.
     *
     * @param remark receives a message about each run that cannot be read; such a run is left out
     */
    List<RunRecord> runs(Path folder, Progress progress, Consumer<String> remark);

    /** Tests the runs in given folders against each other, on the rows that both runs of a pair were evaluated on. */
    RunPairs pairs(List<Path> folders, Progress progress);

    /**
     * Resumes a run from its last checkpoint, or restarts it if it has none. Returns also when the training is
     * cancelled.
     *
     * @param open model to use if it is the model of the run; otherwise the run's model is opened
     * @param pause pauses the steps
     * @param listener receives every step, on the working thread
     */
    TrainingSummary resume(
            Path folder, @Nullable LoadedModel open, PauseSwitch pause, Progress progress, TrainingListener listener);

    /**
     * Fetches the representations that a cluster has computed for an analysis of {@link Clusters#left}, and computes
     * the rest on this computer.
     *
     * @param open model to use if it is the model of the analysis; otherwise that model is opened without its weights
     * @param questions answers questions during the connection, on the working thread
     */
    Analysis fetch(PendingAnalysis analysis, @Nullable LoadedModel open, SshQuestions questions, Progress progress);

    /** Deletes the folder of a queued run that never started; does not delete any other folder. */
    void forget(Path folder);

    @Override
    void close();
}
