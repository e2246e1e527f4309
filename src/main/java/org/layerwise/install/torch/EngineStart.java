package org.layerwise.install.torch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.layerwise.base.UserException;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.tensor.TensorEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the engine with the libraries of the settings, or with the program's own libraries if those cannot be used, so
 * that a broken GPU installation does not prevent the program from working.
 */
public final class EngineStart {

    private static final Logger LOG = LoggerFactory.getLogger(EngineStart.class);

    private final EngineFolders places;
    private final Map<String, String> environment;
    private final NvidiaDriver.Probe driver;

    /**
     * Creates a start of the engine.
     *
     * @param environment environment variables; DJL's variables override the settings, since they are set deliberately
     */
    public EngineStart(EngineFolders places, Map<String, String> environment) {
        this(places, environment, NvidiaDriver.Probe.ofSystem());
    }

    EngineStart(EngineFolders places, Map<String, String> environment, NvidiaDriver.Probe driver) {
        this.places = places;
        this.environment = environment;
        this.driver = driver;
    }

    /**
     * Running engine.
     *
     * @param note reason why the engine does not run on the libraries of the settings; empty if it does
     */
    public record Started(TensorEngine engine, Optional<String> note) {}

    /**
     * Starts the engine.
     *
     * @throws UserException if not even the program's own libraries can be loaded
     */
    public Started start() {
        ComputeSettings settings;
        try {
            settings = ComputeSettings.read(places.config());
        } catch (UserException e) {
            return onProcessor(OptionalInt.empty(), String.valueOf(e.getMessage()));
        }
        Optional<ComputeSettings.Gpu> gpu = settings.gpu();
        if (gpu.isEmpty() || environment.containsKey("PYTORCH_LIBRARY_PATH")) {
            return new Started(TensorEngine.start(settings.threads()), Optional.empty());
        }
        try {
            return onGpu(gpu.get(), settings.threads());
        } catch (UserException e) {
            LOG.warn("The GPU libraries are not used", e);
            return onProcessor(settings.threads(), String.valueOf(e.getMessage()));
        }
    }

    private Started onGpu(ComputeSettings.Gpu gpu, OptionalInt threads) {
        requireCleanStart(gpu);
        TorchFolder torch = TorchFolder.find(gpu.folder());
        if (!LinkFolder.fingerprint(torch).equals(gpu.stamp())) {
            throw new UserException("The libraries in %s were replaced since they were checked; check them again."
                    .formatted(gpu.folder()));
        }
        AtomicFiles.writeString(
                places.loading(), String.valueOf(ProcessHandle.current().pid()));
        LinkFolder.make(torch, places.links(), driver.loadable()).load();
        TensorEngine engine = TensorEngine.start(threads);
        clearLoadingMark(places);
        return new Started(engine, Optional.empty());
    }

    /** Refuses libraries if a process has died while it loaded them, since this process would die as well. */
    private void requireCleanStart(ComputeSettings.Gpu gpu) {
        Path loading = places.loading();
        if (!Files.isRegularFile(loading)) {
            return;
        }
        if (!running(loading)) {
            throw new UserException("The last start ended while it loaded the libraries in %s; check them again."
                    .formatted(gpu.folder()));
        }
    }

    private static boolean running(Path loading) {
        try {
            long pid = Long.parseLong(Files.readString(loading).strip());
            return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
        } catch (IOException | NumberFormatException e) {
            return false;
        }
    }

    private Started onProcessor(OptionalInt threads, String reason) {
        TensorEngine engine = TensorEngine.start(threads);
        // a failure that was caught is not a crash
        if (Files.isRegularFile(places.loading()) && ownLoading()) {
            clearLoadingMark(places);
        }
        return new Started(engine, Optional.of(reason + " The CPU is used meanwhile."));
    }

    private boolean ownLoading() {
        try {
            return Files.readString(places.loading())
                    .strip()
                    .equals(String.valueOf(ProcessHandle.current().pid()));
        } catch (IOException e) {
            return false;
        }
    }

    static void clearLoadingMark(EngineFolders places) {
        try {
            Files.deleteIfExists(places.loading());
        } catch (IOException e) {
            LOG.warn("{} cannot be deleted", places.loading(), e);
        }
    }
}
