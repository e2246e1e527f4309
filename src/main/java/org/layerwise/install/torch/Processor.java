package org.layerwise.install.torch;

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

    /** Flags of processors with products in bfloat16: of x86-64 with vectors or tiles, and of arm64. */
    private static final List<String> BF16_FLAGS = List.of("avx512_bf16", "amx_bf16", "bf16");

    /** Returns the name, or the architecture if Linux does not provide a name. */
    public String name() {
        return values("model name").findFirst().orElse(System.getProperty("os.arch", ""));
    }

    /** Returns true if the processor has units for products in bfloat16; false if that is unknown. */
    public boolean multipliesBf16() {
        return Stream.concat(values("flags"), values("Features"))
                .flatMap(flags -> Arrays.stream(flags.split(" ")))
                .anyMatch(BF16_FLAGS::contains);
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
