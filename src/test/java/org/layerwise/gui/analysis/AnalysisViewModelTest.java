package org.layerwise.gui.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.gradient.GradientScores;
import org.layerwise.analysis.similarity.Cosine;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.analysis.similarity.Pwcca;
import org.layerwise.base.Progress;
import org.layerwise.base.json.Json;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.chart.heatmap.SimilarityCsv;
import org.layerwise.chart.style.ColourMap;
import org.layerwise.chart.style.ColourScale;
import org.layerwise.gui.ChosenFiles;
import org.layerwise.gui.Desk;
import org.layerwise.gui.PlayedCluster;
import org.layerwise.gui.RememberedExports;
import org.layerwise.gui.TinyLab;
import org.layerwise.gui.chart.FigureExporter;
import org.layerwise.gui.common.ExportOptions;
import org.layerwise.gui.session.AnalysisEntry;
import org.layerwise.gui.session.RunLocation;
import org.layerwise.gui.session.SelectionViewModel;
import org.layerwise.gui.session.StudySession;
import org.layerwise.lora.LoraVariant;
import org.layerwise.remote.ClusterRegistry;
import org.layerwise.remote.WorkerCount;
import org.layerwise.selection.LayerLocks;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.LayerSelector;
import org.layerwise.selection.SelectionRule;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.RemoteDestination;
import org.layerwise.settings.RemoteOptions;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.MeasureResult;
import org.layerwise.study.cluster.RemoteAnalysisJob;

class AnalysisViewModelTest {

    @TempDir
    static Path home;

    private final TinyLab lab = new TinyLab(home);
    private final PlayedCluster cluster = new PlayedCluster(lab.workbench(), home);
    private final Desk desk = new Desk();
    private final StudySession session = new StudySession();
    private boolean leaving;
    private final AnalysisViewModel analysis = new AnalysisViewModel(
            session,
            lab.workbench(),
            lab.clusters(),
            desk,
            desk,
            desk,
            new RunLocation(FXCollections.observableArrayList(cluster.target("lab"))),
            () -> leaving);

    @BeforeEach
    void open() {
        DataSettings data = DataSettings.of("sample:definitions");
        new ClusterRegistry(lab.workbench().folders().config()).add(cluster.target("lab"), true);
        session.modelProperty().set(lab.open("bge-small-en-v1.5"));
        session.dataProperty().set(lab.data(data));
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void theHeatmapFillsAsItArrives() {
        analysis.form().rankBy(Pwcca.MEASURE); // compares one pair after another
        List<SimilarityMatrix> seen = new ArrayList<>();
        analysis.matrixProperty().addListener((observable, was, is) -> {
            if (is != null) {
                seen.add(is);
            }
        });
        analysis.analyze();
        assertThat(analysis.runningProperty().get()).isTrue();
        assertThat(analysis.ready().get()).isFalse();
        desk.work();
        assertThat(seen).hasSizeGreaterThanOrEqualTo(13);
        assertThat(analysis.runningProperty().get()).isFalse();
        assertThat(session.analyses()).hasSize(1);
        assertThat(analysis.matrixProperty().get())
                .isEqualTo(session.analysisProperty().get().analysis().primary().similarity());
        assertThat(desk.notices()).containsExactly("Analysis finished");
    }

    @Test
    void theAnalysisOnDisplayStaysWholeUntilTheNextIsFinished() {
        analysis.analyze();
        desk.work();
        AnalysisEntry first = session.analysisProperty().get();
        analysis.form().rankBy(Pwcca.MEASURE); // compares one pair after another
        List<Object> seen = new ArrayList<>();
        analysis.matrixProperty().addListener((observable, was, is) -> seen.add(is));
        analysis.measureProperty().addListener((observable, was, is) -> seen.add(is));
        analysis.analyze();
        assertThat(analysis.runningProperty().get()).isTrue();
        assertThat(analysis.arriving().get())
                .as("no value of the next is shown")
                .isFalse();
        desk.work();
        MeasureResult second = session.analysisProperty().get().analysis().primary();
        assertThat(session.analysisProperty().get()).isNotEqualTo(first);
        assertThat(seen).containsExactlyInAnyOrder(second.similarity(), Pwcca.MEASURE);
    }

    @Test
    void theFirstLayerOfADecoderIsNotTakenAtItsWord() {
        session.modelProperty().set(lab.open("llama"));
        analysis.analyze();
        desk.work();
        Analysis done = session.analysisProperty().get().analysis();
        assertThat(done.position()).isEqualTo(Position.LAST);
        assertThat(analysis.readout(done.primary(), null, 0, "")).contains("last token alone");
        assertThat(analysis.readout(done.primary(), null, 1, "")).doesNotContain("last token alone");
    }

    @Test
    void aCancelledAnalysisLeavesTheLastOne() {
        analysis.analyze();
        desk.work();
        SimilarityMatrix before = analysis.matrixProperty().get();
        analysis.analyze();
        analysis.cancel();
        desk.work();
        assertThat(session.analyses()).hasSize(1);
        assertThat(analysis.matrixProperty().get()).isSameAs(before);
        assertThat(desk.problems()).isEmpty();
        assertThat(analysis.ready().get()).isTrue();
    }

    @Test
    void aFailedAnalysisKeepsTheLastResultAndCanBeTriedAgain() {
        analysis.analyze();
        desk.work();
        desk.fail(true);
        analysis.analyze();
        desk.work();
        assertThat(analysis.problemProperty().get()).isNotNull();
        assertThat(analysis.matrixProperty().get()).isNotNull();
        desk.fail(false);
        analysis.problemProperty().get().retry().run();
        desk.work();
        assertThat(analysis.problemProperty().get()).isNull();
        assertThat(session.analyses()).hasSize(2);
    }

    @Test
    void aResultForAModelThatIsGoneIsKeptButNotShown() {
        analysis.analyze();
        session.modelProperty().set(lab.open("other"));
        desk.work();
        assertThat(session.analyses()).hasSize(1);
        assertThat(session.analysisProperty().get()).isNull();
    }

    @Test
    void cellsSayTheirPairAndExactValue() {
        analysis.analyze();
        desk.work();
        double value = analysis.matrixProperty().get().value(5, 6).orElseThrow();
        assertThat(analysis.readout(new AnalysisViewModel.Cell(6, 5)))
                .startsWith("Layer 5, input ↔ output")
                .endsWith(String.valueOf(value));
        assertThat(analysis.readout(new AnalysisViewModel.Cell(0, 3)))
                .startsWith("States 0 (embeddings) ↔ 3 (after layer 2)")
                .contains("Undefined: Every example starts with the same token");
        assertThat(analysis.readout(session.resultProperty().get(), null, 0, ""))
                .startsWith("Layer 0 · Undefined:");
    }

    @Test
    void aPairWhoseOrderMattersIsNamedAsComputed() {
        analysis.form().rankBy(Pwcca.MEASURE);
        analysis.analyze();
        desk.work();
        assertThat(analysis.readout(new AnalysisViewModel.Cell(6, 5)))
                .startsWith("States 6 (after layer 5) → 5 (after layer 4) · PWCCA ");
        assertThat(analysis.readout(new AnalysisViewModel.Cell(5, 6))).startsWith("Layer 5, input → output · PWCCA ");
        assertThat(analysis.details(new AnalysisViewModel.Cell(6, 5), null))
                .startsWith("States 6 (after layer 5) → 5 (after layer 4) · PWCCA ")
                .doesNotContain("importance");
        assertThat(analysis.details(new AnalysisViewModel.Cell(5, 6), null))
                .startsWith("States 5 (after layer 4) → 6 (after layer 5) · PWCCA ")
                .contains("importance of layer 5");
        assertThat(analysis.layer(new AnalysisViewModel.Cell(5, 6))).isEqualTo(5);
        assertThat(analysis.layer(new AnalysisViewModel.Cell(6, 5)))
                .as("of no importance")
                .isNull();
    }

    @Test
    void everythingThatIsChosenIsComputed() {
        analysis.form().ask(Cosine.MEASURE, true);
        analysis.form().ask(GradientScores.GRADIENT_NORM, true);
        analysis.form().resampleProperty().set(true);
        analysis.form().replicatesProperty().set(200);
        analysis.form().seedProperty().set(7);
        analysis.analyze();
        desk.work();
        Analysis done = session.analysisProperty().get().analysis();
        assertThat(done.settings().measures())
                .containsExactly(LinearCka.MEASURE, Cosine.MEASURE, GradientScores.GRADIENT_NORM);
        assertThat(done.settings().bootstrap()).isEqualTo(200);
        assertThat(done.settings().permutations()).isEqualTo(AnalysisForm.USUAL_PERMUTATIONS);
        assertThat(done.settings().seed()).isEqualTo(7);
        assertThat(analysis.resultProperty().get()).isSameAs(done.primary());
    }

    @Test
    void anotherMeasureIsShownInItsOwnRange() {
        analysis.form().ask(Cosine.MEASURE, true);
        analysis.form().ask(GradientScores.FISHER, true);
        analysis.analyze();
        desk.work();
        Analysis done = session.analysisProperty().get().analysis();
        analysis.resultProperty().set(done.result(Cosine.MEASURE).orElseThrow());
        assertThat(analysis.measureProperty().get()).isEqualTo(Cosine.MEASURE);
        assertThat(analysis.matrixProperty().get())
                .isEqualTo(done.result(Cosine.MEASURE).orElseThrow().similarity());
        assertThat(analysis.colours().scale()).isEqualTo(new ColourScale(ColourMap.VIRIDIS, -1, 1));
        assertThat(analysis.readout(new AnalysisViewModel.Cell(5, 6))).contains("· cosine 0.");

        analysis.resultProperty().set(done.result(GradientScores.FISHER).orElseThrow());
        assertThat(analysis.matrixProperty().get()).isNull();
        assertThat(analysis.readout(done.result(GradientScores.FISHER).orElseThrow(), null, 3, ", selected"))
                .startsWith("Layer 3, selected · Fisher ")
                .doesNotContain("Importance");
        analysis.resultProperty().set(done.primary());
        assertThat(analysis.colours().scale()).isEqualTo(new ColourScale(ColourMap.VIRIDIS, 0, 1));
    }

    @Test
    void aKeptPairSaysAllThatIsKnownOfIt() {
        analysis.form().resampleProperty().set(true);
        analysis.analyze();
        desk.work();
        MeasureResult result = analysis.resultProperty().get();
        String importance = String.valueOf(result.importance().of(5).orElseThrow());
        assertThat(analysis.details(new AnalysisViewModel.Cell(6, 5), null).replace('\u00a0', ' '))
                .startsWith("States 5 (after layer 4) ↔ 6 (after layer 5) · CKA ")
                .contains("importance of layer 5: " + importance)
                .contains("95 % between 0.")
                .contains("for many rows, chosen in")
                .contains(" by ratio 0.5")
                .containsPattern("unrelated data 0\\.\\d+");
        LayerSelection wider = LayerSelector.select(
                result.importance(), new SelectionRule.TopRatio(0.51), LayerLocks.none(), UndefinedLayers.EXCLUDE);
        assertThat(analysis.details(new AnalysisViewModel.Cell(6, 5), wider)).contains(" by ratio 0.51");
        assertThat(analysis.shares(result, wider)).isSameAs(analysis.shares(result, wider));
        assertThat(analysis.details(new AnalysisViewModel.Cell(2, 9), null))
                .startsWith("States 2 (after layer 1) ↔ 9 (after layer 8) · CKA ")
                .doesNotContain("importance");
        analysis.keptProperty().set(new AnalysisViewModel.Cell(1, 2));
        AnalysisEntry shown = session.analysisProperty().get();
        session.replace(shown, new AnalysisEntry(shown.number(), shown.analysis(), Path.of("saved")));
        assertThat(analysis.keptProperty().get()).as("of the same, saved").isNotNull();
        analysis.analyze();
        desk.work();
        assertThat(analysis.keptProperty().get()).as("of another analysis").isNull();
    }

    @Test
    void valuesAreWrittenAsTables(@TempDir Path folder) throws Exception {
        SelectionViewModel selection = new SelectionViewModel(
                session,
                new SimpleObjectProperty<>(8),
                new SimpleObjectProperty<>(List.of()),
                new SimpleObjectProperty<>(List.of()),
                new SimpleObjectProperty<>(LoraVariant.PLAIN));
        ChosenFiles files = new ChosenFiles();
        ChartFiles charts = new ChartFiles(
                session,
                analysis,
                selection,
                pages(selection),
                new FigureExporter(desk, files, desk, new RememberedExports(), () -> false));
        analysis.form().ask(GradientScores.FISHER, true);
        analysis.form().resampleProperty().set(true);
        analysis.analyze();
        desk.work();
        MeasureResult result = analysis.resultProperty().get();
        desk.export = ExportOptions.png(100, 80, 150, false).as(ExportOptions.Format.CSV);
        files.choose(folder.resolve("a.csv"));
        charts.exportHeatmap();
        desk.work();
        assertThat(folder.resolve("a.csv")).hasContent(SimilarityCsv.text(result.similarity()));
        files.choose(folder.resolve("b.csv"));
        charts.exportRanking();
        desk.work();
        assertThat(Files.readAllLines(folder.resolve("b.csv")))
                .hasSize(13)
                .contains("0,,,,,,")
                .first()
                .isEqualTo("layer,importance,low,high,selected,unrelated,selected_by");
        assertThat(Files.readAllLines(folder.resolve("b.csv")).get(2)).endsWith(",ratio 0.5");
        files.choose(folder.resolve("c.csv"));
        charts.exportOverlay();
        desk.work();
        assertThat(Files.readAllLines(folder.resolve("c.csv")).get(0)).contains("importance: Fisher");
        files.choose(folder.resolve("c.png"));
        desk.export = ExportOptions.png(100, 80, 150, false);
        charts.exportOverlay();
        desk.work();
        assertThat(ImageIO.read(folder.resolve("c.png").toFile()).getWidth())
                .isCloseTo(ExportOptions.dots(100, 150), offset(2));
        assertThat(desk.problems()).isEmpty();
    }

    @Test
    void anAnalysisOnAClusterIsHandedInWaitedForAndFetched() {
        analysis.runOn().placeProperty().set("lab");
        analysis.analyze();
        assertThat(analysis.runningProperty().get()).isTrue();
        desk.work();
        assertThat(analysis.runningProperty().get()).isFalse();
        assertThat(session.analyses()).hasSize(1);
        assertThat(desk.notices()).contains("Analysis finished");
    }

    @Test
    void cancellingEndsTheJobThereAndAWindowThatClosesLeavesItToItself() {
        analysis.runOn().placeProperty().set("lab");
        for (boolean closing : List.of(true, false)) {
            leaving = closing;
            analysis.analyze();
            desk.workOnce();
            analysis.cancel();
            desk.work();
            assertThat(analysis.runningProperty().get()).isFalse();
            assertThat(session.analyses()).isEmpty();
            assertThat(cluster.killed()).hasSize(closing ? 0 : 1);
        }
        assertThat(desk.problems()).isEmpty();
    }

    @Test
    void whatAnEarlierStartHasLeftOnAClusterIsTakenUp() {
        leave();
        analysis.resumePending();
        assertThat(analysis.ready().get()).as("the form stays free").isTrue();
        desk.work();
        assertThat(session.analyses()).hasSize(1);
        assertThat(desk.notices()).contains("Analysis finished");
        leave();
        cluster.unreachable(true);
        analysis.resumePending();
        desk.work();
        assertThat(desk.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.title()).isEqualTo("The analysis of bge-small-en-v1.5 on lab has no result");
            cluster.unreachable(false);
            problem.retry().run();
        });
        desk.work();
        assertThat(session.analyses()).hasSize(2);
        assertThat(cluster.killed()).isEmpty();
    }

    /** Hands in an analysis in a process that ends before it is fetched. */
    private void leave() {
        DataSettings data = session.dataProperty().get().settings();
        RemoteDestination to = new RemoteDestination("lab", RemoteOptions.by(new WorkerCount(1, false)));
        Path job = new RemoteAnalysisJob(lab.workbench(), lab.clusters())
                .submit(
                        session.modelProperty().get(),
                        "definitions",
                        data,
                        AnalysisSettings.defaults(),
                        to,
                        Progress.none());
        Path file = job.resolve("asked.json");
        Json.write(file, ((ObjectNode) Json.read(file)).put("process", "0@"));
    }

    @Test
    void aPlaceOfTheModelThatCannotBeOneHoldsTheAnalysisBack() {
        analysis.runOn().placeProperty().set("lab");
        analysis.runOn().modelProperty().set("./llama");
        assertThat(analysis.ready().get()).isFalse();
        analysis.analyze();
        assertThat(analysis.runningProperty().get()).isFalse();
        analysis.runOn().modelProperty().set("/data/llama");
        assertThat(analysis.ready().get()).isTrue();
    }

    @Test
    void aClusterThatDoesNotAnswerIsAFailureThatCanBeTriedAgain() {
        analysis.runOn().placeProperty().set("lab");
        cluster.unreachable(true);
        analysis.analyze();
        desk.work();
        assertThat(analysis.problemProperty().get().sentence()).startsWith("lab does not answer");
        cluster.unreachable(false);
        analysis.problemProperty().get().retry().run();
        desk.work();
        assertThat(session.analyses()).hasSize(1);
    }

    @Test
    void pictureHasTheSizeThatWasAskedFor(@TempDir Path folder) throws Exception {
        SelectionViewModel selection = new SelectionViewModel(
                session,
                new SimpleObjectProperty<>(8),
                new SimpleObjectProperty<>(List.of()),
                new SimpleObjectProperty<>(List.of()),
                new SimpleObjectProperty<>(LoraVariant.PLAIN));
        ChosenFiles files = new ChosenFiles();
        ChartFiles charts = new ChartFiles(
                session,
                analysis,
                selection,
                pages(selection),
                new FigureExporter(desk, files, desk, new RememberedExports(), () -> true));
        charts.exportHeatmap();
        assertThat(desk.waiting()).as("nothing to export yet").isZero();
        analysis.analyze();
        desk.work();
        files.choose(folder.resolve("heat.png"));
        desk.export = ExportOptions.png(100, 80, 300, true);
        charts.exportHeatmap();
        desk.work();
        assertThat(desk.problems()).isEmpty();
        BufferedImage heatmap = ImageIO.read(folder.resolve("heat.png").toFile());
        assertThat(heatmap.getWidth()).isCloseTo(ExportOptions.dots(100, 300), offset(2));
        assertThat(heatmap.getHeight()).isCloseTo(ExportOptions.dots(80, 300), offset(2));
        files.choose(folder.resolve("bars.png"));
        charts.exportRanking();
        desk.work();
        assertThat(folder.resolve("bars.png")).isNotEmptyFile();
        assertThat(desk.problems()).isEmpty();
    }

    private PageViewModels pages(SelectionViewModel selection) {
        ModulesViewModel modules =
                new ModulesViewModel(session, selection, new SimpleObjectProperty<>(SettingValues.none()), desk);
        return new PageViewModels(
                modules,
                new RankBudgetViewModel(modules, selection, desk, () -> {}),
                new HiddenStateMapViewModel(session, desk, desk));
    }
}
