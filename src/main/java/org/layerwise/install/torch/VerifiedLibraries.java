package org.layerwise.install.torch;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Libraries that passed a check: the engine started with them and multiplied matrices correctly.
 *
 * @param folder folder as the user named it
 * @param version version such as {@code 2.7.1+cu126}
 * @param stamp stamp of the checked files
 * @param cuda version of the CUDA runtime that was found; without a runtime no GPUs can be counted
 * @param devices {@code cpu}, and {@code cuda:0} and so on if there are GPUs
 */
public record VerifiedLibraries(
        Path folder, String version, String stamp, Optional<String> cuda, List<String> devices) {

    public VerifiedLibraries {
        devices = List.copyOf(devices);
    }

    /** Returns the number of usable GPUs. */
    public int gpus() {
        return devices.size() - 1;
    }

    ComputeSettings.Gpu setting() {
        return new ComputeSettings.Gpu(folder, version, stamp);
    }
}
