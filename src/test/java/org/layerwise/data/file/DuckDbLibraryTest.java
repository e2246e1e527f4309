package org.layerwise.data.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.data.DataFixtures;

class DuckDbLibraryTest {

    @TempDir
    Path folder;

    /** So that a process that is killed leaves none. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void theUnpackedLibraryIsDeletedOnceItIsLoaded() throws IOException {
        DataFixtures.read(DataFixtures.write(folder, "t.tsv", "text\tlabel\nfine\t1\nbad\t0\n"));

        try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            List<String> library =
                    maps.filter(line -> line.contains("libduckdb_java")).toList();
            assertThat(library).isNotEmpty().allMatch(line -> line.endsWith(".so (deleted)"));
        }
    }
}
