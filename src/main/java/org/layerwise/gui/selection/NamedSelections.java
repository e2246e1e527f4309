package org.layerwise.gui.selection;

import static org.layerwise.gui.common.Messages.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.beans.Observable;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.gui.session.SelectionViewModel;
import org.layerwise.gui.session.StudySession;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.RankBudget;
import org.layerwise.selection.SelectionDiff;
import org.layerwise.selection.SelectionRule;
import org.layerwise.study.document.NamedSelection;

/** Saved selections of the study, and the difference between two selections. */
public final class NamedSelections {

    private final StudySession session;
    private final SelectionViewModel selection;
    private final ObservableList<Choice> choices = FXCollections.observableArrayList();
    private final ObservableList<Choice> shownChoices = FXCollections.unmodifiableObservableList(choices);
    private final ObjectProperty<@Nullable Choice> first = new SimpleObjectProperty<>();
    private final ObjectProperty<@Nullable Choice> second = new SimpleObjectProperty<>();
    private final ReadOnlyObjectWrapper<@Nullable SelectionDiff> diff = new ReadOnlyObjectWrapper<>();

    /**
     * A selection that can be compared.
     *
     * @param kept saved selection; null for the current selection
     */
    public record Choice(@Nullable NamedSelection kept) {

        /** Returns the name in the user interface. */
        public String name() {
            return kept == null ? text("kept.current") : kept.name();
        }
    }

    private static final Choice CURRENT = new Choice(null);

    public NamedSelections(StudySession session, SelectionViewModel selection) {
        this.session = session;
        this.selection = selection;
        session.kept().addListener((Observable changed) -> offer());
        for (Observable part : List.of(first, second, selection.selectionProperty())) {
            part.addListener(changed -> compare());
        }
        offer();
    }

    /** Returns the selections that can be compared: the current one and the saved ones. */
    public ObservableList<Choice> choices() {
        return shownChoices;
    }

    /** First side of the comparison; null while nothing is chosen. */
    public ObjectProperty<@Nullable Choice> firstProperty() {
        return first;
    }

    /** Second side of the comparison; null while nothing is chosen. */
    public ObjectProperty<@Nullable Choice> secondProperty() {
        return second;
    }

    /**
     * Difference between the two sides; null while a side is missing or if the sides have different numbers of layers.
     */
    public ReadOnlyObjectProperty<@Nullable SelectionDiff> diffProperty() {
        return diff.getReadOnlyProperty();
    }

    /** Saves the current selection under a name that describes it. */
    public void keep() {
        LayerSelection now = selection.selectionProperty().get();
        if (now != null) {
            keep(name(now), now);
        }
    }

    /** Saves a selection; appends a number to the name if the name exists. */
    public void keep(String name, LayerSelection layers) {
        NamedSelection kept = new NamedSelection(unused(name), layers);
        session.kept().add(kept);
        session.history()
                .record(this, null, text("undo.kept"), () -> session.kept().remove(kept), () -> session.kept()
                        .add(kept));
    }

    /** Selects the layers of a saved selection. */
    public void use(NamedSelection kept) {
        selection.take(kept.selection());
    }

    /** Returns true if a saved selection has the same number of layers as the current selection. */
    public boolean fits(NamedSelection kept) {
        LayerSelection now = selection.selectionProperty().get();
        return now != null && now.of() == kept.selection().of();
    }

    /** Renames a saved selection. Ignores an empty name and a name that exists. */
    public void rename(NamedSelection kept, String name) {
        String wanted = name.strip();
        boolean taken = session.kept().stream().anyMatch(one -> one.name().equals(wanted));
        if (!wanted.isEmpty() && !taken) {
            replace(kept, new NamedSelection(wanted, kept.selection()));
        }
    }

    private void replace(NamedSelection was, NamedSelection is) {
        put(was, is);
        session.history().record(this, null, text("undo.kept.name"), () -> put(is, was), () -> put(was, is));
    }

    private void put(NamedSelection was, NamedSelection is) {
        int at = session.kept().indexOf(was);
        if (at >= 0) {
            boolean left = was.equals(kept(first.get()));
            boolean right = was.equals(kept(second.get()));
            session.kept().set(at, is);
            first.set(left ? new Choice(is) : first.get());
            second.set(right ? new Choice(is) : second.get());
        }
    }

    private static @Nullable NamedSelection kept(@Nullable Choice choice) {
        return choice == null ? null : choice.kept();
    }

    /** Deletes a saved selection. */
    public void delete(NamedSelection kept) {
        int at = session.kept().indexOf(kept);
        if (at >= 0) {
            session.kept().remove(at);
            session.history()
                    .record(
                            this,
                            null,
                            text("undo.kept.delete"),
                            () -> session.kept().add(Math.min(at, session.kept().size()), kept),
                            () -> session.kept().remove(kept));
        }
    }

    /** Compares the current selection with a saved one. */
    public void compare(NamedSelection kept) {
        first.set(CURRENT);
        second.set(new Choice(kept));
    }

    private void offer() {
        List<Choice> now = new ArrayList<>(List.of(CURRENT));
        session.kept().forEach(kept -> now.add(new Choice(kept)));
        if (!choices.equals(now)) {
            Choice left = first.get();
            Choice right = second.get();
            choices.setAll(now);
            first.set(now.contains(left) ? left : CURRENT);
            second.set(now.contains(right) ? right : now.size() > 1 ? now.get(now.size() - 1) : null);
        }
    }

    private void compare() {
        LayerSelection one = layers(first.get());
        LayerSelection other = layers(second.get());
        diff.set(one == null || other == null || one.of() != other.of() ? null : SelectionDiff.of(one, other));
    }

    private @Nullable LayerSelection layers(@Nullable Choice choice) {
        if (choice == null) {
            return null;
        }
        return Optional.ofNullable(choice.kept())
                .map(NamedSelection::selection)
                .orElse(selection.selectionProperty().get());
    }

    private static String name(LayerSelection layers) {
        String count = text("kept.name", layers.layers().size(), layers.of());
        SelectionRule rule = layers.reason().rule();
        RankBudget budget = layers.reason().budget();
        String by = rule instanceof SelectionRule.ByHand
                ? text("kept.name.hand", count)
                : text("kept.name.rule", count, rule.words());
        return budget == null ? by : text("selection.by.budget", by, NumberTexts.exact(budget.parameters()));
    }

    private String unused(String name) {
        String free = name;
        for (int number = 2; taken(free); number++) {
            free = "%s (%s)".formatted(name, number);
        }
        return free;
    }

    private boolean taken(String name) {
        return session.kept().stream().anyMatch(kept -> kept.name().equals(name));
    }
}
