package org.layerwise.cli;

import org.layerwise.study.AppFolders;
import org.layerwise.study.Workbench;

/** What a command works with: streams, the user's folders, and whether it is to stop. */
record CommandContext(Console console, AppFolders folders, Cancellation cancellation) {

    /** The work of a command. */
    @FunctionalInterface
    interface Work {
        void run(Workbench workbench, ConsoleProgress progress);
    }

    /** Runs work with a progress bar of this name. */
    void run(String task, Work work) {
        OwnFolders.require(folders);
        try (Workbench workbench = new Workbench(folders);
                ConsoleProgress progress = new ConsoleProgress(console, cancellation, task)) {
            work.run(workbench, progress);
        }
    }

    /** One line of a result. */
    void say(String line) {
        console.out().println(PlainText.line(line));
    }
}
