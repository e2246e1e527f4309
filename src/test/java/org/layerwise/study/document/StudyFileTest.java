package org.layerwise.study.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.analysis.similarity.RbfCka;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileLock;
import org.layerwise.base.json.Json;
import org.layerwise.remote.WorkerCount;
import org.layerwise.selection.LayerLocks;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.SelectionRule;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.Configuration;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.ModelSettings;
import org.layerwise.settings.RemoteDestination;
import org.layerwise.settings.RemoteOptions;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.document.StudyDocument.AnalysisPart;
import org.layerwise.study.document.StudyDocument.View;
import org.layerwise.testing.EarlierFiles;
import org.layerwise.training.OptimiserSettings;

class StudyFileTest {

    @TempDir
    Path folder;

    private static final LayerSelection HALF = new LayerSelection(
            new TreeSet<>(List.of(1, 5, 7)),
            8,
            new LayerSelection.Reason(
                    new SelectionRule.TopRatio(0.375),
                    LayerLocks.of(List.of(7), List.of(0)),
                    UndefinedLayers.EXCLUDE,
                    "Only 3 layers have an importance."));

    static StudyDocument rich(Path base) {
        StudySettings usual = StudySettings.usual();
        return new StudyDocument(
                new StudySettings(
                        ModelSettings.of(base.resolve("models/bge").toString()).onDevice("cpu"),
                        DataSettings.of(base.resolve("rows.tsv").toString())
                                .withSamples(64)
                                .withMaxLength(96),
                        AnalysisSettings.defaults().with(List.of(RbfCka.MEASURE, LinearCka.MEASURE)),
                        usual.training(),
                        24,
                        new RemoteDestination("lab", RemoteOptions.by(new WorkerCount(1, false))),
                        new RemoteDestination("queue", new RemoteOptions(new WorkerCount(4, true), "/data/bge", true))),
                List.of(
                        new AnalysisPart(1, base.resolve("own-files/analyses/1"), "bge", "rows"),
                        new AnalysisPart(4, Path.of("/elsewhere/analysis"), "bge", "rows")),
                HALF,
                List.of(new NamedSelection("upper half", LayerSelection.byHand(List.of(4, 5, 6, 7), 8))),
                List.of(base.resolve("own-files/runs/rows-1"), Path.of("/elsewhere/run")),
                List.of(base.resolve("own-files/experiments/rows-1"), Path.of("/elsewhere/experiment")),
                new View(4, "linear-cka", Path.of("/elsewhere/run"), "analysis"));
    }

    @Test
    void everythingIsReadBackAndWrittenTheSame() throws IOException {
        Path file = folder.resolve("own.layerwise");
        StudyDocument study = rich(folder);
        StudyFile.write(file, study);
        assertThat(StudyFile.read(file)).isEqualTo(study);
        byte[] first = Files.readAllBytes(file);
        StudyFile.write(file, StudyFile.read(file));
        assertThat(Files.readAllBytes(file)).isEqualTo(first);
        assertThat(Files.readString(file))
                .contains("\"model\" : \"./models/bge\"", "\"./own-files/analyses/1\"", "\"/elsewhere/run\"")
                .contains("\"./own-files/experiments/rows-1\"", "\"/elsewhere/experiment\"")
                .contains("\"rule\" : \"top-ratio\"", "\"format\" : \"layerwise-study\"");
    }

    @Test
    void aNewStudyIsAllUsual() {
        Path file = folder.resolve("new.layerwise");
        StudyFile.write(file, StudyDocument.empty());
        assertThat(StudyFile.read(file)).isEqualTo(StudyDocument.empty());
    }

    static Stream<Path> configurations() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("sample-configs"))) {
            return files
                    .filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file -> !file.getFileName().toString().startsWith("experiment"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    /** The published settings reach every corner of the form. */
    @ParameterizedTest
    @MethodSource("configurations")
    void settingsOfEveryKindAreReadBack(Path yaml) {
        Configuration read = Configuration.read(yaml);
        Integer batch = read.rows().batch();
        StudySettings settings = new StudySettings(
                read.model(),
                read.rows().withBatch(null),
                read.analysis(),
                read.training(),
                batch == null ? DataSettings.DEFAULT_BATCH : batch);
        StudyDocument study =
                new StudyDocument(settings, List.of(), null, List.of(), List.of(), List.of(), View.none());
        Path file = folder.resolve("study.layerwise");
        StudyFile.write(file, study);
        assertThat(StudyFile.read(file).settings()).isEqualTo(settings);
    }

    /** A form keeps the value of a field that another one hides. */
    @Test
    void settingsThatOthersReplaceAreNotWritten() throws IOException {
        Path file = folder.resolve("own.layerwise");
        StudyDocument study = StudyDocument.empty();
        TrainingSettings training =
                study.settings().training().with(OptimiserSettings.STEPS, 100).with(OptimiserSettings.WARMUP_STEPS, 10);
        StudyFile.write(
                file,
                study.with(with(
                        study.settings(),
                        training.with(OptimiserSettings.EPOCHS, 3.0).with(OptimiserSettings.WARMUP_RATIO, 0.5))));
        assertThat(StudyFile.read(file).settings().training()).isEqualTo(training);

        // as 0.1.0 wrote it
        String both = Files.readString(file).replace("\"steps\" : 100", "\"steps\" : 100, \"epochs\" : 3.0");
        Files.writeString(file, both.replace("\"warmup-steps\" : 10", "\"warmup-steps\" : 10, \"warmup-ratio\" : 0.5"));
        assertThat(Files.readString(file)).contains("epochs", "warmup-ratio");
        assertThat(StudyFile.read(file).settings().training()).isEqualTo(training);
    }

    private static StudySettings with(StudySettings settings, TrainingSettings training) {
        return new StudySettings(settings.model(), settings.rows(), settings.analysis(), training, settings.batch());
    }

    @Test
    void whatLiesBesideTheFileMovesWithIt() throws IOException {
        Path before = Files.createDirectories(folder.resolve("before/studies"));
        Path model = Files.createDirectories(folder.resolve("before/models/bge"));
        StudyDocument study = rich(before);
        study = study.with(new StudySettings(
                ModelSettings.of(model.toString()),
                study.settings().rows(),
                study.settings().analysis(),
                study.settings().training(),
                16));
        StudyFile.write(before.resolve("own.layerwise"), study);
        assertThat(Files.readString(before.resolve("own.layerwise"))).contains("\"model\" : \"" + model + "\"");
        Path after = folder.resolve("after");
        Files.move(folder.resolve("before"), after);

        StudyDocument moved = StudyFile.read(after.resolve("studies/own.layerwise"));
        assertThat(moved.analyses().get(0).folder()).isEqualTo(after.resolve("studies/own-files/analyses/1"));
        assertThat(moved.settings().model().model())
                .as("beside the study's folder")
                .isEqualTo(after.resolve("models/bge").toString());
        assertThat(moved.analyses().get(1).folder()).as("elsewhere").isEqualTo(Path.of("/elsewhere/analysis"));
    }

    @Test
    void namesAreNoPaths() {
        Path file = folder.resolve("hub.layerwise");
        StudySettings settings = new StudySettings(
                ModelSettings.of("org/name@main"),
                DataSettings.of(DataSettings.DEFINITIONS),
                AnalysisSettings.defaults(),
                StudySettings.usual().training(),
                16);
        StudyFile.write(file, StudyDocument.empty().with(settings));
        assertThat(StudyFile.read(file).settings()).isEqualTo(settings);
        assertThat(MissingParts.of(StudyFile.read(file)).model()).isNull();
        assertThat(MissingParts.of(StudyFile.read(file)).data()).isNull();
    }

    @Test
    void missingPartsAreTold() throws IOException {
        StudyDocument study = rich(folder);
        MissingParts missing = MissingParts.of(study);
        assertThat(missing.model()).isEqualTo(folder.resolve("models/bge"));
        assertThat(missing.data()).isEqualTo(folder.resolve("rows.tsv"));
        assertThat(missing.analyses()).hasSize(2);
        assertThat(missing.runs()).hasSize(2);
        Files.createDirectories(folder.resolve("models/bge"));
        Files.createFile(folder.resolve("rows.tsv"));
        assertThat(MissingParts.of(study).model()).isNull();
        assertThat(MissingParts.of(study).data()).isNull();
    }

    /** Comparing each with all before takes minutes here, and an hour in the longest file that is read; no cancel ends it. */
    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void manyAnalysesAreReadAtOnce() throws IOException {
        int count = 200_000;
        String analyses = IntStream.rangeClosed(1, count)
                .mapToObj("{\"number\": %s, \"folder\": \"a\"}"::formatted)
                .collect(Collectors.joining(", "));
        Path file = Files.writeString(
                folder.resolve("many.layerwise"),
                "{\"format\": \"layerwise-study\", \"version\": 1, \"analyses\": [%s]}".formatted(analyses));

        assertThat(StudyFile.read(file).analyses()).hasSize(count);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            {"format": "other", "version": 1}                                   | is no study
            []                                                                  | is no study
            {"format": "layerwise-study"}                                       | does not say "version"
            {"format": "layerwise-study", "version": 0}                         | has 0 for "version"
            {"format": "layerwise-study", "version": 2}                         | update Layerwise
            {"format": "layerwise-study", "version": 1, "settings": 3}          | "settings" is no JSON object
            {"format": "layerwise-study", "version": 1, "settings": {"train": {"r": 0}}}  | "r" must be from 1 to 65536
            {"format": "layerwise-study", "version": 1, "settings": {"train": {"rr": 1}}} | rr
            {"format": "layerwise-study", "version": 1, "analyses": {}}         | has {} for "analyses"; a list is expected
            {"format": "layerwise-study", "version": 1, "analyses": [{"number": 1}]} | does not say "analyses[0].folder"
            {"format": "layerwise-study", "version": 1, "analyses": [{"number": "x", "folder": "a"}]} | whole number
            {"format": "layerwise-study", "version": 1, "analyses": [{"number": 2147483647, "folder": "a"}]} | one from 1 to 1000000
            {"format": "layerwise-study", "version": 1, "analyses": [{"number": 1, "folder": "a"}, {"number": 1, "folder": "b"}]} | twice
            {"format": "layerwise-study", "version": 1, "selection": {"layers": [9], "of": 4}} | no layer of 4
            {"format": "layerwise-study", "version": 1, "kept": [{"layers": [1], "of": 4}]}    | does not say "kept[0].name"
            {"format": "layerwise-study", "version": 1, "runs": [3]}            | has 3 for "runs[0]"; a text is expected
            {"format": "layerwise-study",                                       | is not valid JSON
            """)
    void whatIsNoStudyIsRefusedInOneSentence(String json, String words) throws IOException {
        Path file = Files.writeString(folder.resolve("broken.layerwise"), json);
        assertThatThrownBy(() -> StudyFile.read(file))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(words);
    }

    @Test
    void keysOfLaterDaysArePassedOver() throws IOException {
        Path file = Files.writeString(
                folder.resolve("later.layerwise"),
                "{\"format\": \"layerwise-study\", \"version\": 1, \"colour\": \"red\"}");
        assertThat(StudyFile.read(file)).isEqualTo(StudyDocument.empty());
    }

    @Test
    void whatAnotherProgramSavesMeanwhileStays() {
        Path file = folder.resolve("own.layerwise");
        StudyDocument other = rich(folder);
        String known = StudyFile.replace(file, null, StudyDocument::empty)
                .orElseThrow()
                .fingerprint();
        assertThat(known).isEqualTo(StudyFile.fingerprint(file));

        assertThat(StudyFile.replace(file, known, () -> {
                    StudyFile.write(file, other);
                    return StudyDocument.empty();
                }))
                .isEmpty();
        assertThat(StudyFile.read(file).settings()).isEqualTo(other.settings());
        assertThat(StudyFile.replace(file, known, () -> {
                    throw new AssertionError("it was saved by another program before");
                }))
                .isEmpty();
        assertThat(StudyFile.replace(file, null, StudyDocument::empty)).isPresent();
    }

    /** A check without the lock would overwrite what another program writes right after it. */
    @Test
    @Timeout(60)
    void whatAnotherProgramSavesAtTheSameMomentStays() throws Exception {
        Path file = folder.resolve("own.layerwise");
        StudyDocument other = rich(folder);
        String known = StudyFile.replace(file, null, StudyDocument::empty)
                .orElseThrow()
                .fingerprint();
        CountDownLatch made = new CountDownLatch(1);
        CompletableFuture<Optional<StudyFile.Written>> saved;
        try (FileLock turn =
                FileLock.tryTake(folder.resolve(".own.layerwise.lock")).orElseThrow()) {
            saved = CompletableFuture.supplyAsync(() -> StudyFile.replace(file, known, () -> {
                made.countDown();
                return StudyDocument.empty().with(other.settings());
            }));
            made.await();
            assertThatThrownBy(() -> saved.get(300, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            StudyFile.write(file, other);
        }

        assertThat(saved.get()).isEmpty();
        assertThat(StudyFile.read(file)).isEqualTo(other);
    }

    @Test
    void aStudyWithALongNameIsSaved() {
        Path file = folder.resolve("n".repeat(240) + ".layerwise");

        assertThat(StudyFile.replace(file, null, StudyDocument::empty)).isPresent();
    }

    /** With each setting at another value than its default. */
    @ParameterizedTest
    @ValueSource(strings = {"study.layerwise", "empty.layerwise"})
    void aStudyOfVersion010IsWrittenAsItWas(String name) throws IOException {
        EarlierFiles.copy(folder);
        String before = Files.readString(folder.resolve(name));

        StudyDocument study = StudyFile.read(folder.resolve(name));
        StudyFile.write(folder.resolve(name), study);

        assertThat(Json.read(folder.resolve(name))).isEqualTo(Json.parse(before));
        assertThat(withoutSettings(Files.readString(folder.resolve(name)))).isEqualTo(withoutSettings(before));
        assertThat(MissingParts.of(study)).isEqualTo(new MissingParts(null, null, List.of(), List.of()));
    }

    /** Returns the text of a study without the settings, whose keys 0.1.0 wrote in another order. */
    private static String withoutSettings(String text) throws IOException {
        ObjectNode json = (ObjectNode) Json.parse(text);
        json.remove("settings");
        return Json.pretty(json);
    }
}
