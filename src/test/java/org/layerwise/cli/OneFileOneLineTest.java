package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.json.Json;

/**
 * Adds a measure, an optimiser, a scheduler, an export format and a kind of answers, each as one file and one line, and
 * finds them wherever users meet them. The lists with the added lines and the new files are compiled before the classes
 * of the program, and a process runs with them.
 */
class OneFileOneLineTest {

    private static final Path MAIN = Path.of("src", "main", "java");

    @TempDir
    static Path folder;

    @BeforeAll
    static void addKinds() throws IOException, InterruptedException {
        List<Path> sources = new ArrayList<>();
        sources.add(
                file(
                        "org/layerwise/analysis/similarity/MadeUpMeasure.java",
                        """
                package org.layerwise.analysis.similarity;

                import org.layerwise.analysis.Measure;
                import org.layerwise.base.Citation;
                import org.layerwise.tensor.TensorEngine;

                public final class MadeUpMeasure extends EmbeddedGramMeasure {

                    public static final Measure MEASURE = Measure.ofRepresentations(
                                    "made-up", (options, engine) -> new MadeUpMeasure(engine))
                            .title("made-up similarity")
                            .shortName("made-up")
                            .description("Exists in a test only.")
                            .citing(new Citation("Nobody, 2001", "N. Nobody. On Measures That Do Not Exist. 2001."))
                            .withoutInterval("A made-up similarity has no interval, since nobody derived one.")
                            .build();

                    MadeUpMeasure(TensorEngine engine) {
                        super(engine);
                    }

                    @Override
                    public Measure measure() {
                        return MEASURE;
                    }

                    @Override
                    public int fewestSamples() {
                        return 5;
                    }

                    @Override
                    Embedded embed(double[] gram, int samples, int state) {
                        return Embedded.of(gram);
                    }
                }
                """));
        sources.add(line(
                "org/layerwise/analysis/measure/Measures.java",
                "            LinearCka.MEASURE,\n",
                "            org.layerwise.analysis.similarity.MadeUpMeasure.MEASURE,\n"));
        sources.add(
                file(
                        "org/layerwise/training/MadeUpRule.java",
                        """
                package org.layerwise.training;

                import org.layerwise.base.Citation;

                record MadeUpRule() implements UpdateRule {

                    static final Citation PAPER = new Citation("Noone, 2002", "N. Noone. An Update. 2002.");

                    @Override
                    public void apply(Group group, double learningRate, double weightDecay, int update) {
                        for (int i = 0; i < group.weights().size(); i++) {
                            group.weights().get(i).addInPlace(group.gradients().get(i), -learningRate);
                        }
                    }
                }
                """));
        sources.add(line(
                "org/layerwise/training/OptimiserKind.java",
                "public enum OptimiserKind {\n",
                "    MADE_UP(\"made-up optimizer\", 0, MadeUpRule.PAPER, settings -> new MadeUpRule()),\n"));
        sources.add(line(
                "org/layerwise/training/LearningRateScheduler.java",
                "public enum LearningRateScheduler {\n",
                "    MADE_UP((step, schedule, rate) -> 0.25),\n"));
        sources.add(
                file(
                        "org/layerwise/selection/export/MadeUpExport.java",
                        """
                package org.layerwise.selection.export;

                final class MadeUpExport {
                    static String text(ExportedAdapter recipe) {
                        return "layers " + recipe.selection().layers();
                    }
                }
                """));
        sources.add(line(
                "org/layerwise/selection/export/ExportFormat.java",
                "public enum ExportFormat {\n",
                "    MADE_UP(\"made_up.txt\", \"Made-up tool\", \"For a test.\", MadeUpExport::text),\n"));
        sources.add(
                file(
                        "org/layerwise/generation/answer/MadeUpAnswers.java",
                        """
                package org.layerwise.generation.answer;

                import java.util.Optional;

                public record MadeUpAnswers() implements Answers {

                    @Override
                    public Optional<String> gold(String solution) {
                        return Optional.of("the right one");
                    }

                    @Override
                    public Optional<ExtractedAnswer> extract(String generated) {
                        return Optional.of(new ExtractedAnswer("any", AnswerPattern.LETTER));
                    }

                    @Override
                    public boolean same(String answer, String gold) {
                        return answer.equals("any") && gold.equals("the right one");
                    }
                }
                """));
        sources.add(
                line(
                        "org/layerwise/study/evaluation/Benchmark.java",
                        "public enum Benchmark {\n",
                        "    MADE_UP(\"made-up\", \"Made-up benchmark\", new org.layerwise.generation.answer.MadeUpAnswers(), null, null, 4),\n"));
        compile(sources);
        run("commands");
    }

    private static Path file(String path, String source) throws IOException {
        Path file = folder.resolve("sources").resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, source);
    }

    /** Copies a list and adds one line after another. */
    private static Path line(String path, String before, String added) throws IOException {
        String source = Files.readString(MAIN.resolve(path));
        assertThat(source).containsOnlyOnce(before);
        assertThat(added.lines()).hasSize(1);
        return file(path, source.replace(before, before + added));
    }

    private static void compile(List<Path> sources) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        boolean compiled = compiler.getTask(
                        messages,
                        null,
                        null,
                        List.of("-proc:none", "-d", folder.resolve("classes").toString(), "-cp", classPath()),
                        null,
                        compiler.getStandardFileManager(null, null, null).getJavaFileObjectsFromPaths(sources))
                .call();
        assertThat(compiled).as(messages.toString()).isTrue();
    }

    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private static void run(String part) throws IOException, InterruptedException {
        Path said = folder.resolve(part + ".log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:TieredStopAtLevel=1",
                        "-Dai.djl.offline=true",
                        "-cp",
                        folder.resolve("classes") + File.pathSeparator + classPath(),
                        OneFileOneLineChild.class.getName(),
                        folder.toString(),
                        part)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(said)).isZero();
    }

    /** Returns the exit status and the words of a command. */
    private static String said(String name) throws IOException {
        return Files.readString(folder.resolve(name + ".txt"));
    }

    @Test
    void measureIsOfferedAndAnalyses() throws IOException {
        assertThat(said("help")).contains("made-up");
        assertThat(said("analyze"))
                .startsWith("0\n")
                .contains("A made-up similarity has no interval, since nobody derived one.");
        Path analysis = folder.resolve("analysis");
        assertThat(Files.readString(analysis.resolve("methods.txt")))
                .contains("measured by made-up similarity (Nobody, 2001)", "On Measures That Do Not Exist");
        assertThat(Files.readString(analysis.resolve("similarity.csv"))).contains(",1.0");
        assertThat(Files.readString(analysis.resolve("importance.csv"))).startsWith("layer,importance");
        assertThat(analysis.resolve("heatmap.png")).isNotEmptyFile();
        assertThat(Json.read(analysis.resolve("analysis.json")).findValuesAsText("measure"))
                .contains("made-up");
    }

    @Test
    @Tag("window")
    void windowOffersMeasureAndExport() throws IOException, InterruptedException {
        run("window");

        assertThat(said("panel")).contains("measure-made-up=[made-up, made-up similarity. Exists in a test only.]");
        assertThat(said("formats")).contains("Made-up tool");
    }

    @Test
    void exportIsWritten() throws IOException {
        assertThat(said("select")).startsWith("0\n");
        assertThat(said("export")).matches("layers \\[\\d+, \\d+\\]");
    }

    @Test
    void optimiserAndSchedulerTrain() throws IOException {
        assertThat(said("train")).startsWith("0\n");
        Path run = folder.resolve("run");
        assertThat(Files.readString(run.resolve("config.yaml"))).contains("optim: made_up", "scheduler: made_up");
        assertThat(Files.readString(run.resolve("methods.txt")))
                .contains("made-up optimizer (Noone, 2002)", "An Update. 2002.");
        assertThat(Files.readString(run.resolve("metrics.jsonl"))).contains("0.005");
    }

    @Test
    void answersAreJudged() throws IOException {
        assertThat(said("evaluate")).startsWith("0\n").contains("Made-up benchmark: 100.00 % right (1 of 1");
    }
}
