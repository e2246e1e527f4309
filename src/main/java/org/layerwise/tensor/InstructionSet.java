package org.layerwise.tensor;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the libtorch of this process for the instruction set that its kernels use on the processor. */
final class InstructionSet {

    private static final Logger LOG = LoggerFactory.getLogger(InstructionSet.class);

    private static final String LIBRARY = "libtorch_cpu.so";

    /**
     * Name of {@code std::string at::get_cpu_capability()} in the C++ ABI; DJL's bridge does not offer this function.
     */
    private static final String FUNCTION = "_ZN2at18get_cpu_capabilityB5cxx11Ev";

    /** Size of a {@code std::string}: the address of its characters, their number, and 16 bytes for short strings. */
    private static final int STRING_BYTES = 32;

    private static final int LENGTH_AT = 8;
    private static final int LONGEST = 15;

    private InstructionSet() {}

    /**
     * Returns the name of the instruction set, such as {@code AVX512}; empty on all systems except Linux on x86-64,
     * since the C++ call differs on others.
     */
    static Optional<String> inUse() {
        if (!Platform.isLinux() || !Platform.isIntel() || !Platform.is64Bit()) {
            return Optional.empty();
        }
        try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            return maps.filter(line -> line.endsWith("/" + LIBRARY))
                    .map(line -> line.substring(line.indexOf('/')))
                    .findFirst()
                    .flatMap(InstructionSet::ask);
        } catch (IOException | LinkageError e) {
            LOG.warn("libtorch does not tell its instruction set", e);
            return Optional.empty();
        }
    }

    /** Calls the library that the process has already loaded, so that no second copy is loaded. */
    private static Optional<String> ask(String library) {
        try (Memory string = new Memory(STRING_BYTES)) {
            string.clear();
            // the first argument is the address to which the function writes the returned object
            NativeLibrary.getInstance(library).getFunction(FUNCTION).invokePointer(new Object[] {string});
            long length = string.getLong(LENGTH_AT);
            Pointer characters = string.getPointer(0);
            if (length < 1 || length > LONGEST || characters == null) {
                return Optional.empty();
            }
            return Optional.of(new String(characters.getByteArray(0, (int) length), StandardCharsets.US_ASCII));
        }
    }
}
