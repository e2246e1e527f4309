package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.cli.console.ExitCode;
import org.layerwise.selection.LayerKind;
import org.layerwise.selection.LayerLocks;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.LayerSelector;
import org.layerwise.selection.SelectionFile;
import org.layerwise.selection.SelectionRule;
import org.layerwise.testing.Golden;

/** From a finished analysis, as people call it. */
class SelectCommandTest {

    @TempDir
    Path folder;

    private CommandLineFixture cli;
    private Path analysis;
    private Path out;

    @BeforeEach
    void analysis() throws IOException {
        cli = new CommandLineFixture(folder);
        analysis = Files.createDirectory(folder.resolve("analysis"));
        out = folder.resolve("selection.json");
        Files.writeString(
                analysis.resolve("analysis.json"),
                """
                {"model": "m", "task": "t", "data": "d", "position": "first", "samples": 8, "cut_rows": 0,
                 "measure": "linear-cka", "seconds": 1, "ranking": [1, 0], "selected": [1], "one_hot": "01",
                 "similarity": [[1, 0.9, 0.5], [0.9, 1, 0.6], [0.5, 0.6, 1]], "importance": [0.1, 0.4],
                 "settings": {"position": "first", "ratio": 0.5, "undefined": "exclude", "name": "t"}, "versions": {}}
                """);
    }

    @Test
    void theFileOfAnAnalysisMayBeNamedInsteadOfItsFolder() {
        int code = cli.run("select", "--analysis=" + analysis.resolve("analysis.json"), "--top=1", "--out=" + out);

        assertThat(cli.errLines()).isEmpty();
        assertThat(code).isEqualTo(ExitCode.OK);
        assertThat(cli.out()).contains("1 of 2 layers (1)", "Wrote " + out);
    }

    @Test
    void aFileOfAnAnalysisMayHaveAnyName() throws IOException {
        Path copy = Files.copy(analysis.resolve("analysis.json"), folder.resolve("copy.json"));

        assertThat(cli.run("select", "--analysis=" + copy, "--top=1", "--out=" + out))
                .isEqualTo(ExitCode.OK);
        assertThat(cli.run("compare", "--analysis=" + copy + "," + analysis)).isEqualTo(ExitCode.OK);
        assertThat(cli.run("select", "--analysis=" + copy, "--out=" + copy)).isEqualTo(ExitCode.BAD_INPUT);
    }

    @Test
    void allLayersOfAKindAreSelected() throws IOException {
        Path gemma = folder.resolve("gemma");
        assertThat(cli.run(
                        "analyze",
                        "--model=" + Golden.folder("v5/gemma3_text"),
                        "--data=" + tokens(),
                        "--device=cpu",
                        "--out=" + gemma))
                .isEqualTo(ExitCode.OK);

        assertThat(cli.run("select", "--analysis=" + gemma, "--kind=full-attention", "--out=" + out))
                .isEqualTo(ExitCode.OK);
        assertThat(SelectionFile.read(out).selection().reason().rule())
                .isEqualTo(new SelectionRule.OfKind(LayerKind.FULL_ATTENTION, new TreeSet<>(List.of(2))));
        assertThat(gemma.resolve("importance.csv"))
                .content()
                .contains(",kind\n", ",full-attention\n", ",sliding-attention\n");
        assertRefused(
                "--kind=mixture",
                gemma,
                "gemma3_text has no layers of the kind mixture beside others; there are full-attention, sliding-attention.");
        assertRefused("--kind=linear", gemma, "There is no kind of layer \"linear\"");
        assertRefused("--kind=dense", analysis, "The layers of m do not differ in their kind");
        assertRefused("--kind=dense,--top=1", gemma, "--top");
    }

    @Test
    void theLastLayersAreSelectedWhateverTheirImportance() throws IOException {
        assertThat(cli.run("select", "--analysis=" + analysis, "--last=1", "--always=0", "--out=" + out))
                .isEqualTo(ExitCode.OK);

        LayerSelection selection = SelectionFile.read(out).selection();
        assertThat(selection.layers()).containsExactly(0, 1);
        assertThat(selection.reason().rule()).isEqualTo(new SelectionRule.LastLayers(1, new TreeSet<>(List.of(1))));
        assertRefused("--last=3", analysis, "The last 3 layers cannot be selected; the model has 2.");
        assertRefused("--last=0", analysis, "--last");
        assertRefused("--last=1,--top=1", analysis, "--top");
    }

    private Path tokens() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int row = 0; row < 12; row++) {
            rows.append("{\"input_ids\": [2, %s, %s, %s, 9]}%n".formatted(3 + row, 20 - row, 5 + row * 7 % 11));
        }
        return Files.writeString(folder.resolve("tokens.jsonl"), rows);
    }

    private void assertRefused(String flags, Path of, String message) {
        CommandLineFixture again = new CommandLineFixture(folder);
        List<String> arguments = new ArrayList<>(List.of("select", "--analysis=" + of, "--out=" + out));
        arguments.addAll(List.of(flags.split(",")));

        assertThat(again.run(arguments.toArray(String[]::new))).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(again.errLines()).last().asString().contains(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--threshold=5", "--never=0,1"})
    void aSelectionOfNoLayerIsRefusedAndNotWritten(String flag) {
        assertThat(cli.run("select", "--analysis=" + analysis, flag, "--out=" + out))
                .isEqualTo(ExitCode.BAD_INPUT);

        assertThat(cli.errLines())
                .singleElement()
                .asString()
                .startsWith("layerwise: No layer is left to select (")
                .contains("nothing was written");
        assertThat(out).doesNotExist();
    }

    @Test
    void aSelectionIsWrittenForOtherTools() throws IOException {
        Path script = folder.resolve("lora=1.py");
        Path oneHot = folder.resolve("layers.txt");

        int code = cli.run(
                "select",
                "--analysis=" + analysis,
                "--layers=1",
                "--out=" + out,
                "--export=peft=" + script,
                "--export=one-hot=" + oneHot,
                "--model=" + Golden.folder("deberta_v2_conv"),
                "--r=4");

        assertThat(cli.errLines()).isEmpty();
        assertThat(code).isEqualTo(ExitCode.OK);
        assertThat(cli.out()).contains("Wrote " + script, "Wrote " + oneHot);
        assertThat(oneHot).hasContent("01");
        assertThat(script).content().contains("    r=4,\n", "    layers_to_transform=[1],\n");
    }

    @Test
    void aOneHotStringNeedsNoModel() {
        Path oneHot = folder.resolve("layers.txt");

        assertThat(cli.run("select", "--analysis=" + analysis, "--top=1", "--out=" + out, "--export=one-hot=" + oneHot))
                .isEqualTo(ExitCode.OK);

        assertThat(oneHot).hasContent("01");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--export=peft               | names no file",
                "--export=keras=x            | There is no export \"keras\"; there are peft-config, peft, axolotl",
                "--export=peft=x.py          | does not say which model it is of",
                "--export=peft=x --r=0       | --r",
                "--export=one-hot=a --export=one-hot=b | is given twice"
            })
    void anExportThatCannotBeIsRefusedAndNothingWritten(String flags, String sentence) {
        List<String> line = new ArrayList<>(List.of("select", "--analysis=" + analysis, "--layers=1", "--out=" + out));
        line.addAll(List.of(flags.strip().split(" ")));

        assertThat(cli.run(line.toArray(String[]::new))).isNotEqualTo(ExitCode.OK);

        assertThat(cli.errLines()).singleElement().asString().contains(sentence);
        assertThat(out).doesNotExist();
    }

    @Test
    void anAnalysisTellsWhatItSelectsAndWhyALayerIsUndefined() {
        LayerImportance importance = LayerImportance.ofSimilarities(
                List.of(new Similarity.Undefined("Every row starts with the same token."), new Similarity.Value(0.6)));
        SelectionRule all = new SelectionRule.TopRatio(1);

        assertThat(AnalyzeCommand.lines(
                        importance, LayerSelector.select(importance, all, LayerLocks.none(), UndefinedLayers.EXCLUDE)))
                .containsExactly(
                        "Selected 1 of 2 layers (1), by " + all.words() + ".",
                        "2 layers were asked for, 1 could be selected (the importance of layer 0 is undefined).",
                        "Layer 0 is undefined: Every row starts with the same token.");
    }

    @Test
    void anAnalysisThatCanSelectNothingSaysSo() {
        LayerImportance importance =
                LayerImportance.ofSimilarities(List.of(new Similarity.Undefined("All rows are equal.")));

        assertThat(AnalyzeCommand.lines(
                        importance,
                        LayerSelector.select(
                                importance,
                                new SelectionRule.TopRatio(0.5),
                                LayerLocks.none(),
                                UndefinedLayers.EXCLUDE)))
                .startsWith("No layer could be selected.");
    }
}
