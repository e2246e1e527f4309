package org.layerwise.study.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.analysis.Grams;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.MeasureOptions;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.extraction.TokenCosines;
import org.layerwise.analysis.gradient.GradientScores;
import org.layerwise.analysis.measure.Measures;
import org.layerwise.analysis.similarity.Cosine;
import org.layerwise.analysis.similarity.DebiasedCka;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.analysis.similarity.Rsa;
import org.layerwise.analysis.uncertainty.IntervalKind;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.run.Provenance;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.ComputeType;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.Loading;
import org.layerwise.settings.ModelSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;
import org.layerwise.study.evaluation.EvaluationJob;
import org.layerwise.study.model.OpenModel;
import org.layerwise.study.training.TrainingJob;
import org.layerwise.testing.Golden;
import org.layerwise.training.TrainingListener;

/** One analysis by all measures, with their uncertainty, to its folder and back. */
class AnalysisMeasuresTest {

    /** All but those of adapters, of which AdapterAnalysisTest has analyses. */
    private static final List<Measure> OF_MODELS = Measures.ALL.stream()
            .filter(measure -> measure.source() != Measure.Source.ADAPTER)
            .toList();

    @TempDir
    private Path folder;

    private Workbench workbench;
    private OpenModel model;
    private int liveBefore;

    @BeforeEach
    void open() {
        workbench = TinyStudy.workbench(folder.resolve("home"));
        liveBefore = workbench.engine().liveTensors();
        model = TinyStudy.open(workbench);
    }

    @AfterEach
    void close() {
        model.close();
        assertThat(workbench.engine().liveTensors()).isEqualTo(liveBefore);
    }

    private static AnalysisSettings settings(List<Measure> measures, int draws) {
        // 4 rows a minibatch of 16 rows; a variance that leaves fewer directions than rows
        return new AnalysisSettings(
                null, 0.5, UndefinedLayers.EXCLUDE, null, measures, new MeasureOptions(1, 0.5, 8), draws, draws, 7);
    }

    private Analysis analyze(AnalysisSettings settings) {
        DataSettings rows = DataSettings.of(TinyStudy.classes(folder).toString());
        return new AnalysisJob(workbench, model, rows, settings).run(Progress.none(), partial -> {});
    }

    @Test
    void everyMeasureHasItsSay() {
        Analysis analysis = analyze(settings(OF_MODELS, 50));
        assertThat(analysis.results()).extracting(MeasureResult::measure).containsExactlyElementsOf(OF_MODELS);
        for (MeasureResult result : analysis.results()) {
            assertThat(result.matrix().isPresent())
                    .as(result.measure().id())
                    .isEqualTo(result.measure().isSimilarity());
            assertThat(result.importance().layers()).isEqualTo(4);
            assertThat(result.importance().of(3)).as(result.measure().id()).isPresent();
            boolean interval = result.measure().withoutInterval().isEmpty();
            assertThat(result.uncertainty() != null).as(result.measure().id()).isEqualTo(interval);
        }
        // the reasons why some measures have no interval
        assertThat(analysis.remarks())
                .filteredOn(remark -> remark.contains("no interval"))
                .hasSize((int) OF_MODELS.stream()
                        .filter(measure -> measure.withoutInterval().isPresent())
                        .count());
    }

    @Test
    void intervalsHoldTheImportance() {
        Analysis analysis = analyze(settings(List.of(LinearCka.MEASURE, Cosine.MEASURE, GradientScores.FISHER), 200));
        for (MeasureResult result : analysis.results()) {
            for (int layer = 1; layer < 4; layer++) {
                double value = result.importance().of(layer).orElseThrow();
                var interval = result.uncertainty().interval(layer).orElseThrow();
                assertThat(interval.low()).isLessThan(interval.high());
                if (result.uncertainty().kind() == IntervalKind.DEBIASED) {
                    assertThat(interval.high())
                            .as("few rows make the value too low")
                            .isGreaterThan(value);
                } else {
                    assertThat(value).isBetween(interval.low() - 0.1 * value, interval.high() + 0.1 * value);
                }
            }
            assertThat(result.uncertainty().selected().stream()
                            .mapToDouble(Double::doubleValue)
                            .sum())
                    .isCloseTo(2, within(1e-9));
        }
        assertThat(analysis.primary().baseline().of(1).orElseThrow().mean()).isBetween(0.0, 1.0);
        assertThat(analysis.primary().baseline().of(0)).isEmpty();
    }

    @Test
    void comesBackWhole() {
        Analysis analysis = analyze(settings(OF_MODELS, 20));
        Path out = folder.resolve("out");
        AnalysisFolder.write(analysis, out);
        Analysis read = AnalysisFolder.read(out);
        assertThat(read.results())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("uncertainty.resamples")
                .isEqualTo(analysis.results());
        assertThat(read.provenance()).isEqualTo(analysis.provenance());
        assertThat(read.remarks()).isEqualTo(analysis.remarks());
        Grams grams = AnalysisFolder.grams(out).orElseThrow();
        assertThat(grams.of(3)).isEqualTo(analysis.grams().of(3));
        assertThat(out.resolve("heatmap-rbf-cka.png")).isNotEmptyFile();
        assertThat(out.resolve("heatmap-fisher.png")).doesNotExist();
        assertThat(out.resolve("ranking-fisher.png")).isNotEmptyFile();
        assertThat(out.resolve("measures.csv")).content().startsWith("layer,");
    }

    @Test
    void theSameSettingsGiveTheSameFiles() throws IOException {
        AnalysisSettings settings = settings(List.of(LinearCka.MEASURE, GradientScores.GRADIENT_NORM), 20);
        AnalysisFolder.write(analyze(settings), folder.resolve("first"));
        AnalysisFolder.write(analyze(settings), folder.resolve("second"));
        try (Stream<Path> files = Files.list(folder.resolve("first"))) {
            for (Path file : files.toList()) {
                Path other = folder.resolve("second").resolve(file.getFileName());
                if (file.endsWith(AnalysisFolder.FILE)) {
                    assertThat(withoutTime(file)).isEqualTo(withoutTime(other));
                } else {
                    assertThat(file).hasSameBinaryContentAs(other);
                }
            }
        }
    }

    private static JsonNode withoutTime(Path file) {
        ObjectNode json = (ObjectNode) Json.read(file);
        json.remove(List.of("computed", "seconds"));
        return json;
    }

    @Test
    void anAnalysisWithoutGramsLeavesNoneOfAnEarlierOne() {
        Path out = folder.resolve("out");
        AnalysisFolder.write(analyze(AnalysisSettings.defaults()), out);
        assertThat(AnalysisFolder.grams(out)).isPresent();
        AnalysisFolder.write(analyze(settings(List.of(GradientScores.FISHER), 0)), out);
        assertThat(AnalysisFolder.grams(out)).isEmpty();
        assertThat(AnalysisFolder.read(out).importance().ofSimilarity()).isFalse();
    }

    @Test
    void nothingOfAnEarlierAnalysisStaysInItsFolder() throws IOException {
        Path out = folder.resolve("out");
        AnalysisFolder.write(analyze(settings(OF_MODELS, 20)), out);
        Path notes = Files.writeString(out.resolve("notes.txt"), "my own");
        AnalysisFolder.write(analyze(settings(List.of(Rsa.MEASURE), 0)), out);
        AnalysisFolder.write(analyze(settings(List.of(Rsa.MEASURE), 0)), folder.resolve("new"));
        try (Stream<Path> old = Files.list(out);
                Stream<Path> fresh = Files.list(folder.resolve("new"))) {
            assertThat(old.filter(file -> !file.equals(notes)).map(Path::getFileName))
                    .containsExactlyInAnyOrderElementsOf(
                            fresh.map(Path::getFileName).toList());
        }
        assertThat(notes).hasContent("my own");
    }

    @Test
    void measuresWithoutABaselineSaySo() {
        assertThat(analyze(new AnalysisSettings(
                                null,
                                0.5,
                                UndefinedLayers.EXCLUDE,
                                null,
                                List.of(LinearCka.MEASURE, Rsa.MEASURE),
                                MeasureOptions.DEFAULTS,
                                0,
                                20,
                                7))
                        .remarks())
                .singleElement()
                .asString()
                .contains("no baseline of unrelated data for rsa");
    }

    @Test
    void gradientsOfAModelInItsFilesAreTheSame() {
        DataSettings rows = DataSettings.of(TinyStudy.classes(folder).toString());
        List<double[]> scores = new ArrayList<>();
        for (Loading loading : List.of(Loading.WHOLE, Loading.LAYERS)) {
            ModelSettings settings = new ModelSettings(TinyStudy.MODEL, "cpu", ComputeType.F32, loading);
            try (OpenModel open = workbench.openModel(settings, new PauseSwitch(), Progress.none())) {
                LayerImportance importance = new AnalysisJob(
                                workbench, open, rows, settings(List.of(GradientScores.FISHER), 0))
                        .run(Progress.none(), partial -> {})
                        .results()
                        .get(0)
                        .importance();
                scores.add(IntStream.range(0, importance.layers())
                        .mapToDouble(layer -> importance.of(layer).orElseThrow())
                        .toArray());
            }
        }
        assertThat(scores.get(1)).containsExactly(scores.get(0));
    }

    @Test
    void provenanceTellsModelAndData() {
        Provenance provenance = analyze(AnalysisSettings.defaults()).provenance();
        assertThat(provenance.modelSha256()).matches("[0-9a-f]{64}");
        assertThat(provenance.dataSha256()).matches("[0-9a-f]{64}");
        assertThat(provenance.modelRevision()).isNull();
        assertThat(provenance.modelReference()).endsWith("bert");
    }

    @Test
    void measuresThatNeedAModelRefuseAFile() {
        Path file = folder.resolve("states.safetensors");
        DataSettings rows = DataSettings.of(TinyStudy.classes(folder).toString());
        new ExtractionJob(workbench, model, rows, null).run(file, Progress.none());
        for (Measure measure : List.of(GradientScores.FISHER, TokenCosines.MEASURE)) {
            assertThatThrownBy(() -> new RepresentationsAnalysis(
                                    workbench, RepresentationsInput.read(file), settings(List.of(measure), 0), "cpu")
                            .run(Progress.none()))
                    .isInstanceOf(UserException.class)
                    .hasMessageStartingWith(measure.id());
        }
    }

    @Test
    void tooFewRowsForAMeasureAreNamed() {
        DataSettings three =
                DataSettings.of(TinyStudy.classes(folder).toString()).withSamples(3);
        assertThatThrownBy(() -> new AnalysisJob(workbench, model, three, settings(List.of(DebiasedCka.MEASURE), 0))
                        .run(Progress.none(), partial -> {}))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("ebiased linear CKA")
                .hasMessageContaining("4");
    }

    @Test
    void sixteenBitsTellWhatTheyChange() {
        DataSettings rows = DataSettings.of(TinyStudy.classes(folder).toString());
        ModelSettings half = new ModelSettings(TinyStudy.MODEL, "cpu", ComputeType.BF16, Loading.AUTO);
        Analysis exact = analyze(AnalysisSettings.defaults());
        assertThat(exact.remarks()).isEmpty();
        try (OpenModel inBf16 = workbench.openModel(half, new PauseSwitch(), Progress.none())) {
            Analysis analysis = new AnalysisJob(workbench, inBf16, rows, AnalysisSettings.defaults())
                    .run(Progress.none(), partial -> {});
            double largest = 0;
            for (int layer = 1; layer < 4; layer++) {
                largest = Math.max(
                        largest,
                        Math.abs(analysis.importance().of(layer).orElseThrow()
                                - exact.importance().of(layer).orElseThrow()));
            }
            // all 16 rows are the first 64
            assertThat(analysis.remarks())
                    .singleElement()
                    .asString()
                    .contains("against float32 on the first 16 rows")
                    .contains(String.format(Locale.ROOT, "at most %.2g ", largest))
                    .contains("2 of the 2 selected layers");

            ExtractionJob.Result extracted = new ExtractionJob(workbench, inBf16, rows, null)
                    .run(folder.resolve("bf16.safetensors"), Progress.none());
            assertThat(extracted.remarks()).isEqualTo(analysis.remarks());

            assertThat(new EvaluationJob(
                                    workbench,
                                    inBf16,
                                    Golden.folder("lora_bert").resolve("adapter_final"),
                                    rows,
                                    null,
                                    null,
                                    null)
                            .run(Progress.none())
                            .remarks())
                    .singleElement()
                    .asString()
                    .contains("against float32 on the first 16 rows");

            assertThat(new AnalysisJob(
                                    workbench,
                                    inBf16,
                                    rows,
                                    AnalysisSettings.defaults().with(List.of(GradientScores.FISHER)))
                            .run(Progress.none(), partial -> {})
                            .remarks())
                    .containsOnlyOnce("The gradients were computed in bfloat16; what that changes was not measured.");

            List<String> noted = new ArrayList<>();
            new TrainingJob(workbench, inBf16, rows, TrainingSettings.defaults(), folder.resolve("run"))
                    .run(Progress.none(), TrainingListener.ofRemarks(noted::add));
            assertThat(noted).containsAll(analysis.remarks());
        }
    }

    @Test
    void anAdapterChangesWhatIsAnalysed() {
        DataSettings rows = DataSettings.of(TinyStudy.classes(folder).toString());
        Path adapter = Golden.folder("lora_bert").resolve("adapter_final");
        AnalysisSettings settings = settings(List.of(LinearCka.MEASURE, GradientScores.FISHER), 0);
        Analysis before = analyze(settings);
        Analysis after = new AnalysisJob(workbench, model, rows, settings, adapter).run(Progress.none(), partial -> {});
        assertThat(after.provenance().adapter()).isEqualTo(adapter.toString());
        assertThat(after.provenance().dataSha256())
                .isEqualTo(before.provenance().dataSha256());
        assertThat(after.primary().similarity()).isNotEqualTo(before.primary().similarity());
        assertThat(after.results().get(1).importance())
                .isNotEqualTo(before.results().get(1).importance());
        assertThat(analyze(settings).results()).isEqualTo(before.results());
    }
}
