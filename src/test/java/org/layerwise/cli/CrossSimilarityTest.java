package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.cli.console.ExitCode;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.AnalysisFolder;
import org.layerwise.study.comparison.CrossSimilarity;
import org.layerwise.testing.Golden;
import org.layerwise.testing.SimilarityTable;

/** Two models, and one before and after a fine-tuning, on the same data, as people compare them. */
class CrossSimilarityTest {

    private static final String ADAPTER =
            "--adapter=" + Golden.folder("lora_bert").resolve("adapter_final");

    @TempDir
    Path folder;

    private CommandLineFixture cli;
    private Path rows;
    private Path out;

    @BeforeEach
    void open() throws IOException {
        cli = new CommandLineFixture(folder);
        rows = rows();
        out = folder.resolve("out");
    }

    /** Rows that suit both models: the smaller one knows 64 tokens and 20 positions. */
    private Path rows() throws IOException {
        Random random = new Random(3);
        List<String> lines = new ArrayList<>();
        for (int row = 0; row < 24; row++) {
            String ids =
                    random.ints(4 + row % 8, 5, 64).mapToObj(String::valueOf).collect(Collectors.joining(", "));
            lines.add("{\"input_ids\": [2, %s, 3]}".formatted(ids));
        }
        return Files.write(folder.resolve("rows.jsonl"), lines);
    }

    @Test
    void beforeAndAfterAFineTuning() {
        Path before = analyze("before", "bert", "--measure=cka,cosine,rsa");
        Path after = analyze("after", "bert", ADAPTER, "--measure=rsa,cosine,cka");

        run("compare", "--analysis=" + before, "--analysis=" + after, "--out=" + out);

        SimilarityMatrix cross = SimilarityTable.read(out.resolve("cross-similarity.csv"));
        // the adapter is in layers 1 and 3: what comes before it is as it was
        assertThat(cross.value(1, 1).orElseThrow()).isCloseTo(1, within(1e-9));
        assertThat(cross.value(2, 2).orElseThrow()).isBetween(0.0, 1 - 1e-6);
        assertThat(cross.value(4, 4).orElseThrow()).isLessThan(cross.value(1, 1).orElseThrow());
        assertThat(SimilarityTable.read(out.resolve("cross-similarity-rsa.csv")).size())
                .isEqualTo(5);
        assertThat(out.resolve("cross-similarity-cosine.csv")).doesNotExist();
        assertThat(out.resolve("cross-heatmap.png")).isNotEmptyFile();
        assertThat(out.resolve("cross-heatmap-rsa.png")).isNotEmptyFile();
        assertThat(out.resolve("agreement.csv")).isNotEmptyFile();
        assertThat(cli.out())
                .contains("A  bert · rows · CKA: ")
                .contains("D  bert + adapter_final · rows · RSA: ")
                .contains("The output of layer %s differs most between bert and bert + adapter_final: CKA 0."
                        .formatted(mostDifferent(cross)));
    }

    private static int mostDifferent(SimilarityMatrix cross) {
        int least = 1;
        for (int state = 2; state < cross.size(); state++) {
            least = cross.value(state, state).orElseThrow()
                            < cross.value(least, least).orElseThrow()
                    ? state
                    : least;
        }
        return least - 1;
    }

    @Test
    void theSameModelTwiceDoesNotDiffer() {
        Path one = analyze("one", "bert");
        Path two = analyze("two", "bert");

        run("compare", "--analysis=" + one + "," + two, "--out=" + out);

        SimilarityMatrix cross = SimilarityTable.read(out.resolve("cross-similarity.csv"));
        SimilarityMatrix own = SimilarityTable.read(one.resolve("similarity.csv"));
        for (int i = 0; i < 5; i++) {
            for (int j = 0; j < 5; j++) {
                assertThat(cross.value(i, j).isPresent())
                        .isEqualTo(own.value(i, j).isPresent());
                assertThat(cross.value(i, j).orElse(0))
                        .isCloseTo(own.value(i, j).orElse(0), within(1e-12));
            }
        }
        assertThat(cli.out()).contains("No layer's output differs between bert and bert (2) by CKA.");
    }

    /** A reader would take the difference of the positions for one of the models. */
    @Test
    void otherPositionsAreNamed() {
        Path one = analyze("one", "bert");
        Path two = analyze("two", "bert", "--position=mean");
        Path shallow = analyze("shallow", "bert_regression", "--position=mean");

        for (Path other : List.of(two, shallow)) {
            run("compare", "--analysis=" + one + "," + other, "--out=" + out);
            assertThat(cli.out())
                    .contains(
                            "The analyses have different settings: position (first, mean); these change the results, too.");
        }
    }

    @Test
    void modelsOfOtherDepthsHaveASimilarityButNoAgreement() throws IOException {
        Path four = analyze("four", "bert");
        Path three = analyze("three", "bert_regression");

        run("compare", "--analysis=" + four, "--analysis=" + three, "--out=" + out);

        List<String> lines = Files.readAllLines(out.resolve("cross-similarity.csv"));
        assertThat(lines).hasSize(6).startsWith("state,0,1,2,3");
        // the embedding of the first token is the same in all rows
        assertThat(lines.get(5)).matches("4,(,0\\.\\d+){3}");
        assertThat(out.resolve("cross-heatmap.png")).isNotEmptyFile();
        assertThat(out.resolve("agreement.csv")).doesNotExist();
        assertThat(cli.out())
                .contains("bert (rows) has 4 layers and bert_regression (rows) has 3; only rankings")
                .containsPattern(
                        "The last hidden states of bert \\(4 layers\\) and bert_regression \\(3 layers\\): CKA 0\\.\\d{4}\\.");
    }

    /** The rankings would be of one analysis and the Gram matrices of another one. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAnalysisThatIsReplacedBeforeItsGramsAreReadIsRefused(boolean withGrams) {
        Path one = analyze("one", "bert");
        Path two = analyze("two", "bert");
        List<Path> folders = List.of(one, two);
        List<Analysis> read = folders.stream().map(AnalysisFolder::read).toList();
        Progress replacing = new Progress() {
            @Override
            public void report(double fraction, String message) {
                if (message.startsWith("Reading ")) {
                    analyze("two", "bert", "--samples=8", withGrams ? "--measure=cka" : "--measure=cosine");
                }
            }

            @Override
            public boolean cancelled() {
                return false;
            }
        };
        try (Workbench workbench = TinyStudy.workbench(folder.resolve("home"))) {
            assertThatThrownBy(() ->
                            CrossSimilarity.ofAnalyses(workbench, read, folders, List.of(LinearCka.MEASURE), replacing))
                    .isInstanceOf(UserException.class)
                    .hasMessage("The analysis in %s was replaced while it was read; compare again.".formatted(two));
        }
    }

    @Test
    void analysesOfOtherDataHaveNone() throws IOException {
        Path all = analyze("all", "bert");
        Path fewer = analyze("fewer", "bert", "--samples=5");
        Path lost = analyze("lost", "bert");
        Files.delete(lost.resolve("grams.safetensors"));

        run("compare", "--analysis=" + all, "--analysis=" + fewer, "--analysis=" + lost, "--out=" + out);

        assertThat(out.resolve("agreement.csv")).isNotEmptyFile();
        assertThat(out.resolve("cross-similarity.csv")).doesNotExist();
        assertThat(cli.out()).doesNotContain("output");
        Path other = analyze("other", "bert_regression", "--samples=5");
        refused("only rankings of as many layers can be compared.", "compare", "--analysis=" + all + "," + other);
    }

    @Test
    void filesOfRepresentationsByEveryMeasureThatTheyAllow() throws IOException {
        Path before = extract("before", "bert");
        Path after = extract("after", "bert", ADAPTER);

        String measures = "cka,debiased-cka,rbf-cka,minibatch-cka,cosine,procrustes,angular-procrustes,svcca,pwcca,rsa";
        run(
                "analyze",
                "--representations=" + before,
                "--against=" + after,
                "--measure=" + measures,
                "--minibatch=8",
                "--svcca-variance=0.5",
                "--out=" + out);

        SimilarityMatrix cross = SimilarityTable.read(out.resolve("cross-similarity.csv"));
        assertThat(cross.value(2, 4).orElseThrow()).isCloseTo(cka(before, 2, after, 4), within(1e-5));
        for (String measure : measures.split(",")) {
            String suffix = measure.equals("cka") ? "" : "-" + measure;
            SimilarityMatrix matrix = SimilarityTable.read(out.resolve("cross-similarity%s.csv".formatted(suffix)));
            assertThat(matrix.value(1, 1).orElseThrow()).as(measure).isCloseTo(1, within(1e-6));
            assertThat(out.resolve("cross-heatmap%s.png".formatted(suffix))).isNotEmptyFile();
            // the only one of them that is a distance
            assertThat(Files.exists(out.resolve("cross-map%s.png".formatted(suffix))))
                    .as(measure)
                    .isEqualTo(measure.equals("angular-procrustes"));
        }
        List<String> map = Files.readAllLines(out.resolve("cross-map-angular-procrustes.csv"));
        assertThat(map).hasSize(1 + 4 + 4).startsWith("model,state,x,y");
        // the adapter is in layers 1 and 3: the output of layer 0 is where it was
        String[] place = map.get(1).split(",");
        String[] same = map.get(5).split(",");
        assertThat(List.of(place[0], same[0])).containsExactly("bert", "bert + adapter_final");
        assertThat(List.of(place[1], same[1])).containsExactly("1", "1");
        assertThat(Double.parseDouble(same[2])).isCloseTo(Double.parseDouble(place[2]), within(1e-3));
        assertThat(out.resolve("analysis.json")).isNotEmptyFile();
        assertThat(cli.out()).contains("differs most between bert and bert + adapter_final: CKA 0.");

        // also where the folder holds an earlier analysis
        run("analyze", "--representations=" + before, "--against=" + after, "--out=" + out);
        assertThat(out.resolve("cross-similarity.csv")).exists();
        assertThat(out.resolve("cross-similarity-rsa.csv")).doesNotExist();

        // both ways to compare are the same
        Path one = analyze("one", "bert");
        Path two = analyze("two", "bert", ADAPTER);
        run("compare", "--analysis=" + one, "--analysis=" + two, "--out=" + folder.resolve("compared"));
        assertThat(SimilarityTable.read(folder.resolve("compared/cross-similarity.csv"))
                        .value(2, 4)
                        .orElseThrow())
                .isCloseTo(cross.value(2, 4).orElseThrow(), within(1e-9));
    }

    @Test
    void filesOfOtherDataOrAnotherPositionAreRemarkedOn() throws IOException {
        Path first = extract("first", "bert");
        Path last = extract("last", "bert", "--position=last");
        Path others = Files.copy(rows, folder.resolve("others.jsonl"));
        Path elsewhere = folder.resolve("elsewhere.safetensors");
        run("extract", "--model=" + Golden.folder("bert"), "--data=" + others, "--out=" + elsewhere);

        run("analyze", "--representations=" + first, "--against=" + last, "--out=" + out);
        assertThat(cli.errLines()).anyMatch(line -> line.contains("first.safetensors has the position first, but"));
        run("analyze", "--representations=" + first, "--against=" + elsewhere, "--out=" + out);
        assertThat(cli.errLines())
                .anyMatch(line -> line.endsWith("others.jsonl; compare them only if both hold the same rows."));
    }

    @Test
    void filesOfOtherNumbersOfExamplesAreRefused() {
        Path all = extract("all", "bert");
        Path fewer = extract("fewer", "bert_regression", "--samples=5");

        refused(
                "%s has 5; write both with extract, from the same data and as many samples.".formatted(fewer),
                "analyze",
                "--representations=" + all,
                "--against=" + fewer,
                "--out=" + out);
        assertThat(out).doesNotExist();
        refused(
                "block-influence compares every token of a row, and representations hold one vector a row",
                "analyze",
                "--representations=" + all,
                "--against=" + all,
                "--measure=block-influence",
                "--out=" + out);
        refused(
                "--against %s needs another file to compare it with; give --representations FILE too.".formatted(all),
                "analyze",
                "--against=" + all,
                "--out=" + out);
        refused("exclude each other", "analyze", "--against=" + all, "--model=m", "--data=d", "--out=" + out);
    }

    /** By its definition, from the features. */
    private static double cka(Path first, int state, Path second, int other) {
        double[][] x = centred(first, state);
        double[][] y = centred(second, other);
        return product(x, y) / Math.sqrt(product(x, x) * product(y, y));
    }

    private static double product(double[][] x, double[][] y) {
        double sum = 0;
        for (int i = 0; i < x[0].length; i++) {
            for (int j = 0; j < y[0].length; j++) {
                double inner = 0;
                for (int row = 0; row < x.length; row++) {
                    inner += x[row][i] * y[row][j];
                }
                sum += inner * inner;
            }
        }
        return sum;
    }

    private static double[][] centred(Path path, int state) {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            String name = "hidden_states." + state;
            int n = (int) file.entry(name).shape()[0];
            int d = (int) file.entry(name).shape()[1];
            double[] values = Golden.doubles(file, name);
            double[][] matrix = new double[n][d];
            for (int column = 0; column < d; column++) {
                double mean = 0;
                for (int row = 0; row < n; row++) {
                    mean += values[row * d + column] / n;
                }
                for (int row = 0; row < n; row++) {
                    matrix[row][column] = values[row * d + column] - mean;
                }
            }
            return matrix;
        }
    }

    private Path analyze(String name, String model, String... flags) {
        Path analysis = folder.resolve(name);
        run(args("analyze", model, analysis, flags));
        return analysis;
    }

    private Path extract(String name, String model, String... flags) {
        Path file = folder.resolve(name + ".safetensors");
        run(args("extract", model, file, flags));
        return file;
    }

    private String[] args(String command, String model, Path written, String... flags) {
        List<String> args = new ArrayList<>(List.of(command, "--model=" + Golden.folder(model), "--data=" + rows));
        args.add("--out=" + written);
        args.addAll(Arrays.asList(flags));
        return args.toArray(String[]::new);
    }

    private void run(String... args) {
        assertThat(cli.run(args)).as(String.join("\n", cli.errLines())).isEqualTo(ExitCode.OK);
    }

    private void refused(String message, String... args) {
        assertThat(cli.run(args)).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines()).last().asString().startsWith("layerwise: ").contains(message);
    }
}
