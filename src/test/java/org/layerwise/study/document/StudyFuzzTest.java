package org.layerwise.study.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.testing.FuzzRounds;
import org.layerwise.testing.Mutations;

/** A mutated study is opened or refused in one sentence. */
class StudyFuzzTest {

    private static final int ROUNDS = 2000;

    @TempDir
    private Path folder;

    @Test
    void studies() throws IOException {
        Path file = folder.resolve("own.layerwise");
        StudyFile.write(file, StudyFileTest.rich(folder));
        byte[] json = Files.readAllBytes(file);
        Mutations mutations = new Mutations(7);
        FuzzRounds.Outcome outcome = new FuzzRounds("study", ROUNDS, file).run(round -> {
            Files.write(file, mutations.json(json));
            return FuzzRounds.isAccepted(
                    () -> assertThat(MissingParts.of(StudyFile.read(file))).isNotNull());
        });
        assertThat(outcome.validShare()).isBetween(0.01, 0.9);
    }
}
