package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.cli.console.ExitCode;
import org.layerwise.testing.Golden;

/** Commands on a model whose weights are quantised. */
class QuantizedModelTest {

    private static final Path MODEL = Golden.folder("quantised/bnb_nf4_double");

    @TempDir
    Path folder;

    private ModelCommands commands;

    @BeforeEach
    void open() throws IOException {
        commands = new ModelCommands(folder, MODEL);
    }

    @Test
    void isAnalysedTrainedEvaluatedAndWrites() {
        commands.analyseTrainEvaluateAndWrite();

        for (String methods : List.of("analysis/methods.txt", "run/methods.txt")) {
            assertThat(folder.resolve(methods))
                    .content()
                    .contains("The checkpoint stores the weights of its linear maps in nf4");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pissa", "pissa_niter_4", "olora", "lora-ga"})
    void variantsThatChangeTheWeightsAreRefused(String variant) {
        int code = commands.run("train", "--task=causal-lm", "--variant=" + variant, "--out=" + folder.resolve("run"));

        assertThat(code).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(commands.last()).contains("takes a part out of the weights", MODEL.toString(), "--variant lora");
    }

    @Test
    void jobsAreRefused() {
        int code = commands.run("export-job", "--task=causal-lm", "--steps=2", "--out=" + folder.resolve("job"));

        assertThat(code).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(commands.last()).contains("is quantised", "16 or 32 bits");
        assertThat(folder.resolve("job")).doesNotExist();
    }
}
