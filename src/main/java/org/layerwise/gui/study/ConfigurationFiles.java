package org.layerwise.gui.study;

import static org.layerwise.gui.common.Messages.text;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.gui.common.Dialogs;
import org.layerwise.gui.common.ReportedError;
import org.layerwise.gui.session.StudySession;
import org.layerwise.gui.tasks.FxExecutor;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.selection.LayerSelection;
import org.layerwise.settings.Configuration;
import org.layerwise.study.model.ModelLocator;
import org.layerwise.study.model.OpenModel;

/**
 * Opens YAML files of settings, in the format of {@code --config}, in the panes. The layers and the target modules,
 * which need the model, wait until the model is open.
 */
public final class ConfigurationFiles {

    /** Keys without a field in the window. The commands {@code train}, {@code analyze} and {@code select} read them. */
    private static final Set<String> NOT_IN_WINDOW = Set.of(
            "representations", "adapter", "reference", "top", "threshold", "last", "kind", "always", "never", "name");

    private final StudySession session;
    private final WorkQueue queue;
    private final Dialogs dialogs;
    private final ConfigurablePanes panes;
    private @Nullable Configuration waiting;

    /**
     * Creates the object, which must happen after the creation of the view models of the panes, so that they receive a
     * new model first.
     */
    public ConfigurationFiles(
            StudySession session, WorkQueue queue, FxExecutor ui, Dialogs dialogs, ConfigurablePanes panes) {
        this.session = session;
        this.queue = queue;
        this.dialogs = dialogs;
        this.panes = panes;
        // the panes show the model before the user is asked about it
        session.modelProperty().addListener((observable, was, is) -> ui.run(this::onModelChanged));
    }

    /** Returns true if a file is a configuration, judged by its name. */
    public static boolean isConfiguration(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return name.endsWith(".yaml") || name.endsWith(".yml");
    }

    /** Fills the panes with the settings of a file. */
    public void open(Path file) {
        queue.submit(Work.light(text("config.opening", file.getFileName()), progress -> Configuration.read(file))
                .whenDone(this::take)
                .whenFailed(dialogs.failure(text("config.failed"), () -> open(file))));
    }

    private void take(Configuration configuration) {
        waiting = null;
        session.history().together(this, text("undo.configuration"), () -> panes.fill(configuration));
        OpenModel open = session.modelProperty().get();
        List<String> said = new ArrayList<>();
        if (open == null || !panes.isOpen(configuration)) {
            waiting = configuration;
            said.add(model(configuration));
        } else if (!panes.isOpenAs(configuration)) {
            waiting = configuration;
            panes.study().model().reopen();
            said.add(text("config.opening.model", open.card().name()));
        } else {
            apply(configuration, open, said);
        }
        Set<String> unused = new TreeSet<>(configuration.keys());
        unused.retainAll(NOT_IN_WINDOW);
        if (!unused.isEmpty()) {
            said.add(text("config.unused", String.join(", ", unused)));
        }
        if (!configuration.namesData()) {
            said.add(text("config.no.data"));
        }
        dialogs.notify(text("config.opened", configuration.file().getFileName()), String.join(" ", said));
    }

    /**
     * Opens the model if it is on this computer; otherwise shows the download from the hub. Returns a sentence about
     * it.
     */
    private String model(Configuration configuration) {
        if (!configuration.namesModel()) {
            return text("config.any.model");
        }
        String name = configuration.model().model();
        try {
            if (ModelLocator.isOnHub(name)) {
                panes.hub().ask(name);
                return text("config.hub.model", name);
            }
        } catch (UserException e) {
            dialogs.error(ReportedError.of(text("config.model.failed"), e, null));
            return text("config.no.model", name);
        }
        panes.study().model().open(name);
        return text("config.opening.model", name);
    }

    /** Fills in the rest of a configuration that was waiting for the model that was opened. */
    private void onModelChanged() {
        OpenModel model = session.modelProperty().get();
        Configuration configuration = waiting;
        if (model == null || configuration == null) {
            return;
        }
        if (panes.isOpen(configuration) || takesAnother(configuration, model)) {
            waiting = null;
            List<String> said = new ArrayList<>();
            apply(configuration, model, said);
            dialogs.notify(text("config.opened", configuration.file().getFileName()), String.join(" ", said));
        }
    }

    /**
     * Asks if a configuration is meant for the open model, since the same model can be in a folder with another name.
     */
    private boolean takesAnother(Configuration configuration, OpenModel model) {
        return dialogs.confirm(
                text("config.other.title"),
                text(
                        "config.other.sentence",
                        configuration.file().getFileName(),
                        configuration.model().model(),
                        model.card().name()),
                text("config.other.action"),
                text("config.other.keep"));
    }

    private void apply(Configuration configuration, OpenModel model, List<String> said) {
        panes.study().fillTargets(configuration.training());
        int of = model.card().layers();
        try {
            SortedSet<Integer> layers = configuration.layers(of);
            if (layers != null) {
                panes.study().selection().take(LayerSelection.byHand(layers, of));
                said.add(text("config.layers", layers.size(), of));
                return;
            }
        } catch (UserException e) {
            dialogs.error(ReportedError.of(text("config.layers.failed"), e, null));
            said.add(text("config.layers.not"));
            return;
        }
        Path selection = configuration.selection();
        if (selection == null) {
            said.add(text("config.filled"));
        } else if (Files.isRegularFile(selection)) {
            panes.selectionFiles().take(selection);
            said.add(text("config.selection", selection));
        } else {
            said.add(text("config.no.selection", selection));
        }
    }
}
