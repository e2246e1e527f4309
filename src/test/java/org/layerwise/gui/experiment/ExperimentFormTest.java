package org.layerwise.gui.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.SimpleDoubleProperty;
import org.junit.jupiter.api.Test;
import org.layerwise.base.UserException;
import org.layerwise.model.ModuleType;
import org.layerwise.study.experiment.Arm;
import org.layerwise.study.experiment.ExperimentFolder;
import org.layerwise.study.experiment.rules.AdapterRanks;
import org.layerwise.study.experiment.rules.ExperimentRules;
import org.layerwise.study.experiment.rules.Stopping;
import org.layerwise.study.experiment.rules.SweepRule;

class ExperimentFormTest {

    private final ExperimentForm form = new ExperimentForm(new SimpleDoubleProperty(0.5));

    @Test
    void everyArmIsInOneGroup() {
        assertThat(ArmGroup.ALL.stream().flatMap(group -> group.arms().stream()))
                .containsExactlyInAnyOrderElementsOf(Arm.BASES);
    }

    @Test
    void allArmsCanBeChosenAndStayInOrder() {
        Arm half = Arm.ALL.with(AdapterRanks.HALF);
        form.ask(Arm.LAST, false);
        form.ask(Arm.RANDOM, false);
        form.ask(half, true);
        form.ask(Arm.RANDOM, true);
        assertThat(form.armsProperty().get()).containsExactly(Arm.ALL, half, Arm.SELECTED, Arm.RANDOM);
        assertThat(Arm.ALL.variants())
                .contains(
                        half,
                        Arm.ALL.only(ModuleType.MLP),
                        Arm.ALL.only(ModuleType.MLP).with(AdapterRanks.HALF))
                .hasSize(5);
        assertThat(Arm.PRUNED.variants()).isEmpty();
        Arm.BASES.forEach(arm -> assertThat(arm.variants())
                .allSatisfy(variant -> assertThat(Arm.of(variant.id())).contains(variant)));
    }

    @Test
    void typedRatesAndDifferencesAreReadOrRefused() {
        assertThat(form.rates(0.25)).containsExactly(0.25);
        form.ratesProperty().set(" 0.001, 5e-4;0.002 ");
        assertThat(form.rates(0.25)).containsExactly(0.001, 0.0005, 0.002);
        form.ratesProperty().set("0.001 0.001");
        assertThatThrownBy(() -> form.rates(1))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("twice");
        form.ratesProperty().set("fast");
        assertThatThrownBy(() -> form.rates(1))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("fast");
        form.ratesProperty().set("-1");
        assertThatThrownBy(() -> form.rates(1)).isInstanceOf(UserException.class);
        assertThat(form.rules()).isEqualTo(ExperimentRules.DEFAULTS);
        form.differenceProperty().set("0.02");
        assertThat(form.rules().difference()).isEqualTo(0.02);
        form.differenceProperty().set("0");
        assertThatThrownBy(form::rules).isInstanceOf(UserException.class);
    }

    @Test
    void aFolderIsReadOrRefused() {
        assertThat(form.folder()).isEmpty();
        form.folderProperty().set(" here ");
        assertThat(form.folder()).contains(Path.of("here"));
        form.folderProperty().set("no\0path");
        assertThatThrownBy(form::folder).isInstanceOf(UserException.class).hasMessageContaining("is not a path");
    }

    @Test
    void contentIsShownAsItWasTyped() {
        ExperimentForm.Content before = form.content();
        form.ratesProperty().set("fast");
        form.pilotSeedsProperty().set(9);
        form.ask(Arm.PRUNED, true);
        ExperimentForm.Content after = form.content();
        form.show(before);
        assertThat(form.content()).isEqualTo(before).isNotEqualTo(after);
        form.show(after);
        assertThat(form.content()).isEqualTo(after);
        assertThat(form.ratesProperty().get()).isEqualTo("fast");
    }

    @Test
    void earlierChoicesAreShown() {
        ExperimentRules rules = new ExperimentRules(SweepRule.FULL, Stopping.HALF, 0.01);
        form.show(new ExperimentFolder.Choices(List.of(Arm.ALL, Arm.LAST), List.of(0.001, 0.01), 7, rules));
        assertThat(form.armsProperty().get()).containsExactly(Arm.ALL, Arm.LAST);
        assertThat(form.rates(1)).containsExactly(0.001, 0.01);
        assertThat(form.seedsProperty().get()).isEqualTo(7);
        assertThat(form.sweepProperty().get()).isEqualTo(Optional.of(SweepRule.FULL));
        assertThat(form.rules()).isEqualTo(rules);
    }
}
