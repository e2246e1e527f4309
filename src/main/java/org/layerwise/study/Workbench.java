package org.layerwise.study;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SampleModel;
import org.layerwise.data.ColumnMapping;
import org.layerwise.data.DataSource;
import org.layerwise.data.Dataset;
import org.layerwise.data.DatasetReader;
import org.layerwise.data.LabelUse;
import org.layerwise.data.Split;
import org.layerwise.model.TransformerModel;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.TensorEngine;

/**
 * The engine room behind the window and the command line: opens models and data, knows the devices. libtorch starts when
 * it is first needed, which takes up to some seconds: never ask from the thread of a window.
 */
public final class Workbench implements AutoCloseable {

    /** How the sample model is named wherever a model is asked for. */
    public static final String SAMPLE = "sample";

    private final AppFolders folders;
    private final DatasetReader reader = new DatasetReader();
    private @Nullable TensorEngine engine;

    public Workbench(AppFolders folders) {
        this.folders = folders;
    }

    /** Where the user's files go. */
    public AppFolders folders() {
        return folders;
    }

    /** The devices of this machine as settings name them, {@code cpu} first. */
    public List<String> devices() {
        return engine().devices().stream().map(Device::id).toList();
    }

    /** The threads that one operation on the processor uses. */
    public int threads() {
        return engine().threads();
    }

    /**
     * Loads a model.
     *
     * @param model a HuggingFace folder, or {@value #SAMPLE}; the sample is converted the first time
     * @param device {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:INDEX}
     * @throws org.layerwise.base.UserException if the folder is broken, the family not supported or the device not there
     */
    public OpenModel openModel(String model, String device, Progress progress) {
        Device chosen = engine().device(device);
        Path folder =
                model.equals(SAMPLE) ? SampleModel.provide(folders.models(), progress.part(0, 0.6)) : Path.of(model);
        Checkpoint checkpoint = Checkpoint.open(folder);
        try {
            return new OpenModel(
                    model, device, TransformerModel.load(engine(), checkpoint, chosen, progress.part(0.6, 1)));
        } catch (RuntimeException e) {
            checkpoint.close();
            throw e;
        }
    }

    /**
     * Reads the first rows of some data, not yet tokenised.
     *
     * @throws org.layerwise.base.UserException if the file or a column is missing, or a row is broken
     */
    public Dataset openData(DataSettings settings, Progress progress) {
        return read(settings, LabelUse.AUTO, Split.TRAIN, progress);
    }

    Dataset read(DataSettings settings, LabelUse labels, Split split, Progress progress) {
        int limit = settings.samples() == null ? DataSettings.DEFAULT_SAMPLES : settings.samples();
        return reader.read(source(settings, limit, split), labels, progress);
    }

    /** All rows of a file; of a sample task as many as are used by default. */
    Dataset readHeldOut(DataSettings settings, LabelUse labels, Progress progress) {
        DataSource source = source(settings, null, Split.VALIDATION);
        return source.sample()
                ? read(settings, labels, Split.VALIDATION, progress)
                : reader.read(source, labels, progress);
    }

    private static DataSource source(DataSettings settings, @Nullable Integer limit, Split split) {
        return new DataSource(settings.data(), ColumnMapping.parse(settings.text(), settings.label()), limit, split);
    }

    synchronized TensorEngine engine() {
        if (engine == null) {
            engine = TensorEngine.start();
        }
        return engine;
    }

    @Override
    public void close() {
        // libtorch lives as long as the process; models are closed by whoever opened them
    }
}
