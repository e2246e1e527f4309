package org.layerwise.study.experiment;

import org.jspecify.annotations.Nullable;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.settings.Loading;
import org.layerwise.settings.ModelSettings;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.OpenModel;

/**
 * Model of an experiment for computations on this computer. A model that was opened without its weights is opened again
 * with them when it is first needed.
 */
final class LocalModel implements AutoCloseable {

    private final Workbench workbench;
    private final OpenModel open;
    private final ModelSettings wanted;
    private @Nullable OpenModel whole;

    /**
     * Creates a provider of the model.
     *
     * @param open model of the experiment, perhaps without weights
     * @param wanted settings for opening the model with its weights
     */
    LocalModel(Workbench workbench, OpenModel open, ModelSettings wanted) {
        this.workbench = workbench;
        this.open = open;
        this.wanted = wanted;
    }

    /**
     * Returns the model with its weights.
     *
     * @throws org.layerwise.base.UserException if it cannot be opened on this computer
     */
    OpenModel get(Progress progress) {
        if (open.settings().loading() != Loading.NONE) {
            return open;
        }
        OpenModel found = whole;
        if (found == null) {
            found = workbench.openModel(wanted, new PauseSwitch(), progress);
            whole = found;
        }
        return found;
    }

    @Override
    public void close() {
        if (whole != null) {
            whole.close();
            whole = null;
        }
    }
}
