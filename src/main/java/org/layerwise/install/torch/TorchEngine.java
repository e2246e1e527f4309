package org.layerwise.install.torch;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.EarlyStart;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Processor;
import org.layerwise.tensor.TensorEngine;

/**
 * libtorch with the settings of this user. It starts at the first use, which may take several seconds, and lives as long
 * as the process.
 */
public final class TorchEngine {

    private final Supplier<EngineStart.Started> start;
    private final Supplier<ComputeSetup> setup;
    private @Nullable TensorEngine engine;
    private Optional<String> note = Optional.empty();

    /**
     * Creates an engine that is not started.
     *
     * @param environment environment variables; DJL's own variables override the settings
     */
    public TorchEngine(EngineFolders folders, Map<String, String> environment) {
        this(folders, environment, () -> new ComputeSetup(folders, environment));
    }

    /** @param setup creates the setup, which only the window and {@code doctor} need */
    TorchEngine(EngineFolders folders, Map<String, String> environment, Supplier<ComputeSetup> setup) {
        this(() -> new EngineStart(folders, environment).start(), setup);
    }

    /** @param start starts the engine */
    TorchEngine(Supplier<EngineStart.Started> start, Supplier<ComputeSetup> setup) {
        this.start = start;
        this.setup = setup;
    }

    /**
     * Returns the running engine, which is started first if necessary.
     *
     * @throws org.layerwise.base.UserException if not even the program's own libraries can be loaded
     */
    public synchronized TensorEngine start() {
        if (engine == null) {
            EngineStart.Started started = start.get();
            engine = started.engine();
            note = started.note();
        }
        return engine;
    }

    /**
     * Starts the engine on a thread of its own, beside other work; {@link #start} then waits for it. A failure is
     * reported by {@link #start}, which tries again.
     */
    public Thread begin() {
        return EarlyStart.begin("start libtorch", this::start);
    }

    /** Returns the setup of the compute device, whose changes take effect at the next start of the program. */
    public ComputeSetup setup() {
        return setup.get();
    }

    /**
     * Returns version, libraries and devices of the engine, with the reason if it does not run on the device of the
     * settings. Starts the engine.
     */
    public EngineFacts facts() {
        TensorEngine running = start();
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
            return Processor.HERE.name();
        }
        return device.index() < cards.size() ? cards.get(device.index()) : "";
    }

    /** Returns the number of free bytes on a device; empty if unknown. */
    public OptionalLong free(Device device) {
        return device.kind() == Device.Kind.CUDA
                ? start().freeMemory(device)
                : new MachineMemory(Path.of("/")).available();
    }
}
