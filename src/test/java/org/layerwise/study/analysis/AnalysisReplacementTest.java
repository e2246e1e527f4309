package org.layerwise.study.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.MeasureOptions;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.gradient.GradientScores;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.analysis.similarity.Rsa;
import org.layerwise.analysis.similarity.Svcca;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.OpenModel;
import org.layerwise.testing.CancelledProgress;

/** An analysis in the place of an earlier one: whatever happens, the folder holds one of them, and what else was in it. */
class AnalysisReplacementTest {

    private static final int KILLS = 6;

    @TempDir
    private Path folder;

    private Path out;
    private Path notes;
    private Analysis one;
    private Analysis other;

    @BeforeEach
    void analyze() throws IOException {
        Workbench workbench = TinyStudy.workbench(folder.resolve("home"));
        try (OpenModel model = TinyStudy.open(workbench)) {
            one = analyze(workbench, model, List.of(LinearCka.MEASURE, Svcca.MEASURE), "one");
            other = analyze(workbench, model, List.of(GradientScores.FISHER, Rsa.MEASURE), "other");
        }
        out = Files.createDirectory(folder.resolve("out"));
        notes = Files.writeString(out.resolve("notes.txt"), "my own");
        // as a user may have exported them
        Files.writeString(out.resolve("layers_to_finetune_ohe_mine.txt"), "0101");
        Files.writeString(out.resolve("heatmap-pwcca.png"), "a picture");
        Files.writeString(out.resolve("selection.json"), "{}");
    }

    private Analysis analyze(Workbench workbench, OpenModel model, List<Measure> measures, String name) {
        DataSettings rows = DataSettings.of(TinyStudy.classes(folder).toString());
        AnalysisSettings settings = new AnalysisSettings(
                null, 0.5, UndefinedLayers.EXCLUDE, name, measures, MeasureOptions.DEFAULTS, 0, 0, 7);
        return new AnalysisJob(workbench, model, rows, settings).run(Progress.none(), partial -> {});
    }

    /** Without what is hidden. */
    private static Set<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private Set<String> ownAnd(Analysis analysis) throws IOException {
        Path alone = folder.resolve("alone-" + analysis.task());
        AnalysisFolder.write(analysis, alone);
        Set<String> names = new TreeSet<>(names(alone));
        names.addAll(List.of("notes.txt", "layers_to_finetune_ohe_mine.txt", "heatmap-pwcca.png", "selection.json"));
        return names;
    }

    @Test
    void theFilesOfTheEarlierOneGoAndAllElseStays() throws IOException {
        AnalysisFolder.write(one, out);
        assertThat(names(out)).isEqualTo(ownAnd(one));
        AnalysisFolder.write(other, out);
        assertThat(names(out)).isEqualTo(ownAnd(other));
        assertThat(notes).hasContent("my own");
        assertThat(AnalysisFolder.read(out).results()).isEqualTo(other.results());
    }

    /** Whoever keeps notes in methods.txt, or has exported a figure, has not asked for others in their place. */
    @ParameterizedTest
    @ValueSource(strings = {"methods.txt", "ranking.png", "importance.csv", "grams.safetensors", "analysis.json"})
    void filesOfOthersAreNotReplaced(String name) throws IOException {
        Path mine = Files.writeString(out.resolve(name), "{\"mine\": true}");
        Set<String> before = names(out);

        assertThatThrownBy(() -> AnalysisFolder.check(out, one.settings().measures()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(mine + " is no file of an earlier analysis");
        assertThatThrownBy(() -> AnalysisFolder.write(one, out))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(mine + " is no file of an earlier analysis");

        assertThat(mine).hasContent("{\"mine\": true}");
        assertThat(names(out)).isEqualTo(before);
    }

    /** Ranking.png is ranking.png on most computers with macOS or Windows. */
    @Test
    void filesOfOthersWhoseNamesDifferByCaseAreNotReplaced() throws IOException {
        Path mine = Files.writeString(out.resolve("Ranking.png"), "my own");
        assumeTrue(Files.exists(out.resolve("ranking.png")), "the file system tells upper from lower case");

        assertThatThrownBy(() -> AnalysisFolder.check(out, one.settings().measures()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(mine + " is no file of an earlier analysis");
        assertThatThrownBy(() -> AnalysisFolder.write(one, out))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(mine + " is no file of an earlier analysis");
        assertThat(mine).hasContent("my own");

        Files.delete(mine);
        AnalysisFolder.write(one, out);
        AnalysisFolder.write(one, out); // its own
        assertThat(names(out)).isEqualTo(ownAnd(one));
    }

    @Test
    void aFigureBesideTheEarlierAnalysisIsNotReplacedEither() throws IOException {
        AnalysisFolder.write(one, out);
        Path mine = Files.writeString(out.resolve("importance-rsa.csv"), "my own");

        assertThatThrownBy(() -> AnalysisFolder.write(other, out))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(mine + " is no file of an earlier analysis");

        assertThat(mine).hasContent("my own");
        assertThat(AnalysisFolder.read(out).results()).isEqualTo(one.results());
    }

    @Test
    void whoeverCancelsWhileItIsWrittenKeepsTheEarlierOne() throws IOException {
        AnalysisFolder.write(one, out);
        Set<String> before = names(out);
        AtomicBoolean cancelled = new AtomicBoolean();
        Progress progress = CancelledProgress.when(cancelled::get);

        assertThatThrownBy(() -> AnalysisFolder.write(other, out, beside -> cancelled.set(true), progress))
                .isInstanceOf(CancelledException.class);

        assertThat(names(out)).isEqualTo(before);
        assertThat(AnalysisFolder.read(out).results()).isEqualTo(one.results());
    }

    @Test
    void aBrokenAnalysisIsReplaced() throws IOException {
        AnalysisFolder.write(one, out);
        Files.writeString(out.resolve("analysis.json"), "{\"version\": 2, \"meas");

        AnalysisFolder.check(out, one.settings().measures());
        AnalysisFolder.write(one, out);

        assertThat(AnalysisFolder.read(out).results()).isEqualTo(one.results());
    }

    @Test
    void whatCannotBeWrittenLeavesTheEarlierOneWhole() throws IOException {
        AnalysisFolder.write(one, out);
        Files.createDirectories(out.resolve("similarity-rsa.csv").resolve("in the way"));

        assertThatThrownBy(() -> AnalysisFolder.write(other, out))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("similarity-rsa.csv");

        Set<String> expected = ownAnd(one);
        expected.add("similarity-rsa.csv");
        assertThat(names(out)).isEqualTo(expected);
        assertThat(AnalysisFolder.read(out).results()).isEqualTo(one.results());
    }

    /** The process writes one and the other by turns, and is killed, as {@code kill -9} does, at any moment. */
    @Test
    void aKilledWriterLeavesOneOrTheOther() throws Exception {
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        AnalysisFolder.write(one, first);
        AnalysisFolder.write(other, second);
        AnalysisFolder.write(one, out);
        Random random = new Random(10);
        for (int kill = 0; kill < KILLS; kill++) {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-Xmx256m",
                            "-Djava.awt.headless=true",
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            Writer.class.getName(),
                            first.toString(),
                            second.toString(),
                            out.toString())
                    .redirectErrorStream(true)
                    .start();
            try (BufferedReader lines = process.inputReader()) {
                assertThat(lines.readLine()).isEqualTo("writing");
                TimeUnit.MILLISECONDS.sleep(random.nextInt(400));
                assertThat(process.isAlive()).as("kill %d", kill).isTrue();
                process.destroyForcibly().waitFor();
            }
            Analysis found = AnalysisFolder.read(out);
            Analysis whole = found.task().equals("one") ? one : other;
            assertThat(found.results()).isEqualTo(whole.results());
            assertThat(names(out)).as("kill %d", kill).isEqualTo(ownAnd(whole));
        }
    }

    /** Writes two analyses into one folder by turns until it is killed. */
    static final class Writer {

        private Writer() {}

        public static void main(String... folders) {
            List<Analysis> analyses =
                    List.of(AnalysisFolder.read(Path.of(folders[0])), AnalysisFolder.read(Path.of(folders[1])));
            System.out.println("writing");
            for (int turn = 0; ; turn++) {
                AnalysisFolder.write(analyses.get(turn % 2), Path.of(folders[2]));
            }
        }
    }

    /** All is written, and the writer was killed before it had moved the files to their places, or while it did. */
    @Test
    void whoeverComesNextFinishesAWriteThatWasCutOff() throws IOException {
        AnalysisFolder.write(one, out);
        Path ready = Files.createDirectory(out.resolve(".analysis.ready"));
        Path second = folder.resolve("second");
        AnalysisFolder.write(other, second);
        for (String name : names(second)) {
            // of two files the one is there already
            Files.move(second.resolve(name), (name.length() % 2 == 0 ? out : ready).resolve(name), REPLACE);
        }
        Files.write(
                ready.resolve("replaced.txt"),
                List.of(
                        "heatmap.png",
                        "similarity.csv",
                        "heatmap-svcca.png",
                        "ranking-svcca.png",
                        "similarity-svcca.csv",
                        "importance-svcca.csv",
                        one.referenceName().oneHot(),
                        one.referenceName().similarities()));

        assertThat(AnalysisFolder.isOne(out)).isTrue();
        assertThat(AnalysisFolder.read(out).results()).isEqualTo(other.results());

        Set<String> expected = ownAnd(other);
        expected.add("grams.safetensors");
        assertThat(names(out)).isEqualTo(expected);
        assertThat(ready).doesNotExist();
    }

    private static final CopyOption REPLACE = StandardCopyOption.REPLACE_EXISTING;

    @Test
    void aFolderFromElsewhereDeletesAndMovesNothingButFilesOfAnAnalysis() throws IOException {
        AnalysisFolder.write(one, out);
        Path outside = Files.writeString(folder.resolve("methods.txt"), "of another");
        Path ready = Files.createDirectory(out.resolve(".analysis.ready"));
        Files.writeString(ready.resolve("notes.txt"), "theirs");
        Files.createDirectory(out.resolve("cka_layer_list_"));
        Files.write(
                ready.resolve("replaced.txt"),
                List.of(
                        "notes.txt",
                        "../methods.txt",
                        "cka_layer_list_/../../methods.txt",
                        "cka_layer_list_\0.txt",
                        outside.toString(),
                        ""));

        assertThat(AnalysisFolder.read(out).results()).isEqualTo(one.results());

        assertThat(notes).hasContent("my own");
        assertThat(outside).exists();
    }

    @Test
    void noLockFileIsMadeThroughALink() throws IOException {
        Path elsewhere = folder.resolve("elsewhere");
        Path link = Files.createSymbolicLink(out.resolve(".analysis.lock"), elsewhere);

        assertThatThrownBy(() -> AnalysisFolder.check(out, one.settings().measures()))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(link + " is a link");
        assertThatThrownBy(() -> AnalysisFolder.write(one, out))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(link + " is a link");
        assertThat(elsewhere).doesNotExist();
    }

    @Test
    void aLinkIsNotFollowed() throws IOException {
        Path another = folder.resolve("another");
        AnalysisFolder.write(other, another);
        AnalysisFolder.write(one, out);
        Files.createSymbolicLink(out.resolve(".analysis.ready"), another);

        assertThat(AnalysisFolder.read(out).results()).isEqualTo(one.results());

        AnalysisFolder.write(other, out);

        assertThat(AnalysisFolder.read(another).results()).isEqualTo(other.results());
        assertThat(AnalysisFolder.read(out).results()).isEqualTo(other.results());
    }
}
