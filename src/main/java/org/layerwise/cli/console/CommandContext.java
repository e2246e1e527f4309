package org.layerwise.cli.console;

import java.util.Map;
import java.util.function.Supplier;
import org.layerwise.base.PlainText;
import org.layerwise.install.AppFolders;
import org.layerwise.install.torch.TorchEngine;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.ModelLocator;

/**
 * Environment of a command.
 *
 * @param console streams
 * @param folders user's folders
 * @param cancellation request to stop
 * @param environment environment variables, which contain the location of models from the hub
 * @param torch libtorch of the process, which commands start when they need it
 */
public record CommandContext(
        Console console,
        AppFolders folders,
        Cancellation cancellation,
        Map<String, String> environment,
        TorchEngine torch) {

    private static final String DOWNLOAD_KEPT =
            "stopped; what was downloaded is kept, and the same command goes on from there.";

    /** Creates an environment with a libtorch that is not started. */
    public CommandContext(
            Console console, AppFolders folders, Cancellation cancellation, Map<String, String> environment) {
        this(console, folders, cancellation, environment, new TorchEngine(folders.engine(), environment));
    }

    /** Work of a command. */
    @FunctionalInterface
    public interface Work {
        void run(Workbench workbench, ConsoleProgress progress);
    }

    /**
     * Runs work with a progress bar.
     *
     * @param task name of the progress bar
     */
    public void run(String task, Work work) {
        WritableFolders.require(folders);
        try (Workbench workbench = workbench();
                ConsoleProgress progress = new ConsoleProgress(console, cancellation, task)) {
            work.run(workbench, progress);
        }
    }

    /** Creates a workbench for short work without a progress bar. */
    public Workbench workbench() {
        return new Workbench(folders, environment, torch);
    }

    /**
     * Runs work that may download a model from the hub. If it is stopped, the final message says that the download is
     * kept.
     */
    public <T> T keepingDownload(String model, Supplier<T> work) {
        if (ModelLocator.isOnHub(model)) {
            cancellation.cancelMessage(DOWNLOAD_KEPT);
        }
        T result = work.get();
        cancellation.cancelMessage(Cancellation.STOPPED);
        return result;
    }

    /** Prints one line of a result. */
    public void say(String line) {
        console.out().println(PlainText.line(line));
    }
}
