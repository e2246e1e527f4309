package org.layerwise.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.UserException;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.lora.LoraSettings;
import org.layerwise.lora.LoraVariant;

class SelectedModulesTest {

    private static final String Q3 = "model.layers.3.self_attn.q_proj";
    private static final String UP12 = "model.layers.12.mlp.up_proj";

    @Test
    void modulesAreSortedByTheNumberOfTheirLayer() {
        SelectedModules modules = SelectedModules.of(
                List.of(UP12, "model.layers.3.self_attn.v_proj", Q3, Q3, "model.layers.2.mlp.experts.14.up_proj"));

        assertThat(modules.names())
                .containsExactly("model.layers.2.mlp.experts.14.up_proj", Q3, "model.layers.3.self_attn.v_proj", UP12);
        assertThat(modules.layers()).containsExactly(2, 3, 12);
        assertThat(SelectedModules.type("layer.7.attention.self.query")).isEqualTo("attention.self.query");
        assertThat(modules.words()).isEqualTo("4 linear maps");
        assertThat(SelectedModules.of(Map.of(Q3, 2, UP12, 8)).words()).isEqualTo("2 linear maps, ranks 2 to 8");
        assertThat(SelectedModules.of(Map.of(Q3, 2)).words()).isEqualTo("1 linear map, rank 2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "q_proj",
                "3.q_proj",
                "model.layers.3",
                "model.layers.three.q_proj",
                "model.layers.3.(q|k)_proj",
                "model.layers.3.q proj",
                "layers.9999999999.q_proj",
                "layers.3.q_proj\n",
                "layers..3.q_proj"
            })
    void aNameOfNoModuleInALayerIsRefused(String name) {
        assertThatThrownBy(() -> SelectedModules.of(List.of(name)))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("\"" + name + "\" is no module in a layer");
    }

    @Test
    void aVeryLongNameIsRefusedAndCut() {
        assertThatThrownBy(() -> SelectedModules.of(List.of("a.".repeat(100_000) + "3.q")))
                .isInstanceOf(UserException.class)
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200));
    }

    @Test
    void allModulesOrNoneHaveARank() {
        assertThatThrownBy(() -> new SelectedModules(List.of(Q3, UP12), Map.of(Q3, 4)))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("The rank of " + UP12 + " is missing");
        assertThatThrownBy(() -> SelectedModules.of(Map.of(Q3, 0)))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("The rank of " + Q3 + " is 0");
        assertThatThrownBy(() -> SelectedModules.of(List.of())).isInstanceOf(UserException.class);
    }

    @Test
    void theSelectedLayersAreThoseOfTheModules() {
        LayerSelection all = LayerSelection.byHand(List.of(3, 12), 16);

        assertThat(all.withModules(SelectedModules.of(List.of(UP12)), null).layers())
                .containsExactly(12);
        assertThatThrownBy(() -> new LayerSelection(
                        new TreeSet<>(List.of(3, 4)), 16, SelectedModules.of(List.of(Q3)), all.reason()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("modules are in the layers 3, but the selected layers are 3,4");
        assertThatThrownBy(() ->
                        LayerSelection.byHand(List.of(3), 12).withModules(SelectedModules.of(List.of(UP12)), null))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("no layer 12");
    }

    @Test
    void ranksOfTheirOwnKeepTheScaleOfTheSettings() {
        SelectedModules modules = SelectedModules.of(Map.of(Q3, 3, UP12, 24));
        SettingValues plain =
                modules.settings(SettingValues.none().with(LoraSettings.RANK, 8).with(LoraSettings.ALPHA, 16.0));

        assertThat(plain.get(LoraSettings.RANK)).isEqualTo(24);
        assertThat(plain.get(LoraSettings.ALPHA)).isEqualTo(48);
        assertThat(plain.get(LoraSettings.RANK_PATTERN)).isEqualTo(Map.of(Q3, 3));
        assertThat(plain.get(LoraSettings.ALPHA_PATTERN)).isEqualTo(Map.of(Q3, 6.0));
        assertThat(plain.find(LoraSettings.TARGET_MODULES)).contains(List.of(Q3, UP12));
        // rsLoRA divides by the root of the rank
        SettingValues stabilised = modules.settings(SettingValues.none()
                .with(LoraSettings.RANK, 6)
                .with(LoraSettings.ALPHA, 5.0)
                .with(LoraSettings.VARIANT, LoraVariant.of("rslora")));
        assertThat(stabilised.get(LoraSettings.ALPHA)).isEqualTo(10);
        assertThat(stabilised.get(LoraSettings.ALPHA_PATTERN).get(Q3) / Math.sqrt(3))
                .isCloseTo(10 / Math.sqrt(24), org.assertj.core.api.Assertions.within(1e-12));
    }

    @Test
    void modulesWithoutRanksHaveThoseOfTheSettings() {
        SettingValues values =
                SettingValues.none().with(LoraSettings.RANK, 4).with(LoraSettings.RANK_PATTERN, Map.of("q_proj", 2));

        assertThat(SelectedModules.of(List.of(Q3)).settings(values))
                .isEqualTo(values.with(LoraSettings.TARGET_MODULES, List.of(Q3)));
    }

    @Test
    void settingsThatNameOtherModulesOrRanksAreRefused() {
        SelectedModules ranked = SelectedModules.of(Map.of(Q3, 3));

        for (SettingValues values : List.of(
                SettingValues.none().with(LoraSettings.TARGET_MODULES, List.of("q_proj")),
                SettingValues.none().with(LoraSettings.TARGET_PARAMETERS, List.of("mlp.experts.down_proj")),
                SettingValues.none().with(LoraSettings.RANK_PATTERN, Map.of("q_proj", 2)),
                SettingValues.none().with(LoraSettings.ALPHA_PATTERN, Map.of("q_proj", 2.0)))) {
            assertThatThrownBy(() -> ranked.settings(values))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("leave out --");
        }
        // a value of nothing contradicts nothing
        assertThat(ranked.settings(SettingValues.none().with(LoraSettings.RANK_PATTERN, Map.of()))
                        .get(LoraSettings.RANK))
                .isEqualTo(3);
    }
}
