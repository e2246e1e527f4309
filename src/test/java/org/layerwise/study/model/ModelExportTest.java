package org.layerwise.study.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.lora.LoraSettings;
import org.layerwise.lora.LoraVariant;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.ModelKind;
import org.layerwise.selection.export.ExportFormat;
import org.layerwise.selection.export.ExportedAdapter;
import org.layerwise.selection.export.ExportedModel;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;
import org.layerwise.testing.Golden;
import org.layerwise.training.OptimiserSettings;

/** Exports of real checkpoints. */
class ModelExportTest {

    @TempDir
    Path home;

    private ModelOutline outline(Path folder) {
        try (Workbench workbench = TinyStudy.workbench(home)) {
            return workbench.outline(folder.toString(), new PauseSwitch(), Progress.none());
        }
    }

    private String script(String model, SettingValues values, Integer... layers) {
        return script(Golden.folder(model), values, layers);
    }

    private String script(Path folder, SettingValues values, Integer... layers) {
        ModelOutline outline = outline(folder);
        LayerSelection selection =
                LayerSelection.byHand(List.of(layers), outline.card().layers());
        return ExportFormat.PEFT.text(
                ExportedAdapter.of(outline.exported(folder.toString(), null), selection, values, null));
    }

    private static List<String> strings(String script, String argument) {
        Matcher line = Pattern.compile(argument + "=\\[(.*)]").matcher(script);
        assertThat(line.find()).as(argument).isTrue();
        return Pattern.compile("\"([^\"]*)\"")
                .matcher(line.group(1))
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    /** PEFT's rule for names, layers_to_transform and layers_pattern (peft.tuners.tuners_utils). */
    private static boolean matches(String name, List<String> targets, List<String> patterns, int layer) {
        boolean target = targets.stream().anyMatch(end -> name.endsWith("." + end));
        for (String pattern : patterns) {
            Matcher matcher =
                    Pattern.compile(".*\\.%s\\.(\\d+)\\.".formatted(pattern)).matcher(name);
            if (matcher.lookingAt()) {
                return target && Integer.parseInt(matcher.group(1)) == layer;
            }
        }
        return false;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert",
                "roberta",
                "deberta_v3",
                "distilbert",
                "electra",
                "modernbert",
                "llama",
                "gemma2",
                "qwen3",
                "phi3",
                "gpt2",
                "llava",
                "llava_new_names"
            })
    void peftFindsTheModulesOfTheSelectedLayerOnly(String model) {
        ModelOutline outline = outline(Golden.folder(model));
        String script = script(model, SettingValues.none(), 1);
        List<String> targets = strings(script, "target_modules");
        List<String> patterns = strings(script, "layers_pattern");
        List<String> all = new ArrayList<>();
        for (int layer = 0; layer < outline.card().layers(); layer++) {
            for (String module : outline.card().linearModules()) {
                all.add(outline.modules().layersPrefix() + layer + "." + module);
            }
        }
        boolean vision = outline.card().kind() == ModelKind.VISION;
        if (vision) {
            // another list of layers, whose modules have the same names
            all.add("model.vision_tower.vision_model.encoder.layers.1.self_attn.q_proj");
            all.add("vision_tower.vision_model.encoder.layers.1.self_attn.q_proj");
        }

        List<String> found =
                all.stream().filter(name -> matches(name, targets, patterns, 1)).toList();

        assertThat(found)
                .isNotEmpty()
                .containsExactlyElementsOf(outline.modules().fullNames(Set.of(1), targets));
        if (vision) {
            assertThat(matches("language_model.model.layers.1.self_attn.q_proj", targets, patterns, 1))
                    .as("names before transformers 4.52")
                    .isTrue();
        }
    }

    @Test
    void partsOfTheHeadThatTheCheckpointLacksAreTrained() throws IOException {
        Path folder = Files.createDirectory(home.resolve("no-pooler"));
        Files.copy(Golden.folder("deberta_v3").resolve("config.json"), folder.resolve("config.json"));
        // as many letters, so that the file stays whole
        String tensors =
                Files.readString(Golden.folder("deberta_v3").resolve("model.safetensors"), StandardCharsets.ISO_8859_1);
        Files.writeString(
                folder.resolve("model.safetensors"),
                tensors.replace("\"pooler.dense", "\"pooled.dense").replace("\"classifier.", "\"classified."),
                StandardCharsets.ISO_8859_1);

        assertThat(script(folder, SettingValues.none(), 0)).contains("    modules_to_save=[\"pooler\"],\n");
        assertThat(script("deberta_v3", SettingValues.none(), 0)).doesNotContain("modules_to_save");
        assertThat(outline(Golden.folder("roberta_base_model")).modules().freshModules())
                .as("the whole head is called classifier")
                .isEmpty();
    }

    @Test
    void aFolderIsNamedInFull() {
        assertThat(script("bert", SettingValues.none(), 0))
                .contains("MODEL = \"" + Golden.folder("bert").toAbsolutePath() + "\"");
    }

    @Test
    void theSampleAndTheHubAreNamedAsOthersFindThem() {
        ModelOutline outline = outline(Golden.folder("bert"));

        assertThat(outline.exported("sample", null).name()).isEqualTo("BAAI/bge-small-en-v1.5");
        assertThat(outline.exported("org/name", "abc").revision()).isEqualTo("abc");
        ExportedModel named = outline.exported("org/name@v2", "abc");
        assertThat(named.name()).isEqualTo("org/name");
        assertThat(named.revision()).as("a commit, which does not move").isEqualTo("abc");
        assertThat(outline.exported("org/name@v2", null).revision()).isEqualTo("v2");
    }

    @Test
    void targetsThatMatchNothingAndNoLayerAreRefused() {
        SettingValues wrong = SettingValues.none().with(LoraSettings.TARGET_MODULES, List.of("q_proj"));

        assertThatThrownBy(() -> script("bert", wrong, 0))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("is called \"q_proj\"; there are attention.self.query");
        assertThatThrownBy(() -> script("bert", SettingValues.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("No layer is selected");
    }

    @Test
    void variantsAndLearningRatesGoWithIt() {
        SettingValues plus = SettingValues.none()
                .with(OptimiserSettings.LEARNING_RATE, 2e-4)
                .with(OptimiserSettings.LORA_PLUS_RATIO, 16.0);

        String script = script(
                "llama",
                plus.with(LoraSettings.VARIANT, LoraVariant.of("pissa_niter_4"))
                        .with(LoraSettings.TARGET_MODULES, List.of("all-linear")),
                1);

        assertThat(strings(script, "target_modules"))
                .isEqualTo(outline(Golden.folder("llama")).card().linearModules());
        assertThat(script).contains("init_lora_weights=\"pissa_niter_4\"", "lr=0.0002,", "loraplus_lr_ratio=16,");
        assertThat(script("llama", plus.with(LoraSettings.VARIANT, LoraVariant.of("rslora")), 1))
                .contains("use_rslora=True", "use_dora=False");
        assertThat(script("llama", plus.with(LoraSettings.VARIANT, LoraVariant.of("dora")), 1))
                .contains("use_rslora=False", "use_dora=True");
    }
}
