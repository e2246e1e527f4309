package org.layerwise.study;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.base.json.Json;
import org.layerwise.run.Run;
import org.layerwise.run.RunFile;
import org.layerwise.run.RunStore;
import org.layerwise.selection.LayerLocks;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.SavedSelection;
import org.layerwise.selection.SelectionFile;
import org.layerwise.selection.SelectionRule;
import org.layerwise.settings.Configuration;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.ModelSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.analysis.AnalysisFolder;
import org.layerwise.study.analysis.AnalysisJson;
import org.layerwise.study.analysis.AnalysisJsonTest;
import org.layerwise.study.analysis.MeasureResult;
import org.layerwise.testing.FuzzRounds;
import org.layerwise.testing.Mutations;

/** Mutated files of this program are read or refused in one sentence. */
class StudyFilesFuzzTest {

    private static final int ROUNDS = 2000;

    @TempDir
    private Path folder;

    private interface Reader {
        Object read(Path file);
    }

    @Test
    void analyses() throws IOException {
        byte[] json = bytes(AnalysisJson.write(AnalysisJsonTest.analysis(), null));
        fuzzJson("analysis.json", json, AnalysisFolder::read);
    }

    @Test
    void runs() throws IOException {
        RunStore.queue(
                folder,
                ModelSettings.of("org/name"),
                DataSettings.of("sample:definitions"),
                TrainingSettings.defaults());
        byte[] json = Files.readAllBytes(folder.resolve(RunFile.NAME));
        fuzzJson(RunFile.NAME, json, file -> Run.open(folder));
    }

    @Test
    void selections() throws IOException {
        MeasureResult measure = AnalysisJsonTest.analysis().results().get(0);
        LayerSelection selection = new LayerSelection(
                new TreeSet<>(List.of(1)),
                2,
                new LayerSelection.Reason(
                        new SelectionRule.TopRatio(0.5),
                        LayerLocks.of(List.of(1), List.of(0)),
                        UndefinedLayers.EXCLUDE,
                        "Only 1 layer has an importance."));
        SavedSelection saved = new SavedSelection(
                selection, SavedSelection.Origin.unknown(), measure.importance(), measure.similarity(), null);
        fuzzJson("selection.json", bytes(SelectionFile.toJson(saved)), SelectionFile::read);
    }

    static Stream<Path> configurations() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("sample-configs"))) {
            return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void configurations(Path sample) throws IOException {
        byte[] text = Files.readAllBytes(sample);
        Path file = folder.resolve("config.yaml");
        Mutations mutations = new Mutations(sample.getFileName().toString().hashCode());
        FuzzRounds.Outcome outcome = new FuzzRounds("config.yaml", ROUNDS / 4, file).run(round -> {
            Files.write(file, mutations.text(text));
            return FuzzRounds.isAccepted(
                    () -> assertThat(Configuration.read(file)).isNotNull());
        });
        assertThat(outcome.validShare()).isLessThan(1);
    }

    private void fuzzJson(String name, byte[] json, Reader reader) throws IOException {
        Path file = folder.resolve(name);
        Mutations mutations = new Mutations(name.hashCode());
        FuzzRounds.Outcome outcome = new FuzzRounds(name, ROUNDS, file).run(round -> {
            Files.write(file, mutations.json(json));
            return FuzzRounds.isAccepted(() -> assertThat(reader.read(file)).isNotNull());
        });
        assertThat(outcome.validShare()).isBetween(0.001, 0.95);
    }

    private static byte[] bytes(JsonNode json) {
        return Json.line(json).getBytes(StandardCharsets.UTF_8);
    }
}
