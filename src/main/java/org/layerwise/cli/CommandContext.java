package org.layerwise.cli;

import java.util.Map;
import java.util.function.Supplier;
import org.layerwise.base.PlainText;
import org.layerwise.study.AppFolders;
import org.layerwise.study.ModelNames;
import org.layerwise.study.Workbench;

/**
 * What a command works with: streams, the user's folders, whether it is to stop, and the environment variables that say
 * where models of the hub are.
 */
record CommandContext(Console console, AppFolders folders, Cancellation cancellation, Map<String, String> environment) {

    private static final String DOWNLOAD_KEPT =
            "stopped; what was downloaded is kept, and the same command goes on from there.";

    /** The work of a command. */
    @FunctionalInterface
    interface Work {
        void run(Workbench workbench, ConsoleProgress progress);
    }

    /** Runs work with a progress bar of this name. */
    void run(String task, Work work) {
        OwnFolders.require(folders);
        try (Workbench workbench = workbench();
                ConsoleProgress progress = new ConsoleProgress(console, cancellation, task)) {
            work.run(workbench, progress);
        }
    }

    /** For work that takes no time. */
    Workbench workbench() {
        return new Workbench(folders, environment);
    }

    /** Runs work that downloads a model of the hub; if it is stopped, the person hears that nothing is lost. */
    <T> T keepingDownload(String model, Supplier<T> work) {
        if (ModelNames.isOnHub(model)) {
            cancellation.lastWord(DOWNLOAD_KEPT);
        }
        T result = work.get();
        cancellation.lastWord(Cancellation.STOPPED);
        return result;
    }

    /** One line of a result. */
    void say(String line) {
        console.out().println(PlainText.line(line));
    }
}
