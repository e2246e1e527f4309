package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.cli.console.ExitCode;
import org.layerwise.selection.SavedSelection;
import org.layerwise.selection.SelectionFile;
import org.layerwise.testing.SimilarityTable;

/** From finished analyses, as people call it. */
class CompareCommandTest {

    @TempDir
    Path folder;

    private CommandLineFixture cli;
    private Path first;
    private Path second;
    private Path out;

    @BeforeEach
    void analyses() throws IOException {
        cli = new CommandLineFixture(folder);
        first = analysis("first", "m", 0.9, 0.6, 0.7, 0.8);
        second = analysis("second", "m", 0.8, 0.5, 0.7, 0.9);
        out = folder.resolve("out");
    }

    /** An analysis with these similarities of each layer's input and output, and 0.1 for all other pairs. */
    private Path analysis(String task, String model, double... similarities) throws IOException {
        int states = similarities.length + 1;
        String[] rows = new String[states];
        for (int i = 0; i < states; i++) {
            double[] row = new double[states];
            for (int j = 0; j < states; j++) {
                row[j] = i == j ? 1 : Math.abs(i - j) == 1 ? similarities[Math.min(i, j)] : 0.1;
            }
            rows[i] = Arrays.toString(row);
        }
        Path analysis = Files.createDirectory(folder.resolve(task));
        Files.writeString(
                analysis.resolve("analysis.json"),
                """
                {"model": "%s", "task": "%s", "data": "d", "position": "first", "samples": 8, "cut_rows": 0,
                 "measure": "cka", "seconds": 1, "similarity": [%s],
                 "settings": {"ratio": 0.5, "undefined": "exclude"}, "versions": {}}
                """
                        .formatted(model, task, String.join(", ", rows)));
        return analysis;
    }

    @Test
    void tellsRanksAgreementAndConsensus() {
        int code = cli.run("compare", "--analysis=" + first, "--analysis=" + second);

        assertThat(cli.errLines()).noneMatch(line -> line.startsWith("layerwise:"));
        assertThat(code).isEqualTo(ExitCode.OK);
        // importances 0.1 0.4 0.3 0.2 and 0.2 0.5 0.3 0.1: five pairs of six concordant
        assertThat(cli.out().lines())
                .contains(
                        "A  first · CKA: layers 1,2",
                        "B  second · CKA: layers 1,2",
                        "Layer       A  Rank       B  Rank  Votes  Consensus",
                        "    1  0.4000     1  0.5000     1      2      1.000",
                        "    0  0.1000     4  0.2000     3      0      0.167",
                        "Pair  Kendall  Spearman  Layers  Overlap  Jaccard",
                        "A, B    0.667     0.800       4    100 %    100 %",
                        "Consensus: 2 of 4 layers (1,2), by ratio 0.5.");
    }

    /** The root of the product of both reliabilities, 0.81 and 0.64. */
    @Test
    void tellsTheCeilingOfTheAgreementWhereReliabilitiesAreKnown() throws IOException {
        String rest = ", \"halves\": 0.5, \"splits\": 20, \"rows\": 8, \"seed\": 42}, \"seconds\"";
        replace(first, "\"seconds\"", "\"reliability\": {\"value\": 0.81" + rest);

        assertThat(cli.run("compare", "--analysis=" + first + "," + second)).isEqualTo(ExitCode.OK);
        assertThat(cli.out()).as("of one ranking only").doesNotContain("Ceiling");

        replace(second, "\"seconds\"", "\"reliability\": {\"value\": 0.64" + rest);
        assertThat(cli.run("compare", "--analysis=" + first + "," + second, "--out=" + out))
                .as(String.join("\n", cli.errLines()))
                .isEqualTo(ExitCode.OK);
        assertThat(cli.out().lines())
                .contains(
                        "Pair  Kendall  Spearman  Layers  Overlap  Jaccard  Ceiling",
                        "A, B    0.667     0.800       4    100 %    100 %    0.720");
        assertThat(Files.readAllLines(out.resolve("agreement.csv")))
                .containsExactly(
                        "first,second,kendall,spearman,layers,overlap,jaccard,ceiling",
                        "first · CKA,second · CKA,0.6666666666666666,0.8,4,1.0,1.0,0.7200000000000001");
    }

    @Test
    void tellsThatThreadsAndInstructionSetsDiffer() throws IOException {
        versions(first, "{\"threads\": \"2\", \"instruction-set\": \"AVX512\"}");
        versions(second, "{\"threads\": \"4\", \"instruction-set\": \"AVX2\"}");

        cli.run("compare", "--analysis=" + first, "--analysis=" + second);

        assertThat(cli.out())
                .contains("The analyses were computed with different numbers of threads (2, 4) and instruction sets"
                        + " (AVX512, AVX2), so their last digits may differ by rounding alone.");
    }

    @Test
    void tellsWhichOptionsOfMeasuresAndUndefinedLayersDiffer() throws IOException {
        for (Path one : List.of(first, second)) {
            replace(one, "\"measure\": \"cka\"", "\"measure\": \"rbf-cka\"");
        }
        replace(second, "\"ratio\"", "\"rbf_bandwidth\": 0.5, \"minibatch\": 64, \"ratio\"");
        replace(second, "\"exclude\"", "\"include\"");

        cli.run("compare", "--analysis=" + first, "--analysis=" + second);

        // the measure has no minibatches, and no layer is undefined
        assertThat(cli.out()).contains("different settings: rbf-bandwidth (1.0, 0.5); these");

        replace(second, "0.8", "null");
        cli.run("compare", "--analysis=" + first, "--analysis=" + second);

        assertThat(cli.out())
                .contains("rbf-bandwidth (1.0, 0.5), undefined (exclude, include), here all as the first; these");
    }

    @Test
    void saysNothingOfThreadsThatAreAlikeOrUnknown() throws IOException {
        versions(first, "{\"threads\": \"2\", \"instruction-set\": \"AVX512\"}");
        versions(second, "{\"threads\": \"2\"}");

        assertThat(cli.run("compare", "--analysis=" + first, "--analysis=" + second))
                .isEqualTo(ExitCode.OK);

        assertThat(cli.out()).doesNotContain("threads", "instruction");
    }

    /** A reader would take them for a difference of the models. */
    @Test
    void tellsWhichSettingsOfTheRepresentationsDiffer() throws IOException {
        versions(first, "{\"dtype\": \"float32\"}");
        versions(second, "{\"dtype\": \"bfloat16\"}");
        replace(second, "\"position\": \"first\"", "\"position\": \"mean\"");
        replace(first, "\"ratio\"", "\"max_length\": 8, \"ratio\"");
        replace(second, "\"ratio\"", "\"max_length\": 32, \"compat\": [\"eos-is-padding\"], \"ratio\"");

        cli.run("compare", "--analysis=" + first, "--analysis=" + second);

        assertThat(cli.out())
                .contains("The analyses have different settings: position (first, mean), dtype (float32, bfloat16),"
                        + " compat (none, eos-is-padding); these change the results, too.");

        replace(first, "\"cut_rows\": 0", "\"cut_rows\": 3");
        cli.run("compare", "--analysis=" + first, "--analysis=" + second);

        assertThat(cli.out()).contains("position (first, mean), max length (8, 32), dtype");
    }

    private static void versions(Path analysis, String versions) throws IOException {
        replace(analysis, "\"versions\": {}", "\"versions\": " + versions);
    }

    private static void replace(Path analysis, String old, String text) throws IOException {
        Path file = analysis.resolve("analysis.json");
        Files.writeString(file, Files.readString(file).replace(old, text));
    }

    @Test
    void writesTablesSelectionAndDifference() throws IOException {
        int code = cli.run("compare", "--analysis=" + first + "," + second, "--ratio=0.25", "--out=" + out);

        assertThat(code).isEqualTo(ExitCode.OK);
        assertThat(cli.out()).contains("Wrote " + out);
        assertThat(Files.readAllLines(out.resolve("importance.csv")))
                .hasSize(5)
                .startsWith("layer,importance: first · CKA,rank: first · CKA,selected: first · CKA,"
                        + "importance: second · CKA,rank: second · CKA,selected: second · CKA,"
                        + "votes,consensus,consensus selected")
                .contains("1,0.4,1,1,0.5,1,1,2,1.0,1");
        assertThat(Files.readAllLines(out.resolve("agreement.csv")))
                .containsExactly(
                        "first,second,kendall,spearman,layers,overlap,jaccard",
                        "first · CKA,second · CKA,0.6666666666666666,0.8,4,1.0,1.0");
        SavedSelection selection = SelectionFile.read(out.resolve("selection.json"));
        assertThat(selection.selection().layers()).containsExactly(1);
        assertThat(selection.origin().measure()).isEqualTo("consensus");
        assertThat(selection.origin().task()).isEqualTo("first + second");
        assertThat(SimilarityTable.read(out.resolve("difference.csv"))
                        .value(0, 1)
                        .orElseThrow())
                .isEqualTo(0.9 - 0.8);
        assertThat(out.resolve("difference-heatmap.png")).isNotEmptyFile();
    }

    @Test
    void filesOfOthersAreNotReplaced() throws IOException {
        Path mine = Files.writeString(Files.createDirectories(out).resolve("selection.json"), "mine");

        assertRefused(
                mine + " is no file of an earlier comparison", "--analysis=" + first + "," + second, "--out=" + out);

        assertThat(mine).hasContent("mine");
        assertThat(out.resolve("agreement.csv")).doesNotExist();
    }

    @Test
    void aComparisonIsNotMixedWithAnAnalysis() throws IOException {
        Path third = analysis("third", "m", 0.8, 0.5, 0.7, 0.9);
        Path table = Files.writeString(third.resolve("importance.csv"), "its own");

        assertRefused("There is an analysis in " + third, "--analysis=" + first + "," + second, "--out=" + third);

        assertThat(table).hasContent("its own");
    }

    @Test
    void ofAnEarlierComparisonNothingStays() throws IOException {
        assertThat(cli.run("compare", "--analysis=" + first + "," + second, "--out=" + out))
                .isEqualTo(ExitCode.OK);
        assertThat(out.resolve("difference.csv")).exists();
        Path notes = Files.writeString(out.resolve("notes.txt"), "mine");
        Path file = second.resolve("analysis.json");
        Files.writeString(file, Files.readString(file).replace("\"measure\": \"cka\"", "\"measure\": \"svcca\""));

        assertThat(cli.run("compare", "--analysis=" + first + "," + second, "--out=" + out))
                .isEqualTo(ExitCode.OK);

        assertThat(out.resolve("agreement.csv")).exists();
        assertThat(out.resolve("difference.csv")).doesNotExist();
        assertThat(out.resolve("difference-heatmap.png")).doesNotExist();
        assertThat(notes).hasContent("mine");
        assertThat(out.resolve(".comparison")).doesNotExist();
    }

    @Test
    void whatWasPutIntoItsFolderLaterIsNoFileOfAComparison() throws IOException {
        String[] compare = {"compare", "--analysis=" + first + "," + second, "--out=" + out};
        assertThat(cli.run(compare)).isEqualTo(ExitCode.OK);
        assertThat(cli.run(compare)).as("it replaces its own").isEqualTo(ExitCode.OK);
        Path selection = out.resolve("selection.json");
        assertThat(cli.run("select", "--analysis=" + first, "--layers=2,3", "--out=" + selection))
                .isEqualTo(ExitCode.OK);
        String mine = Files.readString(selection);

        assertRefused(
                selection + " is no file of an earlier comparison",
                "--analysis=" + first + "," + second,
                "--out=" + out);

        assertThat(selection).hasContent(mine);
    }

    /** They have no list of their files. */
    @Test
    void comparisonsOfEarlierVersionsAreReplacedButNotASelectionOfOthers() throws IOException {
        String[] compare = {"compare", "--analysis=" + first + "," + second, "--out=" + out};
        assertThat(cli.run(compare)).isEqualTo(ExitCode.OK);
        Files.deleteIfExists(out.resolve("comparison.json"));
        assertThat(cli.run(compare)).isEqualTo(ExitCode.OK);
        Files.deleteIfExists(out.resolve("comparison.json"));
        Path selection = Files.writeString(out.resolve("selection.json"), "mine");

        assertRefused(
                selection + " is no file of an earlier comparison",
                "--analysis=" + first + "," + second,
                "--out=" + out);

        assertThat(selection).hasContent("mine");
    }

    @Test
    void theSameComparisonIsTheSameFiles() throws IOException {
        Path again = folder.resolve("again");
        cli.run("compare", "--analysis=" + first, "--analysis=" + second, "--out=" + out);
        cli.run("compare", "--analysis=" + first, "--analysis=" + second, "--out=" + again);

        for (String file : new String[] {"importance.csv", "agreement.csv", "selection.json", "difference.csv"}) {
            assertThat(again.resolve(file)).hasSameBinaryContentAs(out.resolve(file));
        }
    }

    @Test
    void aFolderWithACommaInItsNameIsOne() throws IOException {
        Path comma = analysis("a,b", "m", 0.5, 0.6, 0.7, 0.8);

        assertThat(cli.run("compare", "--analysis=" + comma, "--analysis=" + second))
                .isEqualTo(ExitCode.OK);
    }

    @Test
    void analysesOfTheSameTaskAreToldApartByModelOrNumber() throws IOException {
        assertThat(cli.run("compare", "--analysis=" + first, "--analysis=" + first))
                .isEqualTo(ExitCode.OK);

        assertThat(cli.out()).contains("A  m · first · CKA:", "B  m · first · CKA (2):");
    }

    @Test
    void modelsWithOtherNumbersOfLayersAreRefused() throws IOException {
        Path other = analysis("other", "n", 0.5, 0.6);

        assertRefused(
                "m (first) has 4 layers and n (other) has 2; only rankings of as many layers can be compared.",
                "--analysis=" + first,
                "--analysis=" + other,
                "--out=" + out);
        assertThat(out).doesNotExist();
    }

    @Test
    void oneRankingIsRefused() {
        assertRefused(
                "There is only one ranking, first · CKA; give another --analysis, or one with several measures.",
                "--analysis=" + first);
    }

    @Test
    void aMeasureThatIsUnknownOrMissingIsRefused() {
        assertRefused("There is no measure \"ckaa\"; known are cka, ", "--analysis=" + first, "--measure=cka,ckaa");
        assertRefused(
                "None of the analyses has the measure rsa; they have cka.",
                "--analysis=" + first,
                "--analysis=" + second,
                "--measure=rsa");
    }

    @Test
    void whatIsNoAnalysisIsRefused() {
        assertRefused("nowhere", "--analysis=" + first, "--analysis=" + folder.resolve("nowhere"));
        assertRefused("--ratio must be above 0 and at most 1, but is 2.", "--analysis=" + first, "--ratio=2");
    }

    private void assertRefused(String message, String... flags) {
        String[] args = new String[flags.length + 1];
        args[0] = "compare";
        System.arraycopy(flags, 0, args, 1, flags.length);

        assertThat(cli.run(args)).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines())
                .filteredOn(line -> line.startsWith("layerwise:"))
                .singleElement()
                .asString()
                .contains(message);
    }
}
