package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.json.Json;
import org.layerwise.cli.console.ExitCode;
import org.layerwise.testing.Golden;

/** {@code prune-adapter}, and {@code analyze} of an adapter beside it. */
class PruneAdapterCommandTest {

    private static final String ADAPTER = "--adapter=" + Golden.folder("lora_bert/adapter_final");
    private static final String MODEL = "--model=" + Golden.folder("bert");

    @TempDir
    private Path folder;

    private CommandLineFixture cli;
    private Path out;
    private String data;

    @BeforeEach
    void open() {
        cli = new CommandLineFixture(folder);
        out = folder.resolve("out");
        data = "--data=" + TokenRows.of("bert", folder);
    }

    private int prune(String... more) {
        List<String> line = new ArrayList<>(List.of("prune-adapter", MODEL, ADAPTER, data, "--out=" + out));
        line.addAll(List.of(more));
        return cli.run(line.toArray(String[]::new));
    }

    @Test
    void whatIsKeptIsPrintedAndEvaluated() throws JsonProcessingException {
        assertThat(prune("--by=loss", "--keep=1", "--metric=loss")).isEqualTo(ExitCode.OK);

        List<String> lines = cli.out().lines().toList();
        assertThat(lines.get(0)).matches("removed +layers +parameters +share +loss");
        assertThat(lines.get(1)).matches(" +- +2 +[\\d,]+ +100\\.0% +\\d\\.\\d{4}");
        assertThat(lines.get(2)).matches(" +[13] +1 +[\\d,]+ +50\\.0% +\\d\\.\\d{4} +kept");
        assertThat(lines.get(3)).matches("3 evaluations of \\d+ rows\\.");
        assertThat(lines.get(4)).matches("Wrote .* with the adapters of layers [13]");
        String loss = lines.get(2).strip().split(" +")[4];

        assertThat(cli.run("evaluate", MODEL, "--adapter=" + out.resolve("adapter"), data))
                .isEqualTo(ExitCode.OK);
        assertThat(Json.parse(cli.out()).path("loss").doubleValue())
                .isCloseTo(Double.parseDouble(loss), within(5.1e-5));
    }

    @Test
    void withoutAChoiceOnlyTheTableIsWritten() {
        assertThat(prune()).isEqualTo(ExitCode.OK);

        assertThat(cli.out()).contains("accuracy").contains("Wrote " + out).doesNotContain("kept");
        assertThat(out).isDirectoryContaining("glob:**/pruning.csv");
        assertThat(out.resolve("adapter")).doesNotExist();
    }

    @Test
    void wrongChoicesAreRefused() {
        assertThat(prune("--keep=1", "--within=0.1")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines()).last().asString().contains("--keep", "--within");
        assertThat(prune("--by=size")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines()).last().asString().contains("\"size\" is none of energy, norm, loss");
        assertThat(prune("--keep=2")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines()).last().asString().contains("has adapters in 2 layers; keep fewer with --keep.");
        assertThat(out).doesNotExist();
    }

    @Test
    void anAdapterIsAnalyzedWithoutData() {
        assertThat(cli.run("analyze", MODEL, ADAPTER, "--measure=adapter-norm,adapter-rank", "--out=" + out))
                .isEqualTo(ExitCode.OK);

        assertThat(cli.out())
                .contains("By norm of the adapter's change of the weights:")
                .contains("By effective rank of the adapter's change of the weights:")
                .contains("Layer 0 is undefined: No module of this layer has an adapter.");
        assertThat(out.resolve("modules-adapter-rank.csv")).isNotEmptyFile();
        assertThat(cli.run("analyze", MODEL, ADAPTER, "--measure=adapter-energy", "--out=" + out))
                .isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines()).last().asString().contains("No data is named");
        assertThat(cli.run("analyze", MODEL, "--measure=adapter-norm", "--out=" + out))
                .isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines()).last().asString().contains("adapter-norm measures an adapter, and none is chosen");
    }

    /** The ranking of a measure of the model stands beside that of what training changed. */
    @Test
    void rankingsOfModelAndAdapterAreCompared() {
        Path before = folder.resolve("before");
        assertThat(cli.run("analyze", MODEL, data, "--measure=cka,snr", "--out=" + before))
                .isEqualTo(ExitCode.OK);
        assertThat(cli.run("analyze", MODEL, ADAPTER, data, "--measure=adapter-energy,adapter-norm", "--out=" + out))
                .isEqualTo(ExitCode.OK);
        Path comparison = folder.resolve("comparison");

        assertThat(cli.run("compare", "--analysis=" + before, "--analysis=" + out, "--out=" + comparison))
                .isEqualTo(ExitCode.OK);

        assertThat(comparison.resolve("agreement.csv"))
                .content()
                .contains("SNR,bert · ‖ΔW‖,", "CKA,bert · adapter energy,")
                .hasLineCount(1 + 6);
    }
}
