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
 * @param piped whether another program reads {@code out}, which may have read enough
 */
record Console(PrintStream out, PrintStream err, boolean terminal, boolean piped) {

    /** With results that go anywhere but to another program. */
    Console(PrintStream out, PrintStream err, boolean terminal) {
        this(out, err, terminal, false);
    }

    /** The process's own streams. */
    static Console ofProcess() {
        return new Console(System.out, System.err, errIsTerminal(), outIsPiped());
    }

    /** Where that cannot be seen, it is taken for a file: a message too many is better than one too few. */
    private static boolean outIsPiped() {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
            return target.startsWith("pipe:") || target.startsWith("socket:");
        } catch (IOException | InvalidPathException | UnsupportedOperationException e) {
            return false;
        }
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
