package org.layerwise.gui.training;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.stream.Stream;
import javafx.beans.value.ObservableValue;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.settings.TrainingSettings;

/** Form with the settings of a training, with the same defaults as the command line. */
public final class TrainingForm {

    private final AdapterFields adapter = new AdapterFields();
    private final OptimiserFields optimiser = new OptimiserFields();
    private final RunFields run = new RunFields();
    private final List<FieldGroup> groups = List.of(adapter.group(), optimiser.group(), run.group());

    /** Returns the fields for the adapters. */
    public AdapterFields adapter() {
        return adapter;
    }

    /** Returns the fields for the optimizer. */
    public OptimiserFields optimiser() {
        return optimiser;
    }

    /** Returns the fields for the task, the evaluation and the saved files. */
    public RunFields run() {
        return run;
    }

    /** Returns all fields in the order of the form. */
    public List<FieldGroup> groups() {
        return groups;
    }

    /** Returns all fields. */
    public Stream<Field<?>> fields() {
        return groups.stream().flatMap(FieldGroup::fields);
    }

    /** Returns the observable values of all fields. */
    public List<ObservableValue<?>> values() {
        return fields().<ObservableValue<?>>map(Field::valueProperty).toList();
    }

    /** Fills the form with all settings except the layers. */
    public void fill(TrainingSettings settings, int rowsABatch) {
        adapter.fill(settings.values());
        optimiser.fill(settings.values(), rowsABatch);
        run.fill(settings.values());
    }

    /** Returns the first visible field with an error. */
    Optional<Field<?>> wrong() {
        return fields().filter(field -> field.shownProperty().getValue())
                .filter(field -> !field.mistakeProperty().get().isEmpty())
                .findFirst();
    }

    /** Returns the error in the first visible field that has one; empty if there is none. */
    public Optional<String> mistake() {
        return wrong().map(field -> field.mistakeProperty().get());
    }

    /**
     * Returns the settings of the form.
     *
     * @param layers layers to train, 0-based; null for all
     */
    public TrainingSettings settings(@Nullable SortedSet<Integer> layers) {
        return new TrainingSettings(layers, null, settingValues());
    }

    /** Returns the values of all valid fields. */
    public SettingValues settingValues() {
        return adapter.values().and(optimiser.values()).and(run.values());
    }
}
