package org.layerwise.gui.study;

import static org.layerwise.gui.common.Messages.text;

import java.nio.file.Path;
import java.util.Objects;
import org.layerwise.base.UserException;
import org.layerwise.gui.analysis.AnalysisForm;
import org.layerwise.gui.common.Dialogs;
import org.layerwise.gui.common.FileDialogs;
import org.layerwise.gui.model.HubViewModel;
import org.layerwise.gui.model.ModelViewModel;
import org.layerwise.gui.session.StudySession;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.run.Provenance;
import org.layerwise.study.model.AdapterBaseModel;
import org.layerwise.study.model.OpenModel;

/**
 * Opens an adapter beside its model and takes it into the next analysis, until it is removed or another model is opened. The open model is
 * taken; without one, the base model of the adapter is opened first.
 */
public final class AdapterOpening {

    private final StudySession session;
    private final ModelViewModel model;
    private final HubViewModel hub;
    private final AnalysisForm analysis;
    private final WorkQueue queue;
    private final FileDialogs files;
    private final Dialogs dialogs;
    private Runnable waiting = () -> {};

    public AdapterOpening(
            StudySession session,
            ModelViewModel model,
            HubViewModel hub,
            AnalysisForm analysis,
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
            if (was != null && (is == null || !was.reference().equals(is.reference()))) {
                forget();
            }
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
        open(folder, false, opened);
    }

    /**
     * Opens an adapter with its own base model, also if another model is open; without a base model in a folder of this computer, as {@link
     * #open(Path, Runnable)} does.
     */
    public void openWithBase(Path folder, Runnable opened) {
        open(folder, true, opened);
    }

    private void open(Path folder, boolean withBase, Runnable opened) {
        String title = text("adapter.reading", name(folder));
        Work.Body<AdapterBaseModel> body = progress -> AdapterBaseModel.read(folder);
        // after a model that is being opened, which may be the one of the adapter
        queue.submit((model.openingProperty().get() ? Work.heavy(title, body) : Work.light(title, body))
                .whenDone(base -> take(folder, base, withBase, opened))
                .whenFailed(dialogs.failure(text("adapter.failed"), () -> open(folder, withBase, opened))));
    }

    private void take(Path folder, AdapterBaseModel base, boolean withBase, Runnable opened) {
        Runnable use = () -> use(folder, base, opened);
        String named = base.model();
        waiting = () -> {}; // for an adapter that was opened earlier
        OpenModel open = session.modelProperty().get();
        boolean replaced = withBase
                && open != null
                && base.place() == AdapterBaseModel.Place.HERE
                && base.remarkOn(folder, open).isPresent();
        if (open != null && !replaced) {
            use.run();
        } else if (named == null) {
            refuse(text("adapter.base.unnamed", name(folder)));
        } else {
            switch (base.place()) {
                case HERE -> model.open(named, use);
                case HUB -> {
                    waiting = use;
                    hub.ask(named);
                    dialogs.notify(text("adapter.hub", named), text("adapter.hub.advice", name(folder)));
                }
                case UNKNOWN -> refuse(text("adapter.base.missing", name(folder), named));
            }
        }
    }

    /** Takes an adapter into the next analysis, as one step of the undo history. */
    private void use(Path folder, AdapterBaseModel base, Runnable opened) {
        boolean rows = session.dataProperty().get() != null;
        session.history().together(analysis, text("undo.adapter"), () -> analysis.useAdapter(folder, rows));
        opened.run();
        base.remarkOn(folder, Objects.requireNonNull(session.modelProperty().get()))
                .ifPresent(remark -> dialogs.notify(text("adapter.other"), remark));
    }

    /** Removes the adapter from the next analysis, as one step of the undo history. */
    public void remove() {
        session.history().together(analysis, text("undo.adapter"), analysis::removeAdapter);
    }

    /** Removes an adapter whose model was closed; no undo puts it on another model. */
    private void forget() {
        if (analysis.adapterProperty().get() != null) {
            session.history().quietly(analysis::removeAdapter);
            session.history().forget(analysis);
        }
    }

    private void refuse(String sentence) {
        dialogs.failure(text("adapter.failed"), null).accept(new UserException(sentence));
    }

    private static String name(Path folder) {
        return Provenance.adapterName(folder.toString());
    }
}
