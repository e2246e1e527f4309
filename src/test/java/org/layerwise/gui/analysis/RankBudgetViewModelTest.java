package org.layerwise.gui.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import javafx.beans.property.SimpleObjectProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.weights.SignalToNoise;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.gui.Desk;
import org.layerwise.gui.TinyLab;
import org.layerwise.gui.analysis.RankBudgetViewModel.Over;
import org.layerwise.gui.analysis.RankBudgetViewModel.Spread;
import org.layerwise.gui.session.SelectionViewModel;
import org.layerwise.gui.session.StudySession;
import org.layerwise.lora.LoraSettings;
import org.layerwise.selection.LayerLocks;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.LayerSelector;
import org.layerwise.selection.RankBudget;
import org.layerwise.selection.RankRule;
import org.layerwise.selection.SelectionRule;
import org.layerwise.study.analysis.ModuleSelection;
import org.layerwise.testing.TinyModels;

class RankBudgetViewModelTest {

    private static final long FULL = 8L * TinyModels.LAYERS * TinyModels.PARAMETERS;

    @TempDir
    static Path home;

    private final TinyLab lab = new TinyLab(home);
    private final Desk desk = new Desk();
    private final StudySession session = new StudySession();
    private final AnalysisViewModel analysis = lab.analysis(session, desk);
    private final SelectionViewModel selection = lab.selection(session);
    private final SettingValues adapters = SettingValues.none().with(LoraSettings.RANK, 8);
    private final ModulesViewModel modules =
            new ModulesViewModel(session, selection, new SimpleObjectProperty<>(adapters), desk);
    private int kept;
    private final RankBudgetViewModel budget = new RankBudgetViewModel(modules, selection, desk, () -> kept++);

    @BeforeEach
    void analyze() {
        lab.openSample(session);
        analysis.form().ask(SignalToNoise.MEASURE, true);
        analysis.analyze();
        desk.work();
        modules.show(modules.results().get(0));
        desk.work();
        budget.watchedProperty().set(true);
        desk.work();
    }

    @Test
    void spreadsAsTheCommandDoes() {
        Spread spread = spread();
        ModuleSelection of = new ModuleSelection(
                session.modelProperty().get().outline(), modules.results().get(0), adapters);
        LayerSelection all = LayerSelector.select(
                modules.results().get(0).importance(),
                new SelectionRule.TopRatio(1),
                LayerLocks.none(),
                UndefinedLayers.EXCLUDE);
        assertThat(spread.full()).isEqualTo(FULL);
        assertThat(spread.budget()).isEqualTo(FULL / 2);
        assertThat(spread.selection())
                .isEqualTo(of.withRanks(all, new RankBudget(FULL / 2, RankRule.PROPORTIONAL, 1, 64)));
        assertThat(spread.parameters()).isBetween(FULL / 2 * 3 / 4, FULL / 2);

        budget.ruleProperty().set(RankRule.WATERFILL);
        budget.minRankProperty().set(2);
        budget.maxRankProperty().set(5);
        desk.work();
        assertThat(spread().selection())
                .isEqualTo(of.withRanks(all, new RankBudget(FULL / 2, RankRule.WATERFILL, 2, 5)));
    }

    @Test
    void sliderAndFieldAreInStep() {
        budget.shareProperty().set(0.25);
        assertThat(budget.budgetProperty().get()).isEqualTo("25%");
        desk.work();
        assertThat(spread().budget()).isEqualTo(FULL / 4);
        budget.budgetProperty().set(String.valueOf(FULL / 10));
        desk.work();
        assertThat(budget.shareProperty().get()).isCloseTo(0.1, within(0.001));
        assertThat(budget.budgetProperty().get()).as("what was typed stays").isEqualTo(String.valueOf(FULL / 10));
        budget.minRankProperty().set(70);
        assertThat(budget.maxRankProperty().get()).isEqualTo(70);
        budget.maxRankProperty().set(3);
        assertThat(budget.minRankProperty().get()).isEqualTo(3);
    }

    @Test
    void mistakesAreSaidAndCannotBeKept() {
        budget.budgetProperty().set("half");
        desk.work();
        assertThat(budget.mistakeProperty().get()).startsWith("\"half\" is neither a whole number nor a share");
        assertThat(budget.spreadProperty().get()).isNull();
        budget.keep();
        assertThat(kept).isZero();
        budget.budgetProperty().set("3");
        desk.work();
        assertThat(budget.mistakeProperty().get()).contains("3 parameters");
        budget.budgetProperty().set("50%");
        desk.work();
        assertThat(budget.mistakeProperty().get()).isEmpty();
        budget.overProperty().set(Over.SELECTION);
        selection.selectOnly(Collections.emptySortedSet());
        desk.work();
        assertThat(budget.mistakeProperty().get()).startsWith("No layer is selected");
    }

    @Test
    void keptRanksAreTheSelection() {
        LayerSelection before = selection.selectionProperty().get();
        Spread spread = spread();
        budget.keep();
        assertThat(kept).isEqualTo(1);
        LayerSelection now = selection.selectionProperty().get();
        assertThat(now.modules()).isEqualTo(spread.selection().modules());
        assertThat(now.reason().budget()).isEqualTo(spread.selection().reason().budget());
        assertThat(selection.countsProperty().get().trainable()).isEqualTo(spread.parameters());
        desk.work();
        session.history().undo();
        assertThat(selection.selectionProperty().get()).isEqualTo(before);
    }

    @Test
    void ranksAreSpreadOverTheSelection() {
        selection.selectOnly(new TreeSet<>(List.of(2, 7)));
        budget.overProperty().set(Over.SELECTION);
        budget.budgetProperty().set("10%");
        desk.work();
        assertThat(spread().selection().layers()).containsExactly(2, 7);
        assertThat(spread().parameters()).isLessThanOrEqualTo(FULL / 10);
    }

    @Test
    void nothingIsSpreadWhereNobodyLooks() {
        budget.watchedProperty().set(false);
        assertThat(budget.spreadProperty().get()).isNull();
        budget.budgetProperty().set("20%");
        assertThat(desk.waiting()).isZero();
    }

    private Spread spread() {
        Spread now = budget.spreadProperty().get();
        assertThat(now).isNotNull();
        return now;
    }
}
