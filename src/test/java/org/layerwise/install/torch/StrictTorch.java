package org.layerwise.install.torch;

import java.util.Map;
import java.util.Optional;
import org.layerwise.tensor.StrictEngine;

/** libtorch with the GPU of {@link StrictEngine}. */
public final class StrictTorch {

    private StrictTorch() {}

    public static TorchEngine engine(EngineFolders folders) {
        return new TorchEngine(
                () -> new EngineStart.Started(StrictEngine.shared().engine(), Optional.empty()),
                () -> new ComputeSetup(folders, Map.of()));
    }
}
