package org.layerwise.study.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.analysis.MeasureOptions;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.base.Progress;
import org.layerwise.base.json.Json;
import org.layerwise.selection.ModelKind;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.ReferenceSettings;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.OpenModel;
import org.layerwise.testing.Golden;

/** The reference's settings write the reference's files, with its values and its selection. */
class ReferenceAnalysisTest {

    @TempDir
    private Path folder;

    private Analysis analyze(String family, UndefinedLayers undefined) {
        DataSettings data = DataSettings.of(
                        Golden.folder(family).resolve("rows.jsonl").toString())
                .withMaxLength(ReferenceSettings.MAX_LENGTH);
        Workbench workbench = TinyStudy.workbench(folder.resolve("home"));
        try (OpenModel model = workbench.openModel(Golden.folder(family).toString(), "cpu", Progress.none())) {
            AnalysisSettings settings = new AnalysisSettings(
                            null,
                            0.5,
                            undefined,
                            "cola",
                            List.of(LinearCka.MEASURE),
                            MeasureOptions.DEFAULTS,
                            0,
                            0,
                            AnalysisSettings.defaults().seed())
                    .with(ReferenceSettings.measures());
            return new AnalysisJob(
                            workbench,
                            model,
                            ReferenceSettings.rows(data, model.card().kind()),
                            settings)
                    .run(Progress.none(), partial -> {});
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert",
                "roberta",
                "deberta_v3",
                "distilbert",
                "llama",
                "mistral",
                "gemma",
                "gemma2",
                "gpt2",
                "qwen2",
                "modernbert",
                "xlm_roberta"
            })
    void writesTheReferencesFiles(String family) throws IOException {
        JsonNode golden = Json.read(Golden.folder(family).resolve("cka.json"));
        Analysis analysis = analyze(family, UndefinedLayers.EXCLUDE);
        Path out = folder.resolve("out");
        AnalysisFolder.write(analysis, out);
        String stem = family + "_cola" + (analysis.kind() == ModelKind.ENCODER ? "" : "_" + analysis.samples());
        assertThat(out.resolve("layers_to_finetune_ohe_%s.txt".formatted(stem)))
                .hasContent(golden.path("one_hot").asText());
        List<String> lines = Files.readAllLines(out.resolve("cka_layer_list_%s.txt".formatted(stem)));
        assertThat(lines).hasSize(golden.path("cka_float32").size());
        for (int layer = 0; layer < lines.size(); layer++) {
            String[] parts = lines.get(layer).split("\\|");
            assertThat(parts[1]).isEqualTo("%s,%s".formatted(layer, layer + 1));
            // what is 0 / 0 the reference has as rounding noise next to 0
            assertThat(Double.parseDouble(parts[0]))
                    .isCloseTo(golden.path("cka_float32").path(layer).asDouble(), within(1e-4));
        }
        assertThat(lines).hasSize(analysis.layers());
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "mistral", "gemma"})
    void aDegenerateFirstLayerRanksFirstIfIncluded(String family) {
        JsonNode golden = Json.read(Golden.folder(family).resolve("cka.json"));
        Analysis analysis = analyze(family, UndefinedLayers.INCLUDE);
        assertThat(analysis.importance().of(0)).isEmpty();
        List<Integer> sorted = new ArrayList<>();
        golden.path("sorted_layers").forEach(layer -> sorted.add(layer.asInt()));
        assertThat(analysis.importance().ranking(UndefinedLayers.INCLUDE)).isEqualTo(sorted);
        assertThat(analysis.proposed().layers()).containsExactlyInAnyOrderElementsOf(sorted.subList(0, 2));
    }
}
