package org.layerwise.tensor;

import com.sun.jna.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Processor of this machine, as Linux describes it.
 *
 * @param root root of the file system, {@code /} except in tests
 */
public record Processor(Path root) {

    /** Processor of this machine. */
    public static final Processor HERE = new Processor(Path.of("/"));

    /** Flags of processors with products in bfloat16: of x86-64 with vectors or tiles, and of arm64. */
    private static final List<String> BF16_FLAGS = List.of("avx512_bf16", "amx_bf16", "bf16");

    /** Family of AMD's processors of the Zen 5 kind. */
    private static final int ZEN_5 = 26;

    /** Returns the name, or the architecture if Linux does not provide a name. */
    public String name() {
        return values("model name").findFirst().orElse(System.getProperty("os.arch", ""));
    }

    /** Returns true if the processor has units for products in bfloat16; false if that is unknown. */
    public boolean multipliesBf16() {
        return has(BF16_FLAGS);
    }

    /**
     * Returns true if oneDNN multiplies float32 matrices faster than MKL, twice as fast for large ones: on AMD's Zen 5 and
     * later, whose units for 512 bits MKL does not use.
     */
    boolean isFastInOneDnn() {
        return values("vendor_id").anyMatch("AuthenticAMD"::equals)
                && values("cpu family")
                        .anyMatch(family -> family.matches("\\d{1,4}") && Integer.parseInt(family) >= ZEN_5)
                && has(List.of("avx512f"));
    }

    /** Returns true if libtorch's builds for processors and systems of this kind have oneDNN. */
    static boolean hasOneDnn() {
        return Platform.isIntel() && Platform.is64Bit() && !Platform.isMac();
    }

    private boolean has(List<String> some) {
        return Stream.concat(values("flags"), values("Features"))
                .flatMap(flags -> Arrays.stream(flags.split(" ")))
                .anyMatch(some::contains);
    }

    private Stream<String> values(String key) {
        return lines().stream().filter(line -> line.startsWith(key)).map(line -> line.substring(line.indexOf(':') + 1)
                .strip());
    }

    private List<String> lines() {
        try {
            return Files.readAllLines(root.resolve("proc/cpuinfo"));
        } catch (IOException e) {
            return List.of(); // another system, or one that hides its processor
        }
    }
}
