package org.layerwise.install.torch;

import java.util.Map;
import java.util.function.Supplier;

/** libtorch that starts as a test says. */
public final class GivenTorch {

    private GivenTorch() {}

    public static TorchEngine engine(EngineFolders folders, Supplier<EngineStart.Started> start) {
        return new TorchEngine(start, () -> new ComputeSetup(folders, Map.of()));
    }
}
