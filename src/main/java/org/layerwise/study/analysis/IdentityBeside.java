package org.layerwise.study.analysis;

import org.jspecify.annotations.Nullable;
import org.layerwise.base.BackgroundTask;
import org.layerwise.base.Progress;
import org.layerwise.run.ModelIdentity;
import org.layerwise.study.model.OpenModel;

/**
 * Identity of a model, for which all its weight files may have to be read, computed on a thread of its own beside an
 * analysis. Closing it stops the computation and waits for its end.
 */
final class IdentityBeside implements AutoCloseable {

    private final OpenModel model;
    private final @Nullable BackgroundTask<ModelIdentity> task;

    /**
     * Creates an identity.
     *
     * @param beside true to compute it at once on a thread of its own; false to compute it when it is asked for, for
     *     weights that the analysis reads from the disk again and again
     */
    IdentityBeside(OpenModel model, boolean beside) {
        this.model = model;
        this.task = beside ? BackgroundTask.start("identify model", model::identity) : null;
    }

    /**
     * Returns the identity, and waits for it if necessary.
     *
     * @throws org.layerwise.base.UserException for the reasons of {@link OpenModel#identity}
     * @throws org.layerwise.base.CancelledException if the progress is cancelled
     */
    ModelIdentity get(Progress progress) {
        if (task == null) {
            return model.identity(progress);
        }
        progress.report(0, "Identifying the model");
        return task.await(progress);
    }

    @Override
    public void close() {
        if (task != null) {
            task.close();
        }
    }
}
