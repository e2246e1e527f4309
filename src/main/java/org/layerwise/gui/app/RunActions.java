package org.layerwise.gui.app;

import static org.layerwise.gui.common.Messages.text;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.layerwise.base.UserException;
import org.layerwise.gui.common.Clipboards;
import org.layerwise.gui.common.Dialogs;
import org.layerwise.gui.run.RunAction;
import org.layerwise.gui.session.RunEntry;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.run.Run;
import org.layerwise.run.RunFileNames;
import org.layerwise.settings.Configuration;
import org.layerwise.settings.EquivalentCommand;

/**
 * Actions on a run that has ended.
 *
 * @param web opens an address, also one of a folder, outside the program
 */
record RunActions(Actions actions, WorkQueue queue, Dialogs dialogs, Consumer<URI> web) {

    /** Folder of the new run in a copied command, a placeholder that users replace. */
    private static final Path AGAIN = Path.of("run");

    /** Returns all actions, in the order in which they are offered. */
    List<RunAction> all() {
        return List.of(
                new RunAction("predictions", RunActions::hasAdapter, actions::predict),
                new RunAction("adapter", RunActions::hasAdapter, run -> actions.openAdapterWithBase(adapter(run))),
                new RunAction("compare", RunActions::hasSteps, actions::compare),
                new RunAction("repeat", RunActions::hasEnded, run -> actions.repeat(run.folder())),
                new RunAction("trajectory", RunActions::hasSteps, run -> actions.computeTrajectory(run.folder())),
                new RunAction("command", run -> hasEnded(run) && run.of() > 0, this::copyCommand),
                new RunAction("methods", RunActions::hasAdapter, this::copyMethods),
                new RunAction(
                        "folder",
                        RunActions::hasEnded,
                        run -> web.accept(run.folder().toUri())));
    }

    private static Path adapter(RunEntry run) {
        return run.folder().resolve(RunFileNames.ADAPTER);
    }

    /** Returns true if a run has ended with an adapter, finished or cancelled. */
    private static boolean hasAdapter(RunEntry run) {
        return hasEnded(run) && run.summaryProperty().get() != null;
    }

    private static boolean hasSteps(RunEntry run) {
        return hasEnded(run) && !run.steps().isEmpty();
    }

    private static boolean hasEnded(RunEntry run) {
        return !run.stateProperty().get().active();
    }

    private void copyCommand(RunEntry run) {
        copy(run, progress -> {
            Run read = Run.open(run.folder());
            Configuration began = read.configuration();
            return EquivalentCommand.train(began.model(), began.rows(), read.training(began, run.of()), AGAIN)
                    .commandLine();
        });
    }

    private void copyMethods(RunEntry run) {
        Path file = run.folder().resolve(RunFileNames.METHODS);
        copy(run, progress -> {
            if (!Files.isRegularFile(file)) {
                throw new UserException(text("run.copying.nothing", file));
            }
            return Files.readString(file);
        });
    }

    private void copy(RunEntry run, Work.Body<String> words) {
        queue.submit(Work.light(text("run.copying", run.number()), words)
                .whenDone(read -> {
                    Clipboards.put(read);
                    dialogs.notify(text("copy.done"), read.lines().findFirst().orElse(""));
                })
                .whenFailed(dialogs.failure(text("run.copying.failed"), null)));
    }
}
