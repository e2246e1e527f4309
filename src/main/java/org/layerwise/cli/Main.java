package org.layerwise.cli;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.PlainText;
import org.layerwise.base.UserException;
import org.layerwise.cli.console.Cancellation;
import org.layerwise.cli.console.CommandContext;
import org.layerwise.cli.console.Console;
import org.layerwise.cli.console.ExitCode;
import org.layerwise.cli.console.WritableFolders;
import org.layerwise.cli.start.JavaLogging;
import org.layerwise.cli.start.NativeLibraries;
import org.layerwise.cli.start.StartupCleanup;
import org.layerwise.data.file.DuckDbServer;
import org.layerwise.data.token.TokenizationProbe;
import org.layerwise.data.token.TokenizerTrial;
import org.layerwise.gui.EarlyLoading;
import org.layerwise.gui.GuiLauncher;
import org.layerwise.install.AppFolders;
import org.layerwise.install.torch.LibraryProbe;

/**
 * Entry point of the program. Opens the window if there are no arguments or only a study file, otherwise runs the
 * command line.
 */
public final class Main {

    private static final String STUDY_ENDING = ".layerwise";

    private Main() {}

    public static void main(String[] args) {
        Cancellation cancellation = new Cancellation();
        try {
            start(cancellation, args);
        } catch (Throwable e) { // also errors: without finished(), the shutdown hook would wait for the work
            cancellation.finished();
            System.err.println("layerwise: " + fatalMessage(e));
            System.exit(ExitCode.INTERNAL);
        }
    }

    private static void start(Cancellation cancellation, String[] args) throws IOException {
        boolean window = opensWindow(args);
        if (window) {
            EarlyLoading.begin();
        }
        AppFolders folders = AppFolders.ofPlatform();
        JavaLogging.toLogFile();
        NativeLibraries.prepare(folders.cache());
        Console console = Console.ofProcess();
        if (args.length == 3 && args[0].equals(LibraryProbe.ARGUMENT)) {
            console.out().println(LibraryProbe.run(Path.of(args[1]), Path.of(args[2])));
            System.exit(ExitCode.OK);
        }
        if (args.length == 1 && args[0].equals(TokenizerTrial.ARGUMENT)) {
            TokenizerTrial.run(System.in, console.out());
            System.exit(ExitCode.OK);
        }
        if (args.length == 1 && args[0].equals(TokenizationProbe.ARGUMENT)) {
            TokenizationProbe.run(System.in, console.out());
            System.exit(ExitCode.OK);
        }
        if (args.length == 1 && args[0].equals(DuckDbServer.ARGUMENT)) {
            DuckDbServer.run(System.in, System.out);
            System.exit(ExitCode.OK);
        }
        if (window) {
            StartupCleanup.begin(folders.cache());
            openWindow(console, folders, args);
            return;
        }
        // charts are drawn without a display
        System.setProperty("java.awt.headless", "true");
        cancellation.onShutdown(console);
        Thread sweeping = StartupCleanup.begin(folders.cache());
        int code = run(new CommandContext(console, folders, cancellation, System.getenv()), args);
        StartupCleanup.await(sweeping);
        cancellation.finished();
        System.exit(code);
    }

    /** Returns an error message in a process that may be unable to load further classes. */
    static String fatalMessage(Throwable e) {
        return filesAreUsedUp(e)
                ? "no more files can be opened; raise the limit, for example with ulimit -n 4096."
                : "an error that should not happen (" + e + ").";
    }

    private static boolean filesAreUsedUp(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (String.valueOf(cause.getMessage()).contains("Too many open files")) {
                return true;
            }
        }
        try (InputStream file = new FileInputStream(System.getProperty("java.home") + "/lib/modules")) {
            return false; // opened as a test, since class loading reports a missing class instead of too many files
        } catch (IOException full) {
            return true;
        }
    }

    /**
     * Runs one command.
     *
     * @return exit code, see {@link ExitCode}
     */
    static int run(CommandContext context, String... args) {
        return new CommandRunner(context).run(List.of(args));
    }

    /**
     * Returns true if the arguments open the window. A desktop passes the file that was opened as the only argument.
     */
    static boolean opensWindow(String... args) {
        return args.length == 0
                || args.length == 1 && args[0].toLowerCase(Locale.ROOT).endsWith(STUDY_ENDING);
    }

    private static void openWindow(Console console, AppFolders folders, String[] args) {
        if (System.getProperty("os.name", "").equals("Linux") && isBlank(System.getenv("DISPLAY"))) {
            console.err()
                    .println("layerwise: there is no display to open the window on (DISPLAY is not set); start it in a"
                            + " desktop session or under xvfb-run, or use a command: layerwise --help.");
            System.exit(ExitCode.BAD_INPUT);
        }
        try {
            WritableFolders.require(folders);
        } catch (UserException e) {
            console.err().println("layerwise: " + PlainText.message(e.getMessage()));
            System.exit(ExitCode.BAD_INPUT);
        }
        GuiLauncher.launch(args);
    }

    private static boolean isBlank(@Nullable String text) {
        return text == null || text.isBlank();
    }
}
