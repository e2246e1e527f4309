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

    private Engines() {}

    private static final class Holder {
        private static final TensorEngine SHARED =
                Boolean.getBoolean("layerwise.gpu.tests") ? forGpu() : TensorEngine.start();
    }

    public static TensorEngine shared() {
        return Holder.SHARED;
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
