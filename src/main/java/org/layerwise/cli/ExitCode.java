package org.layerwise.cli;

/** Exit codes of the process. */
final class ExitCode {

    static final int OK = 0;
    /** Fault of the program. */
    static final int INTERNAL = 1;
    /** Problem that the user can fix. */
    static final int BAD_INPUT = 2;
    /**
     * Output that its reader closed early, with the shells' code for SIGPIPE: {@code layerwise inspect --all | head}.
     */
    static final int UNREAD = 141;
    /** Stop on request, with the shells' code for Ctrl+C. */
    static final int CANCELLED = 130;

    private ExitCode() {}
}
