package org.layerwise.gui.study;

import static org.layerwise.gui.common.Messages.text;

import java.nio.file.Path;
import org.layerwise.base.UserException;
import org.layerwise.gui.analysis.AnalysisForm;
import org.layerwise.gui.common.Dialogs;
import org.layerwise.gui.common.FileDialogs;
import org.layerwise.gui.model.ModelViewModel;
import org.layerwise.gui.session.StudySession;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.study.adapter.AdapterBase;

/**
 * Opens an adapter beside its model, for an analysis. The open model is taken; without one, the base model that the adapter names is opened
 * first.
 */
public record AdapterOpening(
        StudySession session,
        ModelViewModel model,
        AnalysisForm form,
        WorkQueue queue,
        FileDialogs files,
        Dialogs dialogs) {

    /** Asks for the folder of an adapter and opens it. */
    public void open() {
        files.openAdapterFolder().ifPresent(this::open);
    }

    /** Opens an adapter that PEFT or this program wrote. */
    public void open(Path folder) {
        queue.submit(Work.light(text("adapter.reading", folder.getFileName()), progress -> AdapterBase.read(folder))
                .whenDone(base -> show(folder, base))
                .whenFailed(dialogs.failure(text("adapter.failed"), () -> open(folder))));
    }

    private void show(Path folder, AdapterBase base) {
        String named = base.model();
        if (session.modelProperty().get() != null) {
            use(folder);
        } else if (named == null || base.place() == AdapterBase.Place.UNKNOWN) {
            String missing = named == null ? text("adapter.base.unnamed") : named;
            dialogs.failure(text("adapter.failed"), null)
                    .accept(new UserException(text("adapter.base.missing", folder.getFileName(), missing)));
        } else if (base.place() == AdapterBase.Place.HERE || agreed(named)) {
            model.open(named, () -> use(folder));
        }
    }

    private boolean agreed(String model) {
        return dialogs.confirm(
                text("adapter.base.title"),
                text("adapter.base.sentence", model),
                text("adapter.base.open"),
                text("adapter.base.keep"));
    }

    private void use(Path folder) {
        form.useAdapter(folder, session.dataProperty().get() != null);
    }
}
