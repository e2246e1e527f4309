package org.layerwise.gui.compare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.analysis.similarity.Cosine;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.base.json.Json;
import org.layerwise.gui.ChosenFiles;
import org.layerwise.gui.Desk;
import org.layerwise.gui.RememberedExports;
import org.layerwise.gui.TinyLab;
import org.layerwise.gui.TinyTrajectory;
import org.layerwise.gui.chart.FigureExporter;
import org.layerwise.gui.session.StudySession;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.study.comparison.Trajectory;
import org.layerwise.study.comparison.TrajectoryFolder;
import org.layerwise.study.comparison.TrajectoryQuantity;

class TrajectoryViewModelTest {

    @TempDir
    static Path home;

    private final TinyLab lab = new TinyLab(home);
    private final Desk desk = new Desk();
    private final ChosenFiles files = new ChosenFiles();
    private final StudySession session = new StudySession();
    private final TrajectoryViewModel trajectory = new TrajectoryViewModel(
            session,
            new TrajectoryViewModel.Sources(
                    lab.workbench(),
                    AnalysisSettings::defaults,
                    AnalysisSettings::defaults,
                    () -> home.resolve("study/runs")),
            desk,
            files,
            desk,
            new FigureExporter(desk, files, desk, new RememberedExports(), () -> false));

    @Test
    void opensAFolderThatTheCommandWrote(@TempDir Path folder) throws Exception {
        Trajectory written = TinyTrajectory.write(lab, folder.resolve("olmo"));
        assertThat(TrajectoryFolder.isOne(folder)).isFalse();
        assertThat(TrajectoryFolder.isOne(folder.resolve("olmo"))).isTrue();
        files.choose(folder.resolve("olmo"));
        trajectory.open();
        desk.work();
        assertThat(desk.problems()).isEmpty();
        TrajectoryViewModel.Shown shown = trajectory.shownProperty().get();
        assertThat(shown.name()).isEqualTo("olmo");
        assertThat(shown.measure()).isEqualTo(LinearCka.MEASURE);
        assertThat(shown.trajectory().labels()).containsExactly("0", "3k");
        assertThat(shown.trajectory().importances(Cosine.MEASURE).get(1).all())
                .isEqualTo(written.importances(Cosine.MEASURE).get(1).all());

        assertThat(shown.trajectory().similarities()).isEqualTo(written.similarities());
        trajectory.show(TrajectoryQuantity.SIMILARITY_TO_LAST);
        assertThat(trajectory.figures().get(0).csv().get())
                .isEqualTo(Files.readString(folder.resolve("olmo").resolve("similarity-to-last.csv")))
                .contains("step0,0,,0.97");
        // cosine has no such quantity, so its importance is shown
        trajectory.measureProperty().set(Cosine.MEASURE);
        assertThat(trajectory.shownProperty().get().quantities()).containsExactly(TrajectoryQuantity.IMPORTANCE);
        assertThat(trajectory.shownProperty().get().measure()).isEqualTo(Cosine.MEASURE);
        assertThat(trajectory.figures().get(0).csv().get())
                .isEqualTo(Files.readString(folder.resolve("olmo").resolve("checkpoints-cosine.csv")));
    }

    @Test
    void whatIsMissingIsToldInOneSentence(@TempDir Path folder) throws Exception {
        Path models = Files.createDirectories(folder.resolve("models"));
        for (String name : List.of("step1", "step2")) {
            Files.createSymbolicLink(models.resolve(name), lab.folder("bert"));
        }
        trajectory.compute(models);
        desk.work();
        assertThat(desk.problems().get(0).sentence())
                .isEqualTo("The measures of the analysis need rows; choose data in the data pane first.");

        session.dataProperty().set(lab.data(DataSettings.of("sample:definitions")));
        trajectory.compute(Files.createDirectories(folder.resolve("empty")));
        desk.work();
        assertThat(desk.problems().get(1).sentence()).contains("holds no checkpoints");

        for (String name : List.of("checkpoint-1", "checkpoint-2")) {
            Path adapter = Files.createDirectory(folder.resolve(name));
            Files.writeString(adapter.resolve("adapter_config.json"), "{}");
        }
        trajectory.compute(folder);
        desk.work();
        assertThat(desk.problems().get(2).sentence())
                .isEqualTo(folder + " holds adapters; open the model that they adapt first.");
        assertThat(trajectory.shownProperty().get()).isNull();
        assertThat(home.resolve("study")).doesNotExist();
    }

    @Test
    void aFolderOfAnEarlierVersionHasNoSimilarities(@TempDir Path folder) {
        TinyTrajectory.write(lab, folder);
        ObjectNode json = (ObjectNode) Json.read(folder.resolve(TrajectoryFolder.FILE));
        for (JsonNode checkpoint : json.path("checkpoints")) {
            ((ObjectNode) checkpoint).remove(List.of("similarity-to-first", "similarity-to-last"));
        }
        Json.write(folder.resolve(TrajectoryFolder.FILE), json);
        trajectory.open(folder);
        desk.work();
        assertThat(desk.problems()).isEmpty();
        assertThat(trajectory.shownProperty().get().quantities()).containsExactly(TrajectoryQuantity.IMPORTANCE);
    }

    @Test
    void similaritiesOfOtherLayersAreRefused(@TempDir Path folder) {
        TinyTrajectory.write(lab, folder);
        ObjectNode json = (ObjectNode) Json.read(folder.resolve(TrajectoryFolder.FILE));
        ArrayNode values = (ArrayNode) json.at("/checkpoints/1/similarity-to-last/cka");
        values.remove(0);
        Json.write(folder.resolve(TrajectoryFolder.FILE), json);
        trajectory.open(folder);
        desk.work();
        assertThat(desk.problems().get(0).sentence()).contains("similarity-to-last values of cka");

        values.insert(0, true);
        Json.write(folder.resolve(TrajectoryFolder.FILE), json);
        trajectory.open(folder);
        desk.work();
        assertThat(desk.problems().get(1).sentence()).contains("cka").contains("true");
    }

    @Test
    void brokenFoldersAreRefused(@TempDir Path folder) {
        trajectory.open(folder);
        desk.work();
        assertThat(desk.problems().get(0).sentence()).contains("has no checkpoints.json");

        TinyTrajectory.write(lab, folder);
        for (String name : new String[] {"..", "../steps/step0", "step9", "a\0b", ""}) {
            ObjectNode json = (ObjectNode) Json.read(folder.resolve(TrajectoryFolder.FILE));
            ((ObjectNode) json.path("checkpoints").get(1)).put("name", name);
            Json.write(folder.resolve(TrajectoryFolder.FILE), json);
            desk.problems().clear();
            trajectory.open(folder);
            desk.work();
            assertThat(desk.problems()).as(name).hasSize(1);
            assertThat(desk.problems().get(0).sentence()).startsWith("The analysis of the checkpoint");
        }
        assertThat(trajectory.shownProperty().get()).isNull();
    }
}
