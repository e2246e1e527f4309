package org.layerwise.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The check of a cluster names the versions with which {@code test.sh --cluster} tries jobs. */
class TriedVersionsTest {

    private static List<String> pinned(Path list, String name) throws IOException {
        return Files.readAllLines(list).stream()
                .filter(line -> line.matches(name + "(\\[.*])?==.*"))
                .map(line -> line.replaceFirst(".*==", ""))
                .toList();
    }

    @Test
    void triedVersionsAreThoseOfTheLists() throws IOException {
        Path four = Path.of("src", "test", "python", "requirements.txt");
        Path five = Path.of("src", "oracle", "python", "transformers5.txt");

        assertThat(PythonFacts.tried()).containsOnlyKeys("torch", "transformers", "peft", "ray");
        for (String name : List.of("torch", "ray")) {
            assertThat(PythonFacts.tried()).containsEntry(name, pinned(four, name));
        }
        for (String name : List.of("transformers", "peft")) {
            assertThat(PythonFacts.tried().get(name))
                    .containsExactly(
                            pinned(four, name).get(0), pinned(five, name).get(0));
        }
    }
}
