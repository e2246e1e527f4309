package org.layerwise.study;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Pause;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SampleModel;
import org.layerwise.checkpoint.hub.Hub;
import org.layerwise.checkpoint.hub.HubSettings;
import org.layerwise.checkpoint.hub.ModelReference;
import org.layerwise.data.DataSource;
import org.layerwise.data.Dataset;
import org.layerwise.data.DatasetChunks;
import org.layerwise.data.DatasetReader;
import org.layerwise.data.LabelUse;
import org.layerwise.data.Split;
import org.layerwise.data.TokenizerCheck;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.model.config.ModelDescription;
import org.layerwise.study.compute.ComputePlaces;
import org.layerwise.study.compute.ComputeSetup;
import org.layerwise.study.compute.EngineFacts;
import org.layerwise.study.compute.EngineStart;
import org.layerwise.study.compute.NvidiaDriver;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.TensorEngine;

/**
 * The engine room behind the window and the command line: opens models and data, knows the devices. libtorch starts when
 * it is first needed, which takes up to some seconds: never ask from the thread of a window.
 */
public final class Workbench implements AutoCloseable {

    private final AppFolders folders;
    private final DatasetReader reader = new DatasetReader();
    private final Map<String, String> environment;
    private @Nullable TensorEngine engine;
    private @Nullable Hub hub;
    private Optional<String> note = Optional.empty();

    /** With the hub as the environment variables of HuggingFace's own tools say. */
    public Workbench(AppFolders folders) {
        this(folders, System.getenv());
    }

    /**
     * The same with other variables than the process's own.
     *
     * @param environment with {@code HF_HUB_CACHE}, {@code HF_ENDPOINT}, {@code HF_TOKEN} and the like; read when the hub is
     *     first needed
     */
    public Workbench(AppFolders folders, Map<String, String> environment) {
        this.folders = folders;
        this.environment = Map.copyOf(environment);
    }

    /** Where the user's files go. */
    public AppFolders folders() {
        return folders;
    }

    /** The variables that settings are looked for in. */
    public Map<String, String> environment() {
        return environment;
    }

    /** The devices of this machine as settings name them, {@code cpu} first. */
    public List<String> devices() {
        return engine().devices().stream().map(Device::id).toList();
    }

    /** What the engine is and computes on, and why it does not run on what the settings say if it does not. Starts it. */
    public EngineFacts facts() {
        TensorEngine running = engine();
        List<String> cards = NvidiaDriver.detect().cards();
        return new EngineFacts(
                running.version(),
                running.flavour(),
                running.libraries(),
                running.cudaRuntime(),
                running.threads(),
                running.devices().stream()
                        .map(device -> new EngineFacts.DeviceFacts(device.id(), name(device, cards), free(device)))
                        .toList(),
                note);
    }

    private static String name(Device device, List<String> cards) {
        if (device.kind() == Device.Kind.CPU) {
            return MachineMemory.processor(Path.of("/"));
        }
        return device.index() < cards.size() ? cards.get(device.index()) : "";
    }

    /** Sets up what the engine computes on, from the next start on. */
    public ComputeSetup compute() {
        return new ComputeSetup(places(), environment);
    }

    private ComputePlaces places() {
        return new ComputePlaces(folders.config(), folders.cache(), folders.data());
    }

    /** Loads a model to compute in float32, as {@link #openModel(ModelSettings, Pause, Progress)} does. */
    public OpenModel openModel(String model, String device, Progress progress) {
        return openModel(ModelSettings.of(model).onDevice(device), new Pause(), progress);
    }

    /** As {@link #openModel(ModelSettings, Pause, ModelListener, Progress)}, when nobody listens. */
    public OpenModel openModel(ModelSettings settings, Pause pause, Progress progress) {
        return openModel(settings, pause, ModelListener.none(), progress);
    }

    /**
     * Opens a model: fetches it from the hub if need be, estimates the memory that it takes, and loads it unless it is to be
     * used a layer at a time.
     *
     * @param pause holds up a download
     * @param listener hears of the model before its weights are loaded, and of rows later
     * @throws org.layerwise.base.UserException if the folder is broken, the family not supported, the device not there, or
     *     the download impossible
     */
    public OpenModel openModel(ModelSettings settings, Pause pause, ModelListener listener, Progress progress) {
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
                    new TokenizerCheck(folders.cache()),
                    listener,
                    progress.part(0.6, 1));
        } catch (RuntimeException e) {
            checkpoint.close();
            throw e;
        }
    }

    /** Where nothing is to be loaded, the weights may lie elsewhere. */
    private Checkpoint checkpoint(ModelSettings settings, Pause pause, Progress progress) {
        if (settings.loading() != Loading.NONE) {
            return Checkpoint.open(folder(settings.model(), pause, progress));
        }
        if (ModelNames.isOnHub(settings.model())) {
            ModelReference.OnHub onHub = onHub(settings.model());
            return Checkpoint.outline(
                    hub().describe(onHub.id(), onHub.revision(), ModelDescription::read, pause, progress));
        }
        return Checkpoint.outline(folder(settings.model(), pause, progress));
    }

    /**
     * The folder of a model, which is fetched from the hub if need be.
     *
     * @throws org.layerwise.base.UserException if it cannot be had
     */
    public Path modelFolder(String model, Pause pause, Progress progress) {
        return folder(model, pause, progress);
    }

    /**
     * What a model's files hold, from their headers: nothing is loaded.
     *
     * @throws org.layerwise.base.UserException if the folder is broken or the family not supported
     */
    public ModelInspection inspect(String model, Pause pause, Progress progress) {
        try (Checkpoint checkpoint = Checkpoint.open(folder(model, pause, progress))) {
            return ModelInspection.of(ModelBlueprint.read(engine(), checkpoint));
        }
    }

    /**
     * The same beside what people see of the model.
     *
     * @throws org.layerwise.base.UserException if the folder is broken or the family not supported
     */
    public ModelOutline outline(String model, Pause pause, Progress progress) {
        try (Checkpoint checkpoint = Checkpoint.open(folder(model, pause, progress))) {
            return ModelOutline.of(ModelBlueprint.read(engine(), checkpoint));
        }
    }

    /** The folder of HuggingFace's cache, where models of the hub lie. */
    public Path modelCache() {
        return hub().cache();
    }

    /** The models of the hub that this user's cache holds, HuggingFace's own cache. */
    public List<CachedModelCard> cachedModels() {
        return hub().models().stream().flatMap(CachedModelCard::of).toList();
    }

    /**
     * Asks the hub what a download would fetch.
     *
     * @param model a hub id such as {@code org/name} or {@code org/name@revision}
     * @throws org.layerwise.base.UserException if there is no such model, or no network
     */
    public DownloadSize downloadSize(String model, Progress progress) {
        ModelReference.OnHub onHub = onHub(model);
        return DownloadSize.of(hub().plan(onHub.id(), onHub.revision(), progress));
    }

    /**
     * Fetches a model into HuggingFace's own cache, or goes on where it was stopped.
     *
     * @return its folder
     * @throws org.layerwise.base.UserException if it cannot be had
     */
    public Path download(String model, Pause pause, Progress progress) {
        ModelReference.OnHub onHub = onHub(model);
        return hub().download(onHub.id(), onHub.revision(), ModelDescription::read, pause, progress);
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

    private Path folder(String model, Pause pause, Progress progress) {
        if (model.equals(ModelNames.SAMPLE)) {
            return SampleModel.provide(folders.models(), progress);
        }
        ModelReference reference = ModelReference.parse(model);
        if (reference instanceof ModelReference.Folder folder) {
            return folder.path();
        }
        ModelReference.OnHub onHub = (ModelReference.OnHub) reference;
        try {
            return hub().download(onHub.id(), onHub.revision(), ModelDescription::read, pause, progress);
        } catch (UserException e) {
            if (onHub.id().text().contains("/")) {
                throw e;
            }
            // a word alone was more likely meant as a folder
            throw new UserException(
                    "There is no folder %s, and as a model of the hub: %s"
                            .formatted(onHub.id().text(), e.getMessage()),
                    e);
        }
    }

    /** Bytes that are free where a device computes; the largest long if that is not known. */
    long available(Device device) {
        return free(device).orElse(Long.MAX_VALUE);
    }

    private OptionalLong free(Device device) {
        return device.kind() == Device.Kind.CUDA
                ? engine().freeMemory(device)
                : new MachineMemory(Path.of("/")).available();
    }

    /**
     * The memory that a training will take, before its rows are read: they are taken to be as long as they may be.
     *
     * @param rows how many there are
     * @throws org.layerwise.base.UserException if a target matches nothing, or the model is used a layer at a time
     */
    public TrainingEstimate estimate(OpenModel model, DataSettings data, TrainingSettings settings, int rows) {
        return TrainingMemory.before(model, data, settings, rows, available(model.computeDevice()))
                .estimate();
    }

    /**
     * Reads the first rows of some data, not yet tokenised.
     *
     * @throws org.layerwise.base.UserException if the file or a column is missing, or a row is broken
     */
    public Dataset openData(DataSettings settings, Progress progress) {
        return read(settings, LabelUse.AUTO, Split.TRAIN, progress);
    }

    public Dataset read(DataSettings settings, LabelUse labels, Split split, Progress progress) {
        return reader.read(settings.source(split), labels, progress);
    }

    /** The rows of {@link #read}, in chunks of at most so many; to be closed. */
    DatasetChunks chunks(DataSettings settings, LabelUse labels, Split split, int rowsPerChunk, Progress progress) {
        return reader.chunks(settings.source(split), labels, rowsPerChunk, progress);
    }

    /** All rows of a file; of a sample task as many as are used by default. */
    Dataset readHeldOut(DataSettings settings, LabelUse labels, Progress progress) {
        DataSource source = settings.source(Split.VALIDATION).withLimit(null);
        return source.sample()
                ? read(settings, labels, Split.VALIDATION, progress)
                : reader.read(source, labels, progress);
    }

    public synchronized TensorEngine engine() {
        if (engine == null) {
            EngineStart.Started started = new EngineStart(places(), environment).start();
            engine = started.engine();
            note = started.note();
        }
        return engine;
    }

    @Override
    public void close() {
        // libtorch lives as long as the process; models are closed by whoever opened them
    }
}
