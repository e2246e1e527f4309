package org.layerwise.study;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SampleModel;
import org.layerwise.checkpoint.hub.Hub;
import org.layerwise.checkpoint.hub.HubSettings;
import org.layerwise.checkpoint.hub.ModelReference;
import org.layerwise.data.Dataset;
import org.layerwise.data.LabelUse;
import org.layerwise.data.Split;
import org.layerwise.data.TokenRow;
import org.layerwise.data.file.DataSource;
import org.layerwise.data.file.DatasetChunks;
import org.layerwise.data.file.DatasetReader;
import org.layerwise.data.token.DataSummary;
import org.layerwise.data.token.LimitSuggestion;
import org.layerwise.data.token.TokenizerCheck;
import org.layerwise.install.AppFolders;
import org.layerwise.install.torch.TorchEngine;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.model.QuantizedCopies;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.family.DescriptionReader;
import org.layerwise.model.quantization.WeightQuantization;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.Loading;
import org.layerwise.settings.ModelSettings;
import org.layerwise.study.model.CachedModelCard;
import org.layerwise.study.model.DownloadSize;
import org.layerwise.study.model.MemoryNeed;
import org.layerwise.study.model.ModelListener;
import org.layerwise.study.model.ModelLocator;
import org.layerwise.study.model.ModelOutline;
import org.layerwise.study.model.ModelUse;
import org.layerwise.study.model.OpenModel;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.TensorEngine;

/**
 * Access to models, data and devices for the window and the command line. libtorch starts at the first use, which may
 * take several seconds, so do not call this class from the thread of a window.
 */
public final class Workbench implements AutoCloseable {

    /** Share of opening a model in the progress of work with it. */
    private static final double MODEL_SHARE = 0.05;

    /** Rows whose whole lengths are counted for a suggested maximum. */
    private static final int COUNTED_ROWS = 256;

    private static final int LONGEST_COUNTED = 1 << 17;

    private final AppFolders folders;
    private final DatasetReader reader = new DatasetReader();
    private final Map<String, String> environment;
    private final TorchEngine torch;
    private @Nullable Hub hub;

    /** Creates a workbench that finds the hub by the environment variables of HuggingFace's own tools. */
    public Workbench(AppFolders folders) {
        this(folders, System.getenv());
    }

    /**
     * Creates a workbench with other environment variables than those of the process.
     *
     * @param environment variables such as {@code HF_HUB_CACHE}, {@code HF_ENDPOINT} and {@code HF_TOKEN}; read when
     *     the hub is first used
     */
    public Workbench(AppFolders folders, Map<String, String> environment) {
        this(folders, environment, new TorchEngine(folders.engine(), environment));
    }

    /** Creates a workbench with a given libtorch. */
    public Workbench(AppFolders folders, Map<String, String> environment, TorchEngine torch) {
        this.folders = folders;
        this.environment = Map.copyOf(environment);
        this.torch = torch;
    }

    /** Returns the folders for the user's files. */
    public AppFolders folders() {
        return folders;
    }

    /** Returns the environment variables that settings are read from. */
    public Map<String, String> environment() {
        return environment;
    }

    /** Returns the names of this machine's devices in settings, {@code cpu} first. */
    public List<String> devices() {
        return engine().devices().stream().map(Device::id).toList();
    }

    /**
     * Opens a model with its default settings on a device, as {@link #openModel(ModelSettings, PauseSwitch, Progress)} does.
     */
    public OpenModel openModel(String model, String device, Progress progress) {
        return openModel(ModelSettings.of(model).onDevice(device), new PauseSwitch(), progress);
    }

    /** Opens a model as {@link #openModel(ModelSettings, PauseSwitch, ModelListener, Progress)} does, without a listener. */
    public OpenModel openModel(ModelSettings settings, PauseSwitch pause, Progress progress) {
        return openModel(settings, pause, ModelListener.none(), progress);
    }

    /**
     * Opens a model: downloads it from the hub if necessary, estimates its memory, and loads it unless it is to be used
     * one layer at a time.
     *
     * @param pause pauses a download
     * @param listener receives the description of the model before its weights are loaded, and remarks on rows later
     * @throws org.layerwise.base.UserException if the folder is broken, the family is not supported, the device does
     *     not exist, or the download fails
     */
    public OpenModel openModel(ModelSettings settings, PauseSwitch pause, ModelListener listener, Progress progress) {
        return openModel(settings, pause, listener, ModelUse.ANY, progress);
    }

    /**
     * Opens a model as {@link #openModel(ModelSettings, PauseSwitch, ModelListener, Progress)} does, for one kind of work.
     *
     * @param use work for which alone the model is used; its weights are {@linkplain TransformerModel#loadPacked packed}
     *     where that suits it, is possible and the memory is sufficient
     */
    public OpenModel openModel(
            ModelSettings settings, PauseSwitch pause, ModelListener listener, ModelUse use, Progress progress) {
        Device device = engine().device(settings.device());
        Checkpoint checkpoint = checkpoint(settings, pause, progress.part(0, 0.6));
        try {
            ModelBlueprint blueprint = ModelBlueprint.of(engine(), checkpoint);
            DType type = settings.type().on(device, blueprint.mostlyIn16Bits());
            MemoryNeed memory = MemoryNeed.of(
                    blueprint.bytes(type), blueprint.largestPartBytes(type), available(device), settings.loading());
            return new OpenModel(
                    settings,
                    engine(),
                    blueprint,
                    device,
                    type,
                    memory,
                    use,
                    new TokenizerCheck(folders.cache()),
                    reader.earlyText(),
                    listener,
                    progress.part(0.6, 1));
        } catch (RuntimeException | Error e) {
            checkpoint.close();
            throw e;
        }
    }

    /**
     * Does some work with a model that is open already if it is that of the settings; otherwise opens the model of the
     * settings, and closes it afterwards.
     *
     * @param open open model, which stays open; null if there is none
     * @param listener receives the description of a model that this method opens
     * @param work work with the model, with its share of the progress
     */
    public <R> R withModel(
            @Nullable OpenModel open,
            ModelSettings settings,
            PauseSwitch pause,
            ModelListener listener,
            Progress progress,
            BiFunction<OpenModel, Progress, R> work) {
        if (open != null && open.isOf(settings)) {
            return work.apply(open, progress);
        }
        try (OpenModel own = openModel(settings, pause, listener, progress.part(0, MODEL_SHARE))) {
            return work.apply(own, progress.part(MODEL_SHARE, 1));
        }
    }

    /** Opens the checkpoint of a model. If nothing is to be loaded, the weights need not be on this computer. */
    private Checkpoint checkpoint(ModelSettings settings, PauseSwitch pause, Progress progress) {
        if (settings.loading() != Loading.NONE) {
            boolean packs = settings.quantization() != WeightQuantization.NONE;
            Path folder = folder(settings.model(), pause, packs ? progress.part(0, 0.5) : progress);
            return packed(settings, Checkpoint.open(folder), progress.part(0.5, 1));
        }
        if (ModelLocator.isOnHub(settings.model())) {
            ModelReference.OnHub onHub = onHub(settings.model());
            return Checkpoint.outline(
                    hub().describe(onHub.id(), onHub.revision(), DescriptionReader::read, pause, progress));
        }
        return Checkpoint.outline(folder(settings.model(), pause, progress));
    }

    /**
     * Returns the memory that the weights of a model on this computer would take, from the headers of its files.
     *
     * @throws org.layerwise.base.UserException if the model is missing or broken, or cannot be quantised as the settings ask
     */
    public MemoryNeed memory(ModelSettings settings, Progress progress) {
        Device device = engine().device(settings.device());
        try (Checkpoint checkpoint = Checkpoint.open(folder(settings.model(), new PauseSwitch(), progress))) {
            ModelBlueprint blueprint = ModelBlueprint.read(engine(), checkpoint);
            DType type = settings.type().on(device, blueprint.mostlyIn16Bits());
            QuantizedCopies.Sizes sizes = settings.quantization() == WeightQuantization.NONE
                    ? new QuantizedCopies.Sizes(blueprint.bytes(type), blueprint.largestPartBytes(type))
                    : QuantizedCopies.sizes(blueprint, settings.quantization(), type);
            return MemoryNeed.of(sizes.whole(), sizes.largestPart(), available(device), settings.loading());
        }
    }

    /** Returns a checkpoint in the quantised form of the settings; a checkpoint for which this fails is closed. */
    private Checkpoint packed(ModelSettings settings, Checkpoint plain, Progress progress) {
        if (settings.quantization() == WeightQuantization.NONE) {
            if (settings.keepsQuantized()) {
                progress.note("%s keeps what %s packs, and nothing was packed; give both."
                        .formatted(ModelSettings.KEEP_QUANTIZED.flag(), ModelSettings.QUANTIZE.flag()));
            }
            return plain;
        }
        try {
            return new QuantizedCopies(engine(), folders.cache().resolve("quantized"))
                    .quantized(plain, settings.quantization(), settings.keepsQuantized(), progress);
        } catch (RuntimeException | Error e) {
            plain.close();
            throw e;
        }
    }

    /**
     * Returns the folder of a model, which is downloaded from the hub if necessary.
     *
     * @throws org.layerwise.base.UserException if the model cannot be found or downloaded
     */
    public Path modelFolder(String model, PauseSwitch pause, Progress progress) {
        return folder(model, pause, progress);
    }

    /**
     * Returns the architecture of a model together with its description for users, without loading weights.
     *
     * @throws org.layerwise.base.UserException if the folder is broken or the family is not supported
     */
    public ModelOutline outline(String model, PauseSwitch pause, Progress progress) {
        try (Checkpoint checkpoint = Checkpoint.open(folder(model, pause, progress))) {
            return ModelOutline.of(ModelBlueprint.read(engine(), checkpoint));
        }
    }

    /** Returns the folder of HuggingFace's cache, which holds models of the hub. */
    public Path modelCache() {
        return hub().cache();
    }

    /** Returns the models in this user's HuggingFace cache. */
    public List<CachedModelCard> cachedModels() {
        return hub().models().stream().flatMap(CachedModelCard::of).toList();
    }

    /**
     * Requests the size of a download from the hub.
     *
     * @param model a hub id such as {@code org/name} or {@code org/name@revision}
     * @throws org.layerwise.base.UserException if there is no such model, or no network
     */
    public DownloadSize downloadSize(String model, Progress progress) {
        ModelReference.OnHub onHub = onHub(model);
        return DownloadSize.of(hub().plan(onHub.id(), onHub.revision(), progress));
    }

    /**
     * Downloads a model into HuggingFace's own cache, or resumes an interrupted download.
     *
     * @return the folder of the model
     * @throws org.layerwise.base.UserException if the model cannot be downloaded
     */
    public Path download(String model, PauseSwitch pause, Progress progress) {
        ModelReference.OnHub onHub = onHub(model);
        return hub().download(onHub.id(), onHub.revision(), DescriptionReader::read, pause, progress);
    }

    private static ModelReference.OnHub onHub(String model) {
        if (ModelReference.parse(model) instanceof ModelReference.OnHub onHub) {
            return onHub;
        }
        throw new UserException(
                "%s is a folder on this machine; name a model of the hub, such as org/name.".formatted(model));
    }

    private synchronized Hub hub() {
        if (hub == null) {
            hub = Hub.of(HubSettings.of(environment, AppFolders.home()));
        }
        return hub;
    }

    private Path folder(String model, PauseSwitch pause, Progress progress) {
        if (model.equals(ModelLocator.SAMPLE)) {
            return SampleModel.provide(folders.models(), progress);
        }
        ModelReference reference = ModelReference.parse(model);
        if (reference instanceof ModelReference.Folder folder) {
            return folder.path();
        }
        ModelReference.OnHub onHub = (ModelReference.OnHub) reference;
        try {
            return hub().download(onHub.id(), onHub.revision(), DescriptionReader::read, pause, progress);
        } catch (UserException e) {
            if (onHub.id().text().contains("/")) {
                throw e;
            }
            // a name without a slash was more likely meant as a folder
            throw new UserException(
                    "There is no folder %s, and as a model of the hub: %s"
                            .formatted(onHub.id().text(), e.getMessage()),
                    e);
        }
    }

    /** Returns the number of free bytes on a device; {@link Long#MAX_VALUE} if unknown. */
    public long available(Device device) {
        return torch.free(device).orElse(Long.MAX_VALUE);
    }

    /**
     * Reads the first rows of some data, without tokenizing them.
     *
     * @throws org.layerwise.base.UserException if the file or a column is missing, or a row is broken
     */
    public Dataset openData(DataSettings settings, Progress progress) {
        return read(settings, LabelUse.AUTO, Split.TRAIN, progress);
    }

    /** Loads the library that will read some data, beside other work such as the opening of a model. */
    public void beginReading(DataSettings settings) {
        reader.begin(settings.source(Split.TRAIN));
    }

    /**
     * Starts to read rows that {@link #read} will be asked for, and to open the tokenizer of the next model if they are
     * text, beside other work.
     */
    public void beginReading(DataSettings settings, LabelUse labels) {
        reader.begin(settings.source(Split.TRAIN), labels);
    }

    public Dataset read(DataSettings settings, LabelUse labels, Split split, Progress progress) {
        return reader.read(settings.source(split), labels, progress);
    }

    /**
     * Reads the rows of some data and counts their tokens for a model: their lengths, the number of truncated rows, and
     * a larger maximum if many are. The whole lengths of at most {@value #COUNTED_ROWS} rows are counted for it.
     *
     * @throws org.layerwise.base.UserException if the data is broken or does not suit the model
     */
    public DataSummary summary(OpenModel model, DataSettings data, Progress progress) {
        Dataset rows = read(data, LabelUse.IGNORE, Split.TRAIN, progress.part(0, 0.3));
        DataSummary summary = DataSummary.of(model.tokenize(rows, data, progress.part(0.3, 0.8)));
        int most = Math.min(model.card().maxPositions(), LONGEST_COUNTED);
        return summary.cutsMany() && most > data.maxLength()
                ? summary.with(limit(model, rows, data.withMaxLength(most), progress.part(0.8, 1)))
                : summary;
    }

    /** Suggests a maximum by rows at equal distances. */
    private static LimitSuggestion limit(OpenModel model, Dataset rows, DataSettings whole, Progress progress) {
        int counted = Math.min(rows.size(), COUNTED_ROWS);
        int[] some = IntStream.range(0, counted)
                .map(i -> (int) ((long) i * rows.size() / counted))
                .toArray();
        List<Integer> lengths = model.tokenizeSilently(rows.select(some), whole, false, progress).rows().stream()
                .map(TokenRow::length)
                .toList();
        return LimitSuggestion.of(lengths, whole.maxLength());
    }

    /**
     * Reads the rows of {@link #read} in chunks; the caller must close the result.
     *
     * @param rowsPerChunk maximum number of rows per chunk
     */
    public DatasetChunks chunks(
            DataSettings settings, LabelUse labels, Split split, int rowsPerChunk, Progress progress) {
        return reader.chunks(settings.source(split), labels, rowsPerChunk, progress);
    }

    /** Reads all rows of a file, or the default number of rows of a sample task. */
    public Dataset readHeldOut(DataSettings settings, LabelUse labels, Progress progress) {
        DataSource source = settings.source(Split.VALIDATION).withLimit(null);
        return source.sample()
                ? read(settings, labels, Split.VALIDATION, progress)
                : reader.read(source, labels, progress);
    }

    /** Returns libtorch with its setup, whether it runs or not. */
    public TorchEngine torch() {
        return torch;
    }

    /** Returns the running engine, which is started first if necessary. */
    public TensorEngine engine() {
        return torch.start();
    }

    /** Stops a reading that nobody asked for. libtorch lives as long as the process; models are closed by their owners. */
    @Override
    public void close() {
        reader.stopEarly();
    }
}
