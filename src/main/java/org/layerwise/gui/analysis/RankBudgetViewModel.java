package org.layerwise.gui.analysis;

import static org.layerwise.gui.common.Messages.text;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javafx.beans.Observable;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.DoubleProperty;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleDoubleProperty;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.gui.common.ReportedError;
import org.layerwise.gui.session.SelectionViewModel;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.LayerSelector;
import org.layerwise.selection.RankBudget;
import org.layerwise.selection.RankRule;
import org.layerwise.selection.SelectionRule;
import org.layerwise.study.analysis.ModuleSelection;

/** Ranks of linear maps within a budget of parameters, as {@code select --budget} spreads them. */
public final class RankBudgetViewModel {

    /** Linear maps over which ranks are spread. */
    enum Over {
        /** Target modules of all layers. */
        ALL("all"),
        /** Linear maps of the current selection. */
        SELECTION("selection");

        private final String id;

        Over(String id) {
            this.id = id;
        }

        String id() {
            return id;
        }
    }

    /**
     * Result of spreading ranks.
     *
     * @param selection linear maps that get an adapter, with their ranks
     * @param ranks ranks by the full names of the linear maps
     * @param parameters number of parameters of their adapters
     * @param budget maximum number of parameters
     * @param full number of parameters of adapters of the rank of the training on the target modules of all layers
     */
    record Spread(LayerSelection selection, Map<String, Integer> ranks, long parameters, long budget, long full) {}

    private static final double DEFAULT_SHARE = 0.5;
    private static final double LEAST_SHARE = 0.01;

    private final ModulesViewModel modules;
    private final SelectionViewModel selection;
    private final WorkQueue queue;
    private final Runnable keep;
    private final StringProperty budget = new SimpleStringProperty(percent(DEFAULT_SHARE));
    private final DoubleProperty share = new SimpleDoubleProperty(DEFAULT_SHARE);
    private final ObservableList<RankRule> rules = FXCollections.observableArrayList();
    private final ObjectProperty<RankRule> rule = new SimpleObjectProperty<>(RankBudget.DEFAULT_RULE);
    private final IntegerProperty minRank = new SimpleIntegerProperty(RankBudget.DEFAULT_MIN_RANK);
    private final IntegerProperty maxRank = new SimpleIntegerProperty(RankBudget.DEFAULT_MAX_RANK);
    private final ObjectProperty<Over> over = new SimpleObjectProperty<>(Over.ALL);
    private final BooleanProperty watched = new SimpleBooleanProperty();
    private final ReadOnlyObjectWrapper<@Nullable Spread> spread = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyStringWrapper mistake = new ReadOnlyStringWrapper("");
    private WorkQueue.@Nullable Handle before;
    private int asked;
    private boolean following;

    /** @param keep saves the current selection under a name */
    public RankBudgetViewModel(ModulesViewModel modules, SelectionViewModel selection, WorkQueue queue, Runnable keep) {
        this.modules = modules;
        this.selection = selection;
        this.queue = queue;
        this.keep = keep;
        share.addListener((observable, was, is) -> {
            if (!following) {
                budget.set(percent(is.doubleValue()));
            }
        });
        modules.shownProperty().addListener((observable, was, is) -> offer(is));
        offer(modules.shownProperty().get());
        minRank.addListener((observable, was, is) -> maxRank.set(Math.max(maxRank.get(), is.intValue())));
        maxRank.addListener((observable, was, is) -> minRank.set(Math.min(minRank.get(), is.intValue())));
        for (Observable part : List.of(
                budget,
                rule,
                minRank,
                maxRank,
                over,
                watched,
                modules.modulesProperty(),
                selection.selectionProperty())) {
            part.addListener(changed -> spread());
        }
    }

    private static String percent(double share) {
        return Math.round(100 * Math.max(LEAST_SHARE, share)) + "%";
    }

    /** Budget as a number of parameters, or a share of full LoRA with a percent sign. */
    StringProperty budgetProperty() {
        return budget;
    }

    /** Budget as a share of full LoRA, 0 to 1; a change of it changes the text, and the other way round. */
    DoubleProperty shareProperty() {
        return share;
    }

    /** Returns the rules that the displayed result allows; EVA's needs components of inputs. */
    ObservableList<RankRule> rules() {
        return rules;
    }

    private void offer(ModulesViewModel.@Nullable Shown shown) {
        boolean components = shown != null && shown.result().components() != null;
        List<RankRule> now = Arrays.stream(RankRule.values())
                .filter(one -> one != RankRule.EVA || components)
                .toList();
        if (!now.equals(rules)) {
            if (!now.contains(rule.get())) {
                rule.set(RankBudget.DEFAULT_RULE);
            }
            RankRule chosen = rule.get();
            rules.setAll(now);
            rule.set(chosen); // a choice box forgets it with its items
        }
    }

    /** Rule that spreads the ranks. */
    ObjectProperty<RankRule> ruleProperty() {
        return rule;
    }

    /** Lowest rank of a linear map with an adapter; never above the highest. */
    IntegerProperty minRankProperty() {
        return minRank;
    }

    /** Highest rank. */
    IntegerProperty maxRankProperty() {
        return maxRank;
    }

    /** Linear maps over which ranks are spread. */
    ObjectProperty<Over> overProperty() {
        return over;
    }

    /** Property that is true while the budget can be seen; ranks are spread only then. */
    BooleanProperty watchedProperty() {
        return watched;
    }

    /** Ranks within the budget; null while there are none. */
    ReadOnlyObjectProperty<@Nullable Spread> spreadProperty() {
        return spread.getReadOnlyProperty();
    }

    /** Sentence on why there are no ranks; empty if there are. */
    ReadOnlyStringProperty mistakeProperty() {
        return mistake.getReadOnlyProperty();
    }

    /** Selects the linear maps with their ranks, and saves the selection under a name. */
    void keep() {
        Spread now = spread.get();
        if (now != null) {
            selection.take(now.selection());
            keep.run();
        }
    }

    private void spread() {
        int number = ++asked;
        if (before != null) {
            before.stop();
        }
        ModulesViewModel.Shown shown = modules.shownProperty().get();
        ModuleSelection known = modules.modulesProperty().get();
        LayerSelection now = selection.selectionProperty().get();
        if (!watched.get() || shown == null || known == null || now == null || now.of() != shown.layers()) {
            spread.set(null);
            mistake.set("");
            return;
        }
        String typed = budget.get();
        RankRule by = rule.get();
        int least = minRank.get();
        int most = maxRank.get();
        LayerSelection base = over.get() == Over.SELECTION ? now : null;
        before = queue.submit(Work.quiet(text("budget.spreading"), progress -> {
                    RankBudget within = new RankBudget(RankBudget.parameters(typed, known.full()), by, least, most);
                    return spread(known, shown, base == null ? all(shown, now) : base, within);
                })
                .whenDone(found -> {
                    if (number == asked) {
                        spread.set(found);
                        mistake.set("");
                        follow(found);
                    }
                })
                .whenFailed(thrown -> {
                    if (number == asked) {
                        spread.set(null);
                        mistake.set(ReportedError.of(text("budget.failed"), thrown, null)
                                .sentence());
                    }
                }));
    }

    private static LayerSelection all(ModulesViewModel.Shown shown, LayerSelection now) {
        LayerSelection.Reason reason = now.reason();
        return LayerSelector.select(
                shown.result().importance(), new SelectionRule.TopRatio(1), reason.locks(), reason.undefined());
    }

    private static Spread spread(
            ModuleSelection known, ModulesViewModel.Shown shown, LayerSelection base, RankBudget within) {
        if (base.layers().isEmpty()) {
            throw new UserException(text("budget.nothing"));
        }
        LayerSelection ranked = known.withRanks(base, within);
        return new Spread(ranked, known.ranks(ranked), known.parameters(ranked), within.parameters(), known.full());
    }

    private void follow(Spread found) {
        following = true;
        share.set(Math.min(1, (double) found.budget() / found.full()));
        following = false;
    }
}
