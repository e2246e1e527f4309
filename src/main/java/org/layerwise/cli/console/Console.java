package org.layerwise.cli.console;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Output streams of a command.
 *
 * @param out stream for results only, so that it can be piped
 * @param err stream for progress, remarks and errors
 * @param terminal true if {@code err} is a terminal that can redraw a line
 * @param piped true if another program reads {@code out}; that program may close it early
 */
public record Console(PrintStream out, PrintStream err, boolean terminal, boolean piped) {

    /** Returns the streams of the process. */
    public static Console ofProcess() {
        return new Console(System.out, System.err, errIsTerminal(), outIsPiped());
    }

    /**
     * Returns true if standard output goes to another program. If that is unknown, returns false: an unnecessary error
     * message is better than a missing one.
     */
    private static boolean outIsPiped() {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
            return target.startsWith("pipe:") || target.startsWith("socket:");
        } catch (IOException | InvalidPathException | UnsupportedOperationException e) {
            return false;
        }
    }

    /**
     * Returns true if standard error is a terminal. {@link System#console()} only checks standard input and output,
     * which may be piped while standard error is not.
     */
    private static boolean errIsTerminal() {
        if ("dumb".equals(System.getenv("TERM"))) {
            return false;
        }
        Path link = Path.of("/proc/self/fd/2");
        if (!Files.isSymbolicLink(link)) {
            return System.console() != null;
        }
        try {
            String target = Files.readSymbolicLink(link).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | InvalidPathException e) {
            return false;
        }
    }
}
