package org.layerwise.gui.study;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.layerwise.gui.analysis.AnalysisViewModel;
import org.layerwise.gui.data.DataViewModel;
import org.layerwise.gui.model.HubViewModel;
import org.layerwise.gui.model.ModelViewModel;
import org.layerwise.gui.model.OpenOptions;
import org.layerwise.gui.selection.SelectionFiles;
import org.layerwise.gui.session.RunLocation;
import org.layerwise.gui.session.SelectionViewModel;
import org.layerwise.gui.training.TrainingForm;
import org.layerwise.selection.LayerSelection;
import org.layerwise.settings.Configuration;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.ModelSettings;

/** Panes that a configuration fills. */
public record ConfigurablePanes(
        ModelViewModel model,
        HubViewModel hub,
        DataViewModel data,
        AnalysisViewModel analysis,
        RunLocation analyzeOn,
        SelectionViewModel selection,
        SelectionFiles selectionFiles,
        TrainingForm form,
        RunLocation trainOn) {

    /** Fills in all settings that do not depend on the model. */
    void fill(Configuration configuration) {
        OpenOptions choices = model.choices();
        choices.choose(configuration.model());
        // no pane shows the name, and data that is opened later would receive it
        analysis.form().take(configuration.analysis().unnamed());
        analyzeOn.choose(configuration.on());
        trainOn.choose(configuration.on());
        if (configuration.keys().contains("ratio")) {
            selection.ratioProperty().set(configuration.analysis().ratio());
        }
        if (configuration.keys().contains("undefined")) {
            selection.setUndefined(configuration.analysis().undefined());
        }
        DataSettings rows = configuration.rows();
        Integer batch = rows.batch();
        form.fill(configuration.training(), batch == null ? DataSettings.DEFAULT_BATCH : batch);
        if (configuration.namesData()) {
            data.open(rows);
        } else {
            data.prepare(rows);
        }
    }

    /** Fills in the target modules, which each new model resets. */
    void fillTargets(Configuration configuration) {
        List<String> targets = configuration.training().adapter().targetModules();
        form.adapter().targetModules().set(targets == null ? List.of() : targets);
    }

    /** Returns true if the configuration names the open model or no model. */
    boolean isOpen(Configuration configuration) {
        return !configuration.namesModel() || model.isOpen(configuration.model().model());
    }

    /**
     * Returns true if the open model was opened with the device, the data type and the loading mode that a
     * configuration names.
     */
    boolean isOpenAs(Configuration configuration) {
        ModelSettings wanted = configuration.model();
        ModelSettings opened = model.openedWith();
        Set<String> keys = configuration.keys();
        return opened == null
                || (!keys.contains("device") || wanted.device().equals(opened.device()))
                        && (!keys.contains("dtype") || wanted.type() == opened.type())
                        && (!keys.contains("load") || wanted.loading() == opened.loading());
    }

    /** Opens the open model again with the current settings. */
    void reopenModel() {
        model.reopen();
    }

    void openModel(String name) {
        model.open(name);
    }

    /** Shows the download of a model from the hub, with the name filled in. */
    void goToHub(String name) {
        hub.nameProperty().set(name);
        model.choosingProperty().set(true);
        hub.wantedProperty().set(true);
    }

    void select(LayerSelection layers) {
        selection.take(layers);
    }

    void openSelection(Path file) {
        selectionFiles.take(file);
    }
}
