package org.layerwise.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Where a command speaks.
 *
 * @param out results only, so that it can be piped
 * @param err progress, remarks and errors
 * @param terminal whether {@code err} is a terminal that can redraw a line
 */
record Console(PrintStream out, PrintStream err, boolean terminal) {

    /** The process's own streams. */
    static Console ofProcess() {
        return new Console(System.out, System.err, errIsTerminal());
    }

    /** {@link System#console()} asks about standard input and output, which may be piped while errors are not. */
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
