package org.layerwise.gui.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Pause;
import org.layerwise.base.Progress;
import org.layerwise.remote.ssh.SshQuestions;
import org.layerwise.study.Analysis;
import org.layerwise.study.CachedModelCard;
import org.layerwise.study.DataSettings;
import org.layerwise.study.DownloadSize;
import org.layerwise.study.ModelSettings;
import org.layerwise.study.TrainingSummary;
import org.layerwise.study.cluster.AskedAnalysis;
import org.layerwise.study.compute.EngineFacts;
import org.layerwise.study.paired.RunPairs;
import org.layerwise.training.TrainingListener;

/**
 * All that the window asks of the engine room. Every method blocks, so it is called from a task and never from the FX
 * thread. They throw {@link org.layerwise.base.UserException} for what a user can mend and
 * {@link org.layerwise.base.CancelledException} when the progress says so.
 */
public interface Engine extends AutoCloseable {

    /** Names of the devices that exist here, "cpu" first. */
    List<String> devices();

    /** What the engine is and computes on. Starts it. */
    EngineFacts facts();

    /** Chooses what it computes on, from the next start on. */
    GpuSetup gpuSetup();

    /** Other places where work can be done. */
    Clusters clusters();

    /**
     * Opens a model, after it was fetched from the hub if need be.
     *
     * @param pause holds up a download
     */
    LoadedModel openModel(ModelSettings settings, Pause pause, Progress progress);

    /** The models of the HuggingFace hub that are on this machine. */
    List<CachedModelCard> cachedModels();

    /**
     * Asks the hub what a download would fetch.
     *
     * @param model its name there, with {@code @revision} behind it where that is not main
     */
    DownloadSize downloadSize(String model, Progress progress);

    /**
     * Fetches a model from the hub, or goes on where it was stopped.
     *
     * @return its folder
     */
    Path download(String model, Pause pause, Progress progress);

    /** Reads the rows that an analysis with these settings would use. */
    DataPreview openData(DataSettings settings, Progress progress);

    /** Reads the run in a folder. */
    RunRecord run(Path folder);

    /**
     * Reads all runs in a folder, the oldest first; the folder itself may be one.
     *
     * @param remark hears of a run that cannot be read, which is left out
     */
    List<RunRecord> runs(Path folder, Progress progress, Consumer<String> remark);

    /** Tests the runs in some folders against each other, on the rows that both of a pair were evaluated on. */
    RunPairs pairs(List<Path> folders, Progress progress);

    /**
     * Goes on with a run from its last checkpoint, or begins it anew if it has none. A cancelled training returns.
     *
     * @param open a model that is used if it is the run's own, which is opened otherwise
     * @param pause holds the steps up
     * @param listener hears of every step, on the working thread
     */
    TrainingSummary resume(
            Path folder, @Nullable LoadedModel open, Pause pause, Progress progress, TrainingListener listener);

    /**
     * Fetches what a cluster has computed for an analysis of {@link Clusters#left}, and computes the rest here.
     *
     * @param open a model that is used if it is the analysis's own, which is opened without its weights otherwise
     * @param questions is asked while the connection is made, on the working thread
     */
    Analysis fetch(AskedAnalysis analysis, @Nullable LoadedModel open, SshQuestions questions, Progress progress);

    /** Deletes the folder of a run that waited for its turn and never began; any other stays. */
    void forget(Path folder);

    @Override
    void close();
}
