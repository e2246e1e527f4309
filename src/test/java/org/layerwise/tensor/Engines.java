package org.layerwise.tensor;

import java.nio.file.Path;
import java.util.Map;
import org.layerwise.base.Progress;
import org.layerwise.install.AppFolders;
import org.layerwise.install.torch.ComputeSetup;
import org.layerwise.install.torch.EngineFolders;
import org.layerwise.install.torch.EngineStart;
import org.layerwise.testing.RealTorch;

/**
 * The one engine that all tests share: starting libtorch once per test class would only cost time. It is the program's own
 * libtorch, but for the tests on GPUs (mvn -Pgpu), which take the one that is named or that the user has set up.
 */
public final class Engines {

    /** System property that is true if the tests compute on the GPU of {@link StrictEngine} instead of the processor. */
    public static final String STRICT_TESTS = "layerwise.strict.tests";

    private static final boolean STRICT = Boolean.getBoolean(STRICT_TESTS);

    private Engines() {}

    private static final class Holder {
        private static final TensorEngine SHARED = STRICT
                ? StrictEngine.shared().engine()
                : Boolean.getBoolean("layerwise.gpu.tests") ? forGpu() : TensorEngine.start();
    }

    public static TensorEngine shared() {
        return Holder.SHARED;
    }

    /** The device on which tests compute that are about no device. */
    public static Device device() {
        return STRICT ? Device.cuda(0) : Device.CPU;
    }

    private static TensorEngine forGpu() {
        EngineStart.Started started =
                RealTorch.folder().map(Engines::on).orElseGet(() -> new EngineStart(ofUser(), System.getenv()).start());
        started.note().ifPresent(note -> {
            throw new AssertionError(note);
        });
        return started.engine();
    }

    private static EngineStart.Started on(Path torch) {
        Path own = Path.of("target", "gpu-tests").toAbsolutePath();
        EngineFolders places = new EngineFolders(own.resolve("config"), own.resolve("cache"), own.resolve("data"));
        new ComputeSetup(places, Map.of()).use(torch, Progress.none());
        return new EngineStart(places, Map.of()).start();
    }

    private static EngineFolders ofUser() {
        AppFolders folders = AppFolders.ofPlatform();
        return folders.engine();
    }
}
