package org.layerwise.study.compute;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Libraries on which the engine has started and multiplied.
 *
 * @param folder as it was named
 * @param version such as {@code 2.7.1+cu126}
 * @param stamp of the files that were tried
 * @param cuda the version of CUDA's runtime that was found; without one no device can be counted
 * @param devices {@code cpu}, and {@code cuda:0} and so on where there are cards
 */
public record CheckedLibraries(Path folder, String version, String stamp, Optional<String> cuda, List<String> devices) {

    public CheckedLibraries {
        devices = List.copyOf(devices);
    }

    /** How many cards can be used. */
    public int gpus() {
        return devices.size() - 1;
    }

    ComputeSettings.Gpu setting() {
        return new ComputeSettings.Gpu(folder, version, stamp);
    }
}
