package org.layerwise.install.torch;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Version, libraries and devices of the running engine.
 *
 * @param libtorch version of libtorch
 * @param flavour {@code cpu}, or DJL's name of the build for CUDA
 * @param libraries folder that libtorch was loaded from
 * @param cuda version of the CUDA runtime; empty for a libtorch without CUDA
 * @param threads number of threads per operation on the CPU
 * @param devices devices, the CPU first
 * @param note reason why the engine does not run on the libraries of the settings; empty if it does
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
     * Device of the engine.
     *
     * @param id {@code cpu} or {@code cuda:0}
     * @param name name of the device; empty if unknown
     * @param freeBytes free memory in bytes, for the CPU the memory that the process can still use; empty if unknown
     */
    public record DeviceFacts(String id, String name, OptionalLong freeBytes) {}
}
