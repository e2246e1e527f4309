package org.layerwise.cli.console;

/** Exit codes of the process. */
public final class ExitCode {

    public static final int OK = 0;
    /** Fault of the program. */
    public static final int INTERNAL = 1;
    /** Problem that the user can fix. */
    public static final int BAD_INPUT = 2;
    /**
     * Output that its reader closed early, with the shells' code for SIGPIPE: {@code layerwise inspect --all | head}.
     */
    public static final int UNREAD = 141;
    /** Stop on request, with the shells' code for Ctrl+C. */
    public static final int CANCELLED = 130;

    private ExitCode() {}
}
