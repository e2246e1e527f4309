package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.cli.console.ExitCode;
import org.layerwise.testing.Golden;

/** What is told beside the work, since it may not be what was meant. */
class RemarksTest {

    @TempDir
    Path folder;

    private CommandLineFixture cli;

    @BeforeEach
    void open() {
        cli = new CommandLineFixture(folder);
    }

    private List<String> train(Path data, String... more) {
        List<String> args =
                new ArrayList<>(List.of("train", "--model=" + Golden.folder("roberta_base_model"), "--data=" + data));
        args.addAll(List.of("--steps=1", "--out=" + folder.resolve("run"), "--overwrite"));
        args.addAll(List.of(more));
        int code = cli.run(args.toArray(String[]::new));
        assertThat(code).as("%s", cli.errLines()).isEqualTo(ExitCode.OK);
        return cli.errLines();
    }

    private Path rows(int rows, int classes) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            lines.add("{\"input_ids\": [0, 5, 6, 7, 2], \"labels\": %s}".formatted(row % classes));
        }
        return Files.write(folder.resolve("rows.jsonl"), lines);
    }

    @Test
    void nearlyAsManyClassesAsRowsAreTold() throws IOException {
        assertThat(train(rows(40, 39)))
                .contains(
                        "The labels of rows have 39 classes in 40 rows, so that hardly one is seen twice; --label names another column.");
        assertThat(train(rows(40, 4))).noneMatch(line -> line.contains("classes in"));
    }

    @Test
    void tokenIdsAreNotCutWhateverTheLimit() throws IOException {
        assertThat(train(rows(8, 2), "--max-length=3"))
                .contains(
                        "The rows of rows are token ids, which are not cut; the longest has 5, whatever --max-length says.");
        assertThat(train(rows(8, 2), "--max-length=5")).noneMatch(line -> line.contains("token ids"));
    }

    @Test
    void puttingAdaptersOnIsOneStage() throws IOException {
        assertThat(train(rows(8, 2), "--target-modules=all-linear"))
                .filteredOn(line -> line.contains("Adapting"))
                .hasSize(1);
    }
}
