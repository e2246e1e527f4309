package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.cli.console.ExitCode;
import org.layerwise.testing.Golden;

/** {@code analyze} without data. */
class AnalyzeWeightsTest {

    @TempDir
    private Path folder;

    private CommandLineFixture cli;

    @BeforeEach
    void open() {
        cli = new CommandLineFixture(folder);
    }

    @Test
    void measuresOfWeightsNeedNoData() {
        assertThat(analyze("--measure=snr,alpha")).isEqualTo(ExitCode.OK);

        assertThat(cli.out())
                .contains("By signal-to-noise ratio of the weights:")
                .contains("By heavy-tail exponent of the weights:")
                .contains("of 4 layers");
        assertThat(folder.resolve("out/modules-alpha.csv")).isNotEmptyFile();

        Path selection = folder.resolve("selection.json");
        assertThat(cli.run("select", "--analysis", folder.resolve("out").toString(), "--out", selection.toString()))
                .isEqualTo(ExitCode.OK);
        assertThat(selection).content().contains("\"snr\"").doesNotContain("\"samples\" : 0");
    }

    @Test
    void rowsThatNoMeasureNeedsAreNotRead() {
        assertThat(analyze("--measure=snr", "--data=" + Golden.folder("llama").resolve("rows.jsonl")))
                .isEqualTo(ExitCode.OK);

        assertThat(cli.errLines())
                .contains("The measures follow from weights alone, so the rows of --data are not read.");
        assertThat(folder.resolve("out/methods.txt"))
                .content()
                .contains("were compared by their weights.")
                .doesNotContain("examples");
    }

    @Test
    void othersStillDo() {
        assertThat(analyze("--measure=snr,cka")).isEqualTo(ExitCode.BAD_INPUT);

        assertThat(cli.errLines())
                .contains("layerwise: No data is named; give --data FILE, or --data sample:definitions.");
    }

    @Test
    void anAdapterChangesNoWeights() {
        Path adapter = Golden.folder("lora_llama").resolve("adapter_final");

        assertThat(analyze("--measure=snr", "--adapter=" + adapter)).isEqualTo(ExitCode.BAD_INPUT);

        assertThat(cli.errLines()).anyMatch(line -> line.contains("snr comes from the weights in the model's files"));
    }

    private int analyze(String... more) {
        String[] all = new String[more.length + 3];
        all[0] = "analyze";
        all[1] = "--model=" + Golden.folder("llama");
        all[2] = "--out=" + folder.resolve("out");
        System.arraycopy(more, 0, all, 3, more.length);
        return cli.run(all);
    }
}
