package org.layerwise.study.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.MeasureOptions;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.extraction.TokenCosines;
import org.layerwise.analysis.gradient.GradientScores;
import org.layerwise.base.Progress;
import org.layerwise.base.json.Json;
import org.layerwise.data.LabelUse;
import org.layerwise.data.Labels;
import org.layerwise.data.Split;
import org.layerwise.data.TaskPreset;
import org.layerwise.data.token.ReferenceCompatibility;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.OpenModel;
import org.layerwise.testing.WordTokenizer;

/** Measures of a language model count the tokens that a training of the same rows learns. */
class LearntTokensTest {

    @TempDir
    Path folder;

    private Workbench workbench;
    private OpenModel model;

    @BeforeEach
    void open() throws IOException {
        Path decoder = WordTokenizer.copy("llama", folder.resolve("model"));
        WordTokenizer.write(decoder, 90, Map.of(0, "<unk>", 1, "<s>", 2, "</s>"), List.of(0, 1, 2));
        Files.writeString(
                decoder.resolve("tokenizer_config.json"),
                "{\"tokenizer_class\": \"PreTrainedTokenizerFast\", \"eos_token\": \"</s>\"}");
        workbench = TinyStudy.workbench(folder.resolve("home"));
        model = workbench.openModel(decoder.toString(), "cpu", Progress.none());
    }

    @AfterEach
    void close() {
        model.close();
    }

    private LayerImportance importance(DataSettings data, Measure measure) {
        AnalysisSettings settings = new AnalysisSettings(
                Position.LAST, 0.5, UndefinedLayers.EXCLUDE, null, List.of(measure), MeasureOptions.DEFAULTS, 0, 0, 7);
        return new AnalysisJob(workbench, model, data, settings)
                .run(Progress.none(), partial -> {})
                .importance();
    }

    private static void same(LayerImportance actual, LayerImportance expected, double tolerance) {
        for (int layer = 0; layer < expected.layers(); layer++) {
            assertThat(actual.of(layer).orElseThrow())
                    .isCloseTo(expected.of(layer).orElseThrow(), within(tolerance));
        }
    }

    private Path write(String name, List<ObjectNode> rows) throws IOException {
        return Files.write(folder.resolve(name), rows.stream().map(Json::line).toList());
    }

    @Test
    void gradientsAreThoseOfTheAnswers() throws IOException {
        List<ObjectNode> rows = new ArrayList<>();
        for (int row = 0; row < 5; row++) {
            rows.add(Json.object()
                    .put("instruction", "%s 40 41 42 43 %s".formatted(10 + row, 50 + row))
                    .put("output", "%s %s 7".formatted(60 + row, 70 + row)));
        }
        DataSettings data =
                DataSettings.of(write("rows.jsonl", rows).toString()).withPreset(TaskPreset.INSTRUCTION);
        TokenizedDataset learnt = model.tokenizeToLearn(
                workbench.read(data, LabelUse.IGNORE, Split.TRAIN, Progress.none()), data, Progress.none());
        long[][] labels = ((Labels.TokenLabels) learnt.labels()).values();
        assertThat(labels[0]).contains(Labels.IGNORED, 70, 7);
        List<ObjectNode> tokens = new ArrayList<>();
        for (int row = 0; row < labels.length; row++) {
            ObjectNode json = Json.object();
            json.set("input_ids", Json.tree(learnt.rows().get(row).ids()));
            json.set("labels", Json.tree(labels[row]));
            tokens.add(json);
        }
        DataSettings labelled = DataSettings.of(write("tokens.jsonl", tokens).toString());
        for (Measure measure : List.of(GradientScores.GRADIENT_NORM, GradientScores.FISHER)) {
            same(importance(data, measure), importance(labelled, measure), 1e-5);
        }
    }

    @Test
    void maskedTokensCountForNoCosine() throws IOException {
        List<ObjectNode> ended = new ArrayList<>();
        List<ObjectNode> plain = new ArrayList<>();
        for (int row = 0; row < 6; row++) {
            long[] ids = {10 + row, 20, 30 + row, 40};
            plain.add(Json.object().set("input_ids", Json.tree(ids)));
            ended.add(Json.object().set("input_ids", Json.tree(new long[] {ids[0], ids[1], ids[2], ids[3], 2, 2, 2})));
        }
        DataSettings data = DataSettings.of(write("ended.jsonl", ended).toString())
                .withCompatibility(Set.of(ReferenceCompatibility.EOS_IS_PADDING));
        same(
                importance(data, TokenCosines.MEASURE),
                importance(DataSettings.of(write("plain.jsonl", plain).toString()), TokenCosines.MEASURE),
                1e-6);
    }
}
