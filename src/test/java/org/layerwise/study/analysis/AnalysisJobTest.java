package org.layerwise.study.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.analysis.MeasureOptions;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.extraction.Extraction;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.base.CancelledException;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.data.LabelUse;
import org.layerwise.data.Split;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.lora.LoraSettings;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.ComputeType;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.Loading;
import org.layerwise.settings.ModelSettings;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;
import org.layerwise.study.comparison.CrossSimilarity;
import org.layerwise.study.model.ModelCard;
import org.layerwise.study.model.OpenModel;
import org.layerwise.tensor.DType;
import org.layerwise.testing.BackgroundThreads;
import org.layerwise.testing.CancelledProgress;
import org.layerwise.testing.Golden;

/** Analyses from files to folders. */
class AnalysisJobTest {

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

    private Analysis analyze(AnalysisSettings settings) {
        return new AnalysisJob(
                        workbench,
                        model,
                        DataSettings.of(TinyStudy.classes(folder).toString()),
                        settings)
                .run(Progress.none(), partial -> {});
    }

    @Test
    void writesEverythingThatTheReferenceAndWeRead() throws IOException {
        Analysis analysis = analyze(AnalysisSettings.defaults());
        Path out = folder.resolve("out");
        AnalysisFolder.write(analysis, out);
        JsonNode golden = Json.read(Golden.folder("bert").resolve("cka.json"));
        JsonNode json = Json.read(out.resolve("analysis.json"));
        assertThat(json.path("samples").asInt()).isEqualTo(16);
        assertThat(json.path("position").asText()).isEqualTo("first");
        assertThat(json.path("importance").path(0).isNull()).isTrue();
        assertThat(json.path("similarity")).hasSize(5);
        assertThat(json.path("similarity").path(0).path(0).isNull()).isTrue();
        for (int layer = 1; layer < 4; layer++) {
            assertThat(1 - json.path("importance").path(layer).asDouble())
                    .isCloseTo(golden.path("cka_float64").path(layer).asDouble(), within(1e-4));
        }
        assertThat(json.path("one_hot")).isEqualTo(golden.path("one_hot"));
        assertThat(json.path("ranking").toString()).isEqualTo("[3,2,1]");
        assertThat(json.path("selected").toString()).isEqualTo("[2,3]");
        assertThat(out.resolve("similarity.csv")).content().startsWith("state,0,1,2,3,4\n0,,,,,\n");
        assertThat(out.resolve("layers_to_finetune_ohe_bert_classes.txt")).hasContent("0011");
        assertThat(Files.readAllLines(out.resolve("cka_layer_list_bert_classes.txt")))
                .hasSize(4)
                .first()
                .isEqualTo("0.0|0,1");
        assertThat(out.resolve("heatmap.png")).isNotEmptyFile();
        assertThat(out.resolve("ranking.png")).isNotEmptyFile();

        Analysis read = AnalysisFolder.read(out);
        assertThat(read.primary().similarity()).isEqualTo(analysis.primary().similarity());
        assertThat(read.importance()).isEqualTo(analysis.importance());
        assertThat(read.proposed()).isEqualTo(analysis.proposed());
    }

    @Test
    void undefinedLayersAreIncludedOnDemand() {
        Analysis analysis = analyze(new AnalysisSettings(
                Position.FIRST,
                0.5,
                UndefinedLayers.INCLUDE,
                null,
                List.of(LinearCka.MEASURE),
                MeasureOptions.DEFAULTS,
                0,
                0,
                AnalysisSettings.defaults().seed()));
        assertThat(analysis.proposed().layers()).containsExactly(0, 3);
        assertThat(analyze(new AnalysisSettings(
                                Position.MEAN,
                                0.5,
                                UndefinedLayers.EXCLUDE,
                                null,
                                List.of(LinearCka.MEASURE),
                                MeasureOptions.DEFAULTS,
                                0,
                                0,
                                AnalysisSettings.defaults().seed()))
                        .importance()
                        .of(0))
                .isPresent();
    }

    /** Cluster that computes as this computer does, and says that it computes in some type. */
    private record SomeCluster(OpenModel model, DType computed) implements RemoteRepresentationSource {

        @Override
        public DType type(DType here) {
            return computed;
        }

        @Override
        public Extraction of(TokenizedDataset tokens, Position position, boolean tokenCosines, Progress progress) {
            return model.represent(tokens, position, tokenCosines, Optional.empty(), progress);
        }

        @Override
        public RemoteRepresentationSource with(Path adapter) {
            return this;
        }

        @Override
        public Path handIn(TokenizedDataset tokens, Position position, Progress progress) {
            throw new UnsupportedOperationException();
        }
    }

    private List<String> remarks(OpenModel here, DType there) {
        return new AnalysisJob(
                        workbench,
                        here,
                        DataSettings.of(TinyStudy.classes(folder).toString()),
                        AnalysisSettings.defaults())
                .on(new SomeCluster(here, there))
                .run(Progress.none(), partial -> {})
                .remarks();
    }

    @Test
    void theTypeOfTheRemarkIsThatOfTheCluster() {
        String remark =
                "The representations on a cluster were computed in bfloat16; what that changes was not measured.";
        assertThat(remarks(model, DType.BF16)).contains(remark);
        ModelSettings half = new ModelSettings(TinyStudy.MODEL, "cpu", ComputeType.BF16, Loading.AUTO);
        try (OpenModel here = workbench.openModel(half, new PauseSwitch(), Progress.none())) {
            assertThat(remarks(here, DType.F32)).noneMatch(one -> one.contains("computed in"));
        }
    }

    @Test
    void extractedRepresentationsGiveTheSameAnalysis() {
        Path file = folder.resolve("states.safetensors");
        ExtractionJob.Result extracted = new ExtractionJob(
                        workbench,
                        model,
                        DataSettings.of(TinyStudy.classes(folder).toString()),
                        null)
                .run(file, Progress.none());
        assertThat(extracted.cutRows()).isZero();
        assertThat(extracted.remarks()).isEmpty();
        Analysis fromFile = new RepresentationsAnalysis(
                        workbench, RepresentationsInput.read(file), AnalysisSettings.defaults(), "cpu")
                .run(Progress.none());
        assertThat(fromFile.primary().similarity())
                .isEqualTo(analyze(AnalysisSettings.defaults()).primary().similarity());
        assertThat(fromFile.position()).isEqualTo(Position.FIRST);
    }

    @Test
    void representationsWithAnAdapterGiveTheAnalysisWithIt() throws IOException {
        DataSettings rows = DataSettings.of(TinyStudy.classes(folder).toString());
        Path adapter = Golden.folder("lora_bert").resolve("adapter_final");
        Path before = folder.resolve("before.safetensors");
        Path after = folder.resolve("after.safetensors");
        new ExtractionJob(workbench, model, rows, null).run(before, Progress.none());
        new ExtractionJob(workbench, model, rows, null, adapter).run(after, Progress.none());
        AnalysisSettings settings = AnalysisSettings.defaults();
        RepresentationsInput read = RepresentationsInput.read(after);
        RepresentationsInput other = RepresentationsInput.read(before);
        // the analysis and the comparison are of what was read, whatever lies there meanwhile
        Files.move(before, after, StandardCopyOption.REPLACE_EXISTING);

        Analysis fromFile = new RepresentationsAnalysis(workbench, read, settings, "cpu").run(Progress.none());

        Analysis adapted =
                new AnalysisJob(workbench, model, rows, settings, adapter).run(Progress.none(), partial -> {});
        assertThat(fromFile.primary().similarity())
                .isEqualTo(adapted.primary().similarity())
                .isNotEqualTo(analyze(settings).primary().similarity());
        assertThat(fromFile.provenance().adapter()).isEqualTo(adapter.toString());
        CrossSimilarity cross = CrossSimilarity.ofFiles(workbench, other, read, settings, "cpu", Progress.none());
        assertThat(cross.first()).isEqualTo("bert");
        assertThat(cross.second()).isEqualTo("bert + adapter_final");
    }

    @Test
    void partialResultsArrive() {
        List<SimilarityMatrix> seen = new ArrayList<>();
        new AnalysisJob(
                        workbench,
                        model,
                        DataSettings.of(TinyStudy.classes(folder).toString()),
                        AnalysisSettings.defaults())
                .run(Progress.none(), seen::add);
        assertThat(seen).isNotEmpty();
        assertThat(seen.get(seen.size() - 1))
                .isEqualTo(analyze(AnalysisSettings.defaults()).primary().similarity());
    }

    @Test
    void cancellationEndsIt() {
        assertThatThrownBy(() -> new AnalysisJob(
                                workbench,
                                model,
                                DataSettings.of(TinyStudy.classes(folder).toString()),
                                AnalysisSettings.defaults())
                        .run(CancelledProgress.when(() -> true), partial -> {}))
                .isInstanceOf(CancelledException.class);
    }

    @Test
    void textNeedsATokenizer() throws IOException {
        Path text = Files.writeString(folder.resolve("text.csv"), "text,label\nhello,0\nthere,1\nagain,1\n");
        assertThatThrownBy(() -> new AnalysisJob(
                                workbench, model, DataSettings.of(text.toString()), AnalysisSettings.defaults())
                        .run(Progress.none(), partial -> {}))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("tokenizer.json")
                .hasMessageContaining("input_ids");
    }

    @Test
    void twoRowsAreTooFew() {
        DataSettings two = new DataSettings(TinyStudy.classes(folder).toString(), null, null, null, 2, 128, null);
        assertThatThrownBy(() -> new AnalysisJob(workbench, model, two, AnalysisSettings.defaults())
                        .run(Progress.none(), partial -> {}))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("at least 3");
    }

    @Test
    void aFolderWithoutAnAnalysisIsNamed() throws IOException {
        assertThatThrownBy(() -> AnalysisFolder.read(folder)).hasMessageContaining("analysis.json");
        Files.writeString(folder.resolve("analysis.json"), "{\"measure\": \"cka\", \"similarity\": 3}");
        assertThatThrownBy(() -> AnalysisFolder.read(folder))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("similarity");
    }

    @Test
    void theModelCardCountsWhatIsThere() {
        ModelCard card = model.card();
        assertThat(card.layers()).isEqualTo(4);
        assertThat(card.parameters()).isEqualTo(86211);
        assertThat(card.hasTokenizer()).isFalse();
        assertThat(model.adapterParameters(List.of(1, 3), SettingValues.none().with(LoraSettings.RANK, 4)))
                .isEqualTo(5523 - 3 * 49);
    }

    /** The reading of many rows, which are taken in chunks, is not begun. */
    @ParameterizedTest
    @CsvSource({"first, 16384", "second, 16385"})
    void rowsOfAnAnalysisAreReadAhead(String expected, int samples) throws IOException {
        Path rows = Files.writeString(folder.resolve("rows.jsonl"), "{\"text\": \"first\"}\n");
        DataSettings data = DataSettings.of(rows.toString()).withSamples(samples);

        AnalysisJob.beginReading(workbench, data, AnalysisSettings.defaults());
        BackgroundThreads.awaitEnd("read rows");
        Files.writeString(rows, "{\"text\": \"second\"}\n");

        assertThat(workbench
                        .read(data, LabelUse.IGNORE, Split.TRAIN, Progress.none())
                        .texts())
                .containsExactly(expected);
    }
}
