package org.layerwise.gui.data;

import static org.layerwise.gui.common.Messages.text;

import javafx.beans.binding.Bindings;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.scene.Node;
import javafx.scene.control.CheckMenuItem;
import javafx.scene.control.ComboBox;
import javafx.scene.control.MenuButton;
import org.jspecify.annotations.Nullable;
import org.layerwise.data.SamplingMode;
import org.layerwise.data.TaskPreset;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.Spinners;
import org.layerwise.gui.common.Tooltips;

/** Controls for the preset of the data, the choice of rows, and the compatibility with the reference implementation. */
record RowChoices(DataViewModel data) {

    /** Returns the choice of a preset, shown only for files. */
    Node preset() {
        ObservableList<@Nullable TaskPreset> presets = FXCollections.observableArrayList();
        presets.add(null);
        presets.addAll(TaskPreset.values());
        ComboBox<@Nullable TaskPreset> combo = new ComboBox<>(presets);
        combo.setId("data-preset");
        combo.setConverter(Nodes.words(preset -> preset == null ? text("data.preset.none") : preset.title()));
        combo.valueProperty().bindBidirectional(data.presetProperty());
        Node field = DataView.field("data.preset", combo);
        Nodes.showWhen(field, Bindings.createBooleanBinding(() -> !data.sample(), data.locationProperty()));
        return field;
    }

    /** Returns the choice of the rows to read if there are more than the maximum. */
    Node sampling() {
        ComboBox<SamplingMode> combo = new ComboBox<>(FXCollections.observableArrayList(SamplingMode.values()));
        combo.setId("data-sampling");
        combo.setConverter(Nodes.words(sampling -> sampling == null ? "" : text("data.sampling." + sampling.id())));
        combo.valueProperty().bindBidirectional(data.samplingProperty());
        return DataView.field("data.sampling", combo);
    }

    /** Returns the field for the seed, shown only for randomly sampled rows. */
    Node seed() {
        Node field = DataView.field("data.seed", Spinners.seed("sampling-seed", data.samplingSeedProperty()));
        Nodes.showWhen(field, data.samplingProperty().map(sampling -> sampling != SamplingMode.FIRST));
        return field;
    }

    /** Returns the button with the compatibility switches, which are rarely needed. */
    Node switches() {
        CheckMenuItem end = new CheckMenuItem(text("data.compat.eos-is-padding"));
        end.selectedProperty().bindBidirectional(data.endIsPaddingProperty());
        CheckMenuItem types = new CheckMenuItem(text("data.compat.no-token-types"));
        types.selectedProperty().bindBidirectional(data.noTokenTypesProperty());
        MenuButton button = new MenuButton(text("data.compat.none"), null, end, types);
        button.setId("data-compat");
        button.textProperty()
                .bind(Bindings.when(end.selectedProperty().or(types.selectedProperty()))
                        .then(text("data.compat.some"))
                        .otherwise(text("data.compat.none")));
        Tooltips.set(button, text("data.compat.tip"));
        return DataView.field("data.compat", button);
    }
}
