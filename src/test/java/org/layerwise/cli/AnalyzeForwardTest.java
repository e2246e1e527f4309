package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.cli.console.ExitCode;
import org.layerwise.testing.Golden;

/** {@code analyze} by losses and inputs of a tiny decoder. */
class AnalyzeForwardTest {

    @TempDir
    private Path folder;

    private CommandLineFixture cli;

    @BeforeEach
    void open() {
        cli = new CommandLineFixture(folder);
    }

    @Test
    void measuresWithoutGradientsRankLayersAndModules() {
        assertThat(analyze("--measure=ablation,eva", "--ablation-factor=0.25", "--eva-components=3", "--bootstrap=20"))
                .isEqualTo(ExitCode.OK);

        assertThat(cli.out())
                .contains("By the increase of the loss under ablation:")
                .contains("By the explained variance of the inputs of linear maps:");
        assertThat(folder.resolve("out/analysis.json"))
                .content()
                .contains("\"ablation_factor\" : 0.25", "\"eva_components\" : 3", "The loss of the unchanged model");
        assertThat(folder.resolve("out/modules-eva.csv")).content().contains("model.layers.3.mlp.down_proj");
        assertThat(folder.resolve("out/methods.txt"))
                .content()
                .contains("with the layer's update multiplied by 0.25", "inputs of linear maps by 3 components");
    }

    @Test
    void defaultsAreNotWritten() {
        assertThat(analyze("--measure=ablation")).isEqualTo(ExitCode.OK);

        assertThat(folder.resolve("out/analysis.json")).content().doesNotContain("ablation_factor", "eva_components");
        assertThat(folder.resolve("out/methods.txt")).content().contains("with the layer's update left out");
    }

    @Test
    void aModelThatStaysInItsFilesIsMeasured() {
        assertThat(analyze("--measure=ablation,eva", "--load=layers")).isEqualTo(ExitCode.OK);
    }

    @Test
    void factorsOfOneAndMoreAreRefused() {
        assertThat(analyze("--measure=ablation", "--ablation-factor=1")).isEqualTo(ExitCode.BAD_INPUT);
    }

    /** Returns rows of 8 tokens without labels, of which each token is learnt. */
    private Path rows() {
        List<String> lines = IntStream.range(0, 20)
                .mapToObj(row -> "{\"input_ids\": %s}"
                        .formatted(IntStream.range(0, 8)
                                .mapToObj(at -> (7 * at * at + 13 * row + at) % 100 + 3)
                                .toList()))
                .toList();
        try {
            return Files.write(folder.resolve("rows.jsonl"), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int analyze(String... more) {
        String[] all = new String[more.length + 4];
        all[0] = "analyze";
        all[1] = "--model=" + Golden.folder("llama");
        all[2] = "--data=" + rows();
        all[3] = "--out=" + folder.resolve("out");
        System.arraycopy(more, 0, all, 4, more.length);
        return cli.run(all);
    }
}
