package org.layerwise.study.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.measure.Measures;
import org.layerwise.model.ModuleType;
import org.layerwise.study.experiment.rules.AdapterRanks;
import org.layerwise.study.experiment.rules.LayerChoice;

/** Names of arms in settings, in files and for people. */
class ArmTest {

    private static List<Arm> all() {
        List<Arm> arms = new ArrayList<>();
        arms.add(Arm.PRUNED);
        for (Arm base : Arm.BASES.stream().filter(Arm::isTrained).toList()) {
            for (Arm arm : List.of(base, base.only(ModuleType.ATTENTION), base.only(ModuleType.MLP))) {
                arms.add(arm);
                arms.add(arm.with(AdapterRanks.HALF));
                if (arm.choice() instanceof LayerChoice.ByMeasure) {
                    arms.add(arm.with(AdapterRanks.SPREAD));
                }
            }
        }
        return arms;
    }

    @Test
    void everyMeasureIsAnArmOfLayersAndOfRanks() {
        for (Measure measure : Measures.ALL) {
            assertThat(Arm.of(measure.id())).contains(Arm.by(measure));
            assertThat(Arm.BASES).contains(Arm.by(measure));
            assertThat(Arm.of(measure.id() + "-ranks")).contains(Arm.by(measure).with(AdapterRanks.SPREAD));
        }
    }

    @Test
    void onlyMeasuresSpreadRanks() {
        for (Arm arm : Arm.USUAL) {
            assertThat(Arm.of(arm.id() + "-ranks")).isEmpty();
            assertThatThrownBy(() -> arm.with(AdapterRanks.SPREAD)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(Arm.of("eva-mlp-ranks").orElseThrow().words()).isEqualTo("ranks by explained variance (MLP only)");
    }

    @Test
    void whatIsPrunedHasTheModulesAndRanksOfAllLayers() {
        assertThat(Arm.of("pruned")).contains(Arm.PRUNED);
        assertThat(Arm.BASES.stream().filter(arm -> !arm.isTrained())).containsExactly(Arm.PRUNED);
        assertThatThrownBy(() -> Arm.PRUNED.only(ModuleType.MLP)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Arm.PRUNED.with(AdapterRanks.HALF)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void namesAreDistinctReadBackAndFitForFolders() {
        assertThat(all()).extracting(Arm::id).doesNotHaveDuplicates().allMatch(id -> id.matches("[a-z0-9-]+"));
        assertThat(all()).extracting(Arm::words).doesNotHaveDuplicates();
        assertThat(all()).allSatisfy(arm -> assertThat(Arm.of(arm.id())).contains(arm));
    }

    @Test
    void earlierVersionsCalledFourArmsTheSame() {
        assertThat(Arm.USUAL).extracting(Arm::id).containsExactly("all", "selected", "random", "last");
        assertThat(Arm.USUAL)
                .extracting(Arm::words)
                .containsExactly("all layers", "selected layers", "random layers", "last layers");
    }

    @Test
    void suffixesMayStandInAnyOrder() {
        Arm both = Arm.ALL.only(ModuleType.MLP).with(AdapterRanks.HALF);
        assertThat(Arm.of("all-mlp-half-r")).contains(both);
        assertThat(Arm.of("all-half-r-mlp")).contains(both);
        assertThat(both.id()).isEqualTo("all-mlp-half-r");
        assertThat(both.words()).isEqualTo("all layers (MLP only, half the rank)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "middle",
                "-mlp",
                "all-",
                "ALL",
                "all-half-r-half-r",
                "all-mlp-mlp",
                "eva-ranks-ranks",
                "eva-half-r-ranks",
                "eva-ranks-half-r",
                "all-mlp-attention",
                "pruned-mlp",
                "pruned-half-r",
                "pruned-ranks",
                "snr/../all"
            })
    void othersAreNone(String id) {
        assertThat(Arm.of(id)).isEmpty();
    }
}
