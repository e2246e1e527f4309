package org.layerwise.study.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.analysis.ExpertLoad;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.MeasureOptions;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.gradient.GradientScores;
import org.layerwise.analysis.inputs.EvaRanks;
import org.layerwise.analysis.similarity.DebiasedCka;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.analysis.uncertainty.IntervalKind;
import org.layerwise.analysis.uncertainty.Reliability;
import org.layerwise.analysis.uncertainty.Uncertainty;
import org.layerwise.analysis.uncertainty.UnrelatedSimilarity;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.run.ModelIdentity;
import org.layerwise.run.Provenance;
import org.layerwise.run.RowsIdentity;
import org.layerwise.selection.LayerKind;
import org.layerwise.selection.LayerKinds;
import org.layerwise.selection.ModelKind;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.testing.EarlierFiles;

/** Everything that an analysis holds comes back from its file. */
public class AnalysisJsonTest {

    private static final String MEAN = "mean over rows, for language models over learnt tokens";

    private static final LayerKinds KINDS = new LayerKinds(List.of(
            Set.of(LayerKind.LINEAR_ATTENTION, LayerKind.MIXTURE),
            Set.of(LayerKind.FULL_ATTENTION, LayerKind.MIXTURE)));

    @TempDir
    private Path folder;

    private static Similarity value(double number) {
        return new Similarity.Value(number);
    }

    private static Similarity reason(String text) {
        return new Similarity.Undefined(text);
    }

    public static Analysis analysis() {
        SimilarityMatrix matrix = new SimilarityMatrix(List.of(
                List.of(value(1), value(0.1 + 0.2), reason("State 2 is constant.")),
                List.of(value(0.1 + 0.2), value(1), reason("State 2 is constant.")),
                List.of(reason("State 2 is constant."), reason("State 2 is constant."), reason("Itself."))));
        Uncertainty uncertainty = new Uncertainty(
                1000,
                0.95,
                7,
                IntervalKind.DEBIASED,
                Arrays.asList(new Interval(0.6, 0.8), null),
                List.of(0.98, 0.0),
                0.98,
                List.of(new Uncertainty.OverlapAt(8, 0.5, 0.25, 0.75), new Uncertainty.OverlapAt(16, 1, 1, 1)));
        UnrelatedSimilarity baseline =
                new UnrelatedSimilarity(100, 7, Arrays.asList(new UnrelatedSimilarity.Level(0.2, 0.3), null));
        return new Analysis(
                "tiny",
                ModelKind.DECODER,
                KINDS,
                "rows.tsv",
                "rows",
                Position.LAST,
                16,
                2,
                List.of(
                        new MeasureResult(
                                LinearCka.MEASURE,
                                matrix,
                                LayerImportance.of(matrix),
                                null,
                                null,
                                uncertainty,
                                baseline,
                                new Reliability(0.9, 0.9 / 1.1, 20, 8, 7)),
                        new MeasureResult(
                                GradientScores.FISHER,
                                null,
                                LayerImportance.ofScores(List.of(value(63.77), reason("No label."))),
                                null,
                                null)),
                null,
                new AnalysisSettings(
                        Position.LAST,
                        0.5,
                        UndefinedLayers.INCLUDE,
                        "rows",
                        List.of(LinearCka.MEASURE, GradientScores.FISHER),
                        new MeasureOptions(0.5, 0.9, 64),
                        1000,
                        100,
                        7),
                null,
                new Provenance(
                        "sample",
                        new ModelIdentity("abc", null, "5eed"),
                        "f00d",
                        new RowsIdentity("c0ffee", "1dea"),
                        "adapter",
                        Map.of("libtorch", "2.7.1"),
                        "2026-01-02T03:04:05Z",
                        1.5),
                List.of("A remark."),
                new ExpertLoad(List.of(List.of(3L, 0L, 9L), List.of())));
    }

    private Analysis read(ObjectNode json) {
        Path file = folder.resolve("analysis.json");
        Json.write(file, json);
        return AnalysisJson.read(file);
    }

    @Test
    void comesBackWhole() {
        assertThat(read(AnalysisJson.write(analysis(), null))).isEqualTo(analysis());
    }

    /** Maps of equal inputs share what is written once, also those that come before the one that names it. */
    @Test
    void componentsOfInputsComeBack() {
        double[] ratios = {0.5, 0.25};
        List<EvaRanks.Module> modules = List.of(
                new EvaRanks.Module("layers.0.k", ratios, "layers.0.q"),
                new EvaRanks.Module("layers.0.q", ratios, null),
                new EvaRanks.Module("layers.1.o", new double[] {1.0 / 3}, null));
        List<MeasureResultContent.ComponentsContent> contents = MeasureResultContent.ComponentsContent.of(modules);
        assertThat(contents)
                .extracting(MeasureResultContent.ComponentsContent::ratios)
                .first()
                .isNull();
        assertThat(MeasureResultContent.ComponentsContent.modules(contents))
                .usingRecursiveComparison()
                .isEqualTo(modules);

        assertThatThrownBy(() -> MeasureResultContent.ComponentsContent.modules(contents.subList(0, 1)))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("The linear map layers.0.k has no components of its inputs");
        assertThatThrownBy(() -> MeasureResultContent.ComponentsContent.modules(
                        List.of(new MeasureResultContent.ComponentsContent("layers.0.q", List.of(-0.5), null))))
                .isInstanceOf(UserException.class);
    }

    /** By another version of the loss of gradients, which is the only difference. */
    @ParameterizedTest
    @ValueSource(strings = {"analysis", "analysis-decoder", "analysis-states", "experiment/analysis"})
    void aFileOfVersion010IsWrittenAsItWas(String name) throws IOException {
        EarlierFiles.copy(folder);
        Path file = folder.resolve(name).resolve("analysis.json");
        String before = Files.readString(file);
        String grams = Json.read(file).path("grams").textValue();

        assertThat(Json.pretty(AnalysisJson.write(AnalysisJson.read(file), grams)))
                .isEqualTo(before.replace("\"mean over learnt tokens\"", "\"" + MEAN + "\""));
    }

    @Test
    void anUndefinedCellAndTheInputsAreWrittenAsBefore() {
        ObjectNode json = AnalysisJson.write(analysis(), null);
        assertThat(Json.line(json.path("similarity")))
                .isEqualTo("[[1.0,0.30000000000000004,null],[0.30000000000000004,1.0,null],[null,null,null]]");
        assertThat(Json.line(json.path("undefined_similarities")))
                .isEqualTo("{\"State 2 is constant.\":[[0,2],[1,2],[2,0],[2,1]],\"Itself.\":[[2,2]]}");
        assertThat(Json.line(json.path("provenance")))
                .isEqualTo("{\"model\":\"sample\",\"model_revision\":\"abc\",\"model_sha256\":null,"
                        + "\"model_snapshot_sha256\":\"5eed\",\"data_sha256\":\"f00d\",\"rows_sha256\":\"c0ffee\","
                        + "\"rows_images_sha256\":\"1dea\",\"adapter\":\"adapter\"}");
    }

    /** As files of a version that did not correct the bias of few rows have them. */
    @Test
    void intervalsOfAnEarlierVersionAreCalledThat() {
        ObjectNode json = AnalysisJson.write(analysis(), null);
        ((ObjectNode) json.path("uncertainty")).remove("interval");
        Uncertainty read = read(json).primary().uncertainty();
        assertThat(read.kind()).isEqualTo(IntervalKind.UNCORRECTED);
        assertThat(read.kind().note()).contains("an earlier version").contains("misses the value of all rows");
        assertThat(read.intervals())
                .isEqualTo(analysis().primary().uncertainty().intervals());
        assertThat(read(AnalysisJson.write(read(json), null)).primary().uncertainty())
                .isEqualTo(read);

        json.put("measure", DebiasedCka.MEASURE.id());
        assertThat(read(json).primary().uncertainty().kind())
                .as("what few rows do not bias was right before, too")
                .isEqualTo(IntervalKind.PERCENTILE);
        ((ObjectNode) json.path("uncertainty")).put("interval", "guess");
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("has \"guess\" for \"uncertainty.interval\"");
    }

    @Test
    void gradientsOfEarlierVersionsSayHowTheyAveraged() {
        ObjectNode earlier = AnalysisJson.write(analysis(), null);
        assertThat(earlier.remove("gradient_loss").asText()).isEqualTo(MEAN);

        assertThat(read(earlier).remarks())
                .hasSize(2)
                .last()
                .asString()
                .startsWith(
                        "An earlier version computed this: of a language model, its gradients are those of the mean");
        assertThat(read(earlier.put("kind", "encoder")).remarks()).containsExactly("A remark.");
    }

    @Test
    void whatIsNewerIsRefused() {
        ObjectNode json = AnalysisJson.write(analysis(), null).put("version", 99);
        assertThatThrownBy(() -> read(json)).isInstanceOf(UserException.class).hasMessageContaining("newer version");
    }

    @Test
    void whatIsBrokenIsNamed() {
        ObjectNode measure = AnalysisJson.write(analysis(), null).put("measure", "guess");
        assertThatThrownBy(() -> read(measure)).hasMessageContaining("unknown measure \"guess\"");
        ObjectNode matrix = AnalysisJson.write(analysis(), null);
        matrix.remove("similarity");
        assertThatThrownBy(() -> read(matrix)).hasMessageContaining("no matrix \"similarity\"");
        ObjectNode layers = AnalysisJson.write(analysis(), null);
        ((ObjectNode) layers.path("other_measures").path(0))
                .putArray("importance")
                .add(1);
        assertThatThrownBy(() -> read(layers)).hasMessageContaining("different numbers of layers");
        ObjectNode probabilities = AnalysisJson.write(analysis(), null);
        ((ObjectNode) probabilities.path("uncertainty")).putArray("selected_probability");
        assertThatThrownBy(() -> read(probabilities)).hasMessageContaining("selected_probability");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[[3, 0, 9]] | load of experts of 1 layers, but is of 2",
                "[[3, -1], []] | negative number of tokens",
                "[[], []] | has no expert",
                "[[9000000000000000000, 9000000000000000000], []] | too many tokens",
                "[[3, null], []] | expert_load",
                "[null, []] | expert_load",
                "[[3, 0.5], []] | expert_load",
                "[[1e30], []] | expert_load",
                "7 | expert_load"
            })
    void brokenLoadOfExpertsIsRefused(String load, String named) throws IOException {
        ObjectNode json = AnalysisJson.write(analysis(), null);
        json.set("expert_load", Json.parse(load));
        Path file = folder.resolve("analysis.json");
        Json.write(file, json);

        assertThatThrownBy(() -> AnalysisJson.read(file))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(named);
    }
}
