package org.layerwise.study.experiment;

import org.jspecify.annotations.Nullable;
import org.layerwise.base.Pause;
import org.layerwise.base.Progress;
import org.layerwise.study.Loading;
import org.layerwise.study.ModelSettings;
import org.layerwise.study.OpenModel;
import org.layerwise.study.Workbench;

/** The model of an experiment as something here computes with it: one that was opened without its weights is opened again. */
final class ModelHere implements AutoCloseable {

    private final Workbench workbench;
    private final OpenModel open;
    private final ModelSettings wanted;
    private @Nullable OpenModel whole;

    /** @param wanted how people want it to be opened */
    ModelHere(Workbench workbench, OpenModel open, ModelSettings wanted) {
        this.workbench = workbench;
        this.open = open;
        this.wanted = wanted;
    }

    /** @throws org.layerwise.base.UserException if it cannot be opened here */
    OpenModel get(Progress progress) {
        if (open.settings().loading() != Loading.NONE) {
            return open;
        }
        OpenModel found = whole;
        if (found == null) {
            found = workbench.openModel(wanted, new Pause(), progress);
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
