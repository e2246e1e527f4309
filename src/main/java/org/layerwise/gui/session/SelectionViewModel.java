package org.layerwise.gui.session;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javafx.beans.property.DoubleProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleDoubleProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableValue;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.gui.common.Messages;
import org.layerwise.lora.LoraVariant;
import org.layerwise.selection.LayerKind;
import org.layerwise.selection.LayerKinds;
import org.layerwise.selection.LayerLocks;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.SelectionRule;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.study.analysis.MeasureResult;
import org.layerwise.study.model.OpenModel;

/**
 * Layers that receive adapters. Charts, list and counts share this one selection and change it only through this class.
 * A ratio selects layers by importance. A click on a layer makes the selection manual, until the ratio is changed.
 */
public final class SelectionViewModel {

    /** Default ratio. */
    public static final double DEFAULT_RATIO = AnalysisSettings.DEFAULT_RATIO;

    /** Key of the slider in the undo history, which joins the changes of one drag. */
    private static final String RATIO = "ratio";

    private final StudySession session;
    private final CountedAdapters adapters;
    private final DoubleProperty ratio = new SimpleDoubleProperty(DEFAULT_RATIO);
    private final ReadOnlyObjectWrapper<@Nullable LayerImportance> importance = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable LayerSelection> selection = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable AdapterCounts> counts = new ReadOnlyObjectWrapper<>();
    private final ObjectProperty<@Nullable Integer> highlighted = new SimpleObjectProperty<>();
    private ChosenLayers choice = ChosenLayers.of(DEFAULT_RATIO, UndefinedLayers.EXCLUDE);
    private boolean chosen;
    private boolean following;

    /**
     * @param rank rank of the adapters, for the counts; null while it is not known
     * @param targetModules modules that receive adapters in a selected layer, for the counts; empty for the default of
     *     the model family
     * @param targetParameters weights of experts that receive adapters in a selected layer, for the counts
     * @param variant variant of the adapters, for the counts
     */
    public SelectionViewModel(
            StudySession session,
            ObservableValue<@Nullable Integer> rank,
            ObservableValue<? extends List<String>> targetModules,
            ObservableValue<? extends List<String>> targetParameters,
            ObservableValue<LoraVariant> variant) {
        this.session = session;
        adapters = new CountedAdapters(rank, targetModules, targetParameters, variant);
        session.modelProperty().addListener((model, was, is) -> onModelChanged(is));
        session.analysisProperty().addListener((analysis, was, is) -> follow(is));
        session.resultProperty().addListener((result, was, is) -> {
            if (is != null) {
                follow(session.analysisProperty().get());
            }
        });
        adapters.onChange(this::count);
        ratio.addListener((observable, was, is) -> {
            if (!following) {
                chooseByRatio(is.doubleValue());
            }
        });
    }

    /**
     * Share of the layers to select, above 0 and at most 1. A change of the value selects the last layers if these are selected,
     * otherwise by importance; before an analysis, it is the share that the first analysis will select.
     */
    public DoubleProperty ratioProperty() {
        return ratio;
    }

    /**
     * Importance on which the selection is based; undefined for every layer before an analysis, null without model and
     * analysis.
     */
    public ReadOnlyObjectProperty<@Nullable LayerImportance> importanceProperty() {
        return importance.getReadOnlyProperty();
    }

    /** Selection; null without model and analysis. */
    public ReadOnlyObjectProperty<@Nullable LayerSelection> selectionProperty() {
        return selection.getReadOnlyProperty();
    }

    /** Numbers of adapter parameters; null without a model or while the target modules match nothing. */
    public ReadOnlyObjectProperty<@Nullable AdapterCounts> countsProperty() {
        return counts.getReadOnlyProperty();
    }

    /** Layer under the pointer or the keyboard focus, shared by all panes; null if there is none. */
    public ObjectProperty<@Nullable Integer> highlightedProperty() {
        return highlighted;
    }

    /** Analysis on which the selection is based. */
    public ReadOnlyObjectProperty<@Nullable AnalysisEntry> analysisProperty() {
        return session.analysisProperty();
    }

    /** Result on which the selection is based. */
    public ReadOnlyObjectProperty<@Nullable MeasureResult> resultProperty() {
        return session.resultProperty();
    }

    /**
     * Observable value that is true if the open model can be trained on this computer, or if there is no model. A model
     * that was opened without its weights can be trained only on a cluster.
     */
    public ObservableValue<Boolean> trainableHere() {
        return session.modelProperty()
                .map(model -> !model.card().memory().nothing())
                .orElse(true);
    }

    /** Returns the name of the model of the selection; null without one. */
    public @Nullable String model() {
        OpenModel open = session.modelProperty().get();
        AnalysisEntry seen = session.analysisProperty().get();
        return open != null
                ? open.card().name()
                : seen == null ? null : seen.analysis().model();
    }

    /** Returns true if the user has changed the selection, so that it is not only the proposal of the program. */
    public boolean chosen() {
        return chosen;
    }

    /** Returns true if there are importances to select by. */
    public boolean ranked() {
        return session.analysisProperty().get() != null;
    }

    /** Returns the treatment of layers without importance. */
    public UndefinedLayers undefined() {
        return choice.undefined();
    }

    /** Sets the treatment of layers without importance: left out, or ranked first. */
    public void setUndefined(UndefinedLayers undefined) {
        if (ranked()) {
            choose(choice.with(undefined), null);
        } else {
            choice = choice.with(undefined);
            apply();
        }
    }

    /** Selects a layer or deselects it, unless it is locked. The selection is manual from then on. */
    public void toggle(int layer) {
        LayerSelection now = selection.get();
        if (now == null || lock(layer) != LayerLock.NONE) {
            return;
        }
        SortedSet<Integer> layers = new TreeSet<>(now.layers());
        if (!layers.remove(layer)) {
            layers.add(layer);
        }
        chooseByHand(layers);
    }

    /** Selects every layer that is not locked. */
    public void selectAll() {
        LayerImportance known = importance.get();
        if (known != null) {
            chooseByHand(
                    new TreeSet<>(IntStream.range(0, known.layers()).boxed().toList()));
        }
    }

    /** Selects exactly the given layers, except for locked layers. */
    public void selectOnly(SortedSet<Integer> layers) {
        chooseByHand(layers);
    }

    /** Deselects every layer that is not locked. */
    public void selectNone() {
        chooseByHand(Collections.emptySortedSet());
    }

    /** Inverts the selection of every layer that is not locked. */
    public void invert() {
        LayerSelection now = selection.get();
        if (now != null) {
            SortedSet<Integer> others =
                    new TreeSet<>(IntStream.range(0, now.of()).boxed().toList());
            others.removeAll(now.layers());
            chooseByHand(others);
        }
    }

    /**
     * Takes over a selection, for example from a file. Keeps its rule and its locks if they select the same layers with
     * the current importances, which may be those of another analysis. Otherwise selects its layers manually. Its linear maps and
     * their ranks stay until the layers are chosen in another way.
     */
    public void take(LayerSelection other) {
        LayerSelection.Reason reason = other.reason();
        ChosenLayers byHand =
                choice.with(new SelectionRule.ByHand(other.layers())).with(reason.undefined());
        ChosenLayers locked = byHand.with(reason.locks());
        ChosenLayers byRule = ranked() && holds(reason.rule()) ? locked.with(reason.rule()) : locked;
        choose(
                Stream.of(byRule, locked)
                        .filter(one -> selects(one, other.layers()))
                        .findFirst()
                        .orElse(byHand.with(LayerLocks.none()))
                        .withMaps(other),
                null);
    }

    /** Returns false for a rule that names layers of a kind which are of others on display. */
    private boolean holds(SelectionRule rule) {
        LayerImportance known = importance.get();
        return known == null
                || !(rule instanceof SelectionRule.OfKind of)
                || session.kinds(known.layers()).layers(of.kind()).equals(of.layers());
    }

    private boolean selects(ChosenLayers one, SortedSet<Integer> layers) {
        LayerImportance known = importance.get();
        return known != null && one.of(known).layers().equals(layers);
    }

    /** Selects by importance again, with the current ratio. */
    public void selectByRatio() {
        chooseMostImportant(ratio.get(), null);
    }

    /** Selects the layers nearest to the output, as many as the ratio gives. */
    public void selectLast() {
        LayerImportance known = importance.get();
        if (known != null) {
            choose(choice.with(last(ratio.get(), known)), null);
        }
    }

    /** Returns true if the layers nearest to the output are selected, whatever their importance. */
    public boolean selectsLast() {
        return choice.rule() instanceof SelectionRule.LastLayers;
    }

    private static SelectionRule last(double part, LayerImportance known) {
        return SelectionRule.LastLayers.of(new SelectionRule.TopRatio(part).count(known.layers()), known.layers());
    }

    /** Returns the lock of a layer. */
    public LayerLock lock(int layer) {
        return choice.locks().always().contains(layer)
                ? LayerLock.ALWAYS
                : choice.locks().never().contains(layer) ? LayerLock.NEVER : LayerLock.NONE;
    }

    /** Locks a layer or unlocks it. The current rule then selects again. */
    public void setLock(int layer, LayerLock lock) {
        List<Integer> always = new ArrayList<>(choice.locks().always());
        List<Integer> never = new ArrayList<>(choice.locks().never());
        always.remove((Integer) layer);
        never.remove((Integer) layer);
        if (lock != LayerLock.NONE) {
            (lock == LayerLock.ALWAYS ? always : never).add(layer);
        }
        choose(choice.with(LayerLocks.of(always, never)), null);
    }

    /** Unlocks every layer. */
    public void clearLocks() {
        choose(choice.with(LayerLocks.none()), null);
    }

    /** Returns the kinds of the layers, as far as they differ: of the analysis, or of the model without one. */
    public LayerKinds kinds() {
        LayerSelection now = selection.get();
        return now == null ? LayerKinds.NONE : session.kinds(now.of());
    }

    /** Selects all layers of a kind. */
    public void choose(LayerKind kind) {
        if (importance.get() != null) {
            choose(choice.with(new SelectionRule.OfKind(kind, kinds().layers(kind))), null);
        }
    }

    private void chooseByRatio(double part) {
        LayerImportance known = importance.get();
        if (known != null && selectsLast()) {
            choose(choice.with(part).with(last(part, known)), RATIO);
        } else {
            chooseMostImportant(part, RATIO);
        }
    }

    private void chooseMostImportant(double part, @Nullable Object pull) {
        if (ranked()) {
            choose(choice.with(new SelectionRule.TopRatio(part)), pull);
        } else {
            choice = choice.with(part);
        }
    }

    private void chooseByHand(SortedSet<Integer> layers) {
        if (importance.get() != null) {
            choose(choice.with(new SelectionRule.ByHand(layers)), null);
        }
    }

    /** @param pull key of the changes in the undo history that this change may be joined with; null for none */
    private void choose(ChosenLayers next, @Nullable Object pull) {
        ChosenLayers before = choice;
        if (importance.get() == null || next.equals(before)) {
            return;
        }
        session.history().record(this, pull, Messages.text("undo.selection"), () -> put(before), () -> put(next));
        put(next);
    }

    private void put(ChosenLayers next) {
        choice = next;
        chosen = true;
        apply();
    }

    /** Resets the selection for a new model, unless the model belongs to the analysis that was opened before it. */
    private void onModelChanged(@Nullable OpenModel model) {
        AnalysisEntry seen = session.analysisProperty().get();
        if (model != null && seen != null && StudySession.of(model, seen.analysis())) {
            count();
        } else {
            reset();
        }
    }

    private void restart() {
        session.history().forget(this);
        chosen = false;
        choice = ChosenLayers.of(choice.ratio(), choice.undefined()); // neither belongs to a model
        highlighted.set(null);
    }

    private void reset() {
        restart();
        OpenModel model = session.modelProperty().get();
        if (model == null) {
            importance.set(null);
        } else {
            importance.set(unknown(model.card().layers()));
            choice = choice.with(SelectionRule.ByHand.of(
                    IntStream.range(0, model.card().layers()).boxed().toList()));
        }
        apply();
    }

    private void follow(@Nullable AnalysisEntry entry) {
        if (entry == null) {
            reset();
            return;
        }
        LayerImportance before = importance.get();
        if (before == null || before.layers() != entry.analysis().layers()) {
            restart(); // the previous choices, locks and undo history belong to other layers
        }
        boolean first = !chosen && choice.rule() instanceof SelectionRule.ByHand;
        MeasureResult seen = session.resultProperty().get();
        importance.set(seen == null ? entry.analysis().importance() : seen.importance());
        if (first) {
            choice = choice.with(new SelectionRule.TopRatio(ratio.get()));
        } else if (choice.rule() instanceof SelectionRule.OfKind of && !holds(of)) {
            choice = choice.with(new SelectionRule.ByHand(of.layers()));
        }
        apply();
    }

    private void apply() {
        LayerImportance known = importance.get();
        following = true;
        ratio.set(choice.ratio());
        following = false;
        selection.set(known == null ? null : choice.of(known));
        count();
    }

    private void count() {
        OpenModel model = session.modelProperty().get();
        LayerSelection now = selection.get();
        counts.set(model == null || now == null ? null : adapters.count(model, now));
    }

    private static LayerImportance unknown(int layers) {
        return LayerImportance.ofSimilarities(
                Collections.nCopies(layers, new Similarity.Undefined(Messages.text("selection.not.analyzed"))));
    }
}
