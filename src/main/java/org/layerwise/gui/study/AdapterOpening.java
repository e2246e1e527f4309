package org.layerwise.gui.study;

import static org.layerwise.gui.common.Messages.text;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.gui.analysis.AnalysisViewModel;
import org.layerwise.gui.common.Dialogs;
import org.layerwise.gui.common.FileDialogs;
import org.layerwise.gui.model.HubViewModel;
import org.layerwise.gui.model.ModelViewModel;
import org.layerwise.gui.session.StudySession;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.run.Provenance;
import org.layerwise.study.model.AdapterBase;
import org.layerwise.study.model.OpenModel;

/**
 * Opens an adapter beside its model, for the next analysis. The open model is taken; without one, the base model of the adapter is opened
 * first.
 */
public final class AdapterOpening {

    private final StudySession session;
    private final ModelViewModel model;
    private final HubViewModel hub;
    private final AnalysisViewModel analysis;
    private final WorkQueue queue;
    private final FileDialogs files;
    private final Dialogs dialogs;
    private Runnable waiting = () -> {};

    /** Creates the object, which must happen after the analysis, so that this removes the adapter of an earlier model first. */
    public AdapterOpening(
            StudySession session,
            ModelViewModel model,
            HubViewModel hub,
            AnalysisViewModel analysis,
            WorkQueue queue,
            FileDialogs files,
            Dialogs dialogs) {
        this.session = session;
        this.model = model;
        this.hub = hub;
        this.analysis = analysis;
        this.queue = queue;
        this.files = files;
        this.dialogs = dialogs;
        session.modelProperty().addListener((observable, was, is) -> {
            Runnable now = waiting;
            waiting = () -> {};
            if (is != null) {
                now.run();
            }
        });
    }

    /**
     * Asks for the folder of an adapter and opens it.
     *
     * @param opened called on the FX thread once the adapter is part of the next analysis
     */
    public void open(Runnable opened) {
        files.openAdapterFolder().ifPresent(folder -> open(folder, opened));
    }

    /**
     * Opens an adapter that PEFT or this program wrote.
     *
     * @param opened called on the FX thread once the adapter is part of the next analysis
     */
    public void open(Path folder, Runnable opened) {
        String title = text("adapter.reading", name(folder));
        Work.Body<AdapterBase> body = progress -> AdapterBase.read(folder);
        // after a model that is being opened, which may be the one of the adapter
        queue.submit((model.openingProperty().get() ? Work.heavy(title, body) : Work.light(title, body))
                .whenDone(base -> take(folder, base, opened))
                .whenFailed(dialogs.failure(text("adapter.failed"), () -> open(folder, opened))));
    }

    private void take(Path folder, AdapterBase base, Runnable opened) {
        OpenModel open = session.modelProperty().get();
        String named = base.model();
        if (open != null) {
            use(folder, opened);
            otherModel(folder, named, open).ifPresent(remark -> dialogs.notify(text("adapter.other"), remark));
        } else if (named == null) {
            refuse(text("adapter.base.unnamed", name(folder)));
        } else {
            switch (base.place()) {
                case HERE -> model.open(named, () -> use(folder, opened));
                case HUB -> {
                    waiting = () -> use(folder, opened);
                    hub.ask(named);
                    dialogs.notify(text("adapter.hub", named), text("adapter.hub.advice", name(folder)));
                }
                case UNKNOWN -> refuse(text("adapter.base.missing", name(folder), named));
            }
        }
    }

    private static Optional<String> otherModel(Path folder, @Nullable String named, OpenModel open) {
        return named == null
                ? Optional.empty()
                : AdapterBase.remarkOnOther(folder, named, open.origin().name());
    }

    private void refuse(String sentence) {
        dialogs.failure(text("adapter.failed"), null).accept(new UserException(sentence));
    }

    private static String name(Path folder) {
        return Provenance.adapterName(folder.toString());
    }

    private void use(Path folder, Runnable opened) {
        analysis.useAdapter(folder);
        opened.run();
    }
}
