package org.layerwise.cli;

/** What the process returns to the shell. */
final class ExitCode {

    static final int OK = 0;
    /** A fault of the program. */
    static final int INTERNAL = 1;
    /** Something that the user can mend. */
    static final int BAD_INPUT = 2;
    /** Whoever read the output has closed it, as shells count it: {@code layerwise inspect --all | head}. */
    static final int UNREAD = 141;
    /** Stopped on request, as shells count Ctrl+C. */
    static final int CANCELLED = 130;

    private ExitCode() {}
}
