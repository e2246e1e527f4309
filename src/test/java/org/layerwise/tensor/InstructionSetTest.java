package org.layerwise.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Against what Linux says of the processor, by the rule of libtorch's own choice (aten/src/ATen/native/DispatchStub.cpp). */
class InstructionSetTest {

    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    void isTheBestThatTheProcessorHas() throws IOException {
        assumeTrue(System.getenv("ATEN_CPU_CAPABILITY") == null, "the user has chosen one");
        Set<String> flags = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("flags"))
                .findFirst()
                .map(line -> Set.of(line.replaceFirst(".*: ", "").split(" ")))
                .orElseThrow();
        boolean avx2 = flags.containsAll(List.of("avx2", "fma"));
        boolean avx512 = flags.containsAll(List.of("avx512f", "avx512vl", "avx512bw", "avx512dq", "fma"));

        assertThat(Engines.shared().instructionSet()).contains(avx512 ? "AVX512" : avx2 ? "AVX2" : "NO AVX");
    }
}
