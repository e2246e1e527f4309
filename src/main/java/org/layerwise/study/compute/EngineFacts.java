package org.layerwise.study.compute;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the engine is and computes on.
 *
 * @param libtorch its version
 * @param flavour {@code cpu}, or what DJL calls the build for CUDA
 * @param libraries the folder that libtorch was loaded from
 * @param cuda the version of CUDA's runtime; empty for a libtorch without CUDA
 * @param threads of one operation on the processor
 * @param devices the processor first
 * @param note why the engine does not run on what the settings say; empty if it does
 */
public record EngineFacts(
        String libtorch,
        String flavour,
        Path libraries,
        Optional<String> cuda,
        int threads,
        List<DeviceFacts> devices,
        Optional<String> note) {

    public EngineFacts {
        devices = List.copyOf(devices);
    }

    /**
     * One device.
     *
     * @param id {@code cpu} or {@code cuda:0}
     * @param name what it is called; empty where that is not known
     * @param freeBytes memory that is free, for the processor that the process can still take; empty where that is not known
     */
    public record DeviceFacts(String id, String name, OptionalLong freeBytes) {}
}
