package org.layerwise.gui.study;

import java.util.Set;
import org.layerwise.gui.model.HubViewModel;
import org.layerwise.gui.selection.SelectionFiles;
import org.layerwise.settings.Configuration;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.ModelSettings;

/**
 * Panes that a configuration fills.
 *
 * @param study panes whose contents are part of a study as well
 */
public record ConfigurablePanes(StudyPanes study, HubViewModel hub, SelectionFiles selectionFiles) {

    /** Fills in all settings that do not depend on the model. */
    void fill(Configuration configuration) {
        study.model().choices().choose(configuration.model());
        // no pane shows the name, and data that is opened later would receive it
        study.analysis().take(configuration.analysis().unnamed());
        study.analyzeOn().choose(configuration.on());
        study.trainOn().choose(configuration.on());
        if (configuration.keys().contains("ratio")) {
            study.selection().ratioProperty().set(configuration.analysis().ratio());
        }
        if (configuration.keys().contains("undefined")) {
            study.selection().setUndefined(configuration.analysis().undefined());
        }
        DataSettings rows = configuration.rows();
        Integer batch = rows.batch();
        study.training().fill(configuration.training(), batch == null ? DataSettings.DEFAULT_BATCH : batch);
        if (configuration.namesData()) {
            study.data().open(rows);
        } else {
            study.data().prepare(rows);
        }
    }

    /** Returns true if the configuration names the open model or no model. */
    boolean isOpen(Configuration configuration) {
        return !configuration.namesModel()
                || study.model().isOpen(configuration.model().model());
    }

    /**
     * Returns true if the open model was opened with the device, the data type and the loading mode that a
     * configuration names.
     */
    boolean isOpenAs(Configuration configuration) {
        ModelSettings wanted = configuration.model();
        ModelSettings opened = study.model().openedWith();
        Set<String> keys = configuration.keys();
        return opened == null
                || (!keys.contains("device") || wanted.device().equals(opened.device()))
                        && (!keys.contains("dtype") || wanted.type() == opened.type())
                        && (!keys.contains("load") || wanted.loading() == opened.loading())
                        && (!keys.contains("quantize") || wanted.quantization() == opened.quantization());
    }
}
