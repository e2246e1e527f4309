package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.analysis.uncertainty.IntervalKind;
import org.layerwise.testing.Golden;

/** The table of a resampled ranking, below which stands what its intervals cover. */
class IntervalNoteTest {

    @ParameterizedTest
    @CsvSource({"cka, DEBIASED", "rbf-cka, DEBIASED", "debiased-cka, PERCENTILE", "cosine, PERCENTILE"})
    void saysWhatTheIntervalsCover(String measure, IntervalKind kind, @TempDir Path folder) throws IOException {
        CommandLineFixture cli = new CommandLineFixture(folder);
        Path out = folder.resolve("analysis");

        int exit = cli.run(
                "analyze",
                "--model=" + Golden.folder("bert"),
                "--data=" + rows(folder),
                "--measure=" + measure,
                "--bootstrap=40",
                "--device=cpu",
                "--out=" + out);

        assertThat(exit).as(String.join("\n", cli.errLines())).isZero();
        assertThat(cli.out().lines())
                .contains(kind.note())
                .anyMatch(line -> line.startsWith("layer  importance  95 % interval"));
        assertThat(Files.readString(out.resolve("methods.txt"))).contains(kind.note());
    }

    private static Path rows(Path folder) throws IOException {
        Random random = new Random(3);
        List<String> lines = new ArrayList<>();
        for (int row = 0; row < 48; row++) {
            String ids =
                    random.ints(4 + row % 8, 5, 64).mapToObj(String::valueOf).collect(Collectors.joining(", "));
            lines.add("{\"input_ids\": [2, %s, 3]}".formatted(ids));
        }
        return Files.write(folder.resolve("rows.jsonl"), lines);
    }
}
