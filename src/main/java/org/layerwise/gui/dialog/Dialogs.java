package org.layerwise.gui.dialog;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.layerwise.selection.SelectionDiff;

/** What the window asks and tells people. An interface, so that view models are tested without a window. */
public interface Dialogs {

    /** Says that something went wrong, in plain words, with details to expand where there are some. */
    void error(Problem problem);

    /**
     * Asks before something is lost.
     *
     * @param action the words of the button that goes on
     * @param keep the words of the button that leaves all as it is, which Enter and Escape press
     * @return true to go on
     */
    boolean confirm(String title, String sentence, String action, String keep);

    /**
     * Asks which of several ways to go.
     *
     * @param ways the words of the buttons, what loses least first
     * @param keep the words of the button that leaves all as it is, which Enter and Escape press
     * @return the index of the way; empty to leave all as it is
     */
    OptionalInt choose(String title, String sentence, List<String> ways, String keep);

    /**
     * Asks for a passphrase, which is not shown.
     *
     * @return empty to go on without it
     */
    Optional<char[]> passphrase(String title, String sentence);

    /** Asks how figures are to be written; empty when people think better of it. */
    Optional<ExportOptions> exportOptions(ExportQuestion question);

    /** What becomes of a selection from a file. */
    enum Import {
        /** It is selected. */
        SELECT,
        /** It is kept in the study beside the current one. */
        KEEP,
        /** Nothing changes. */
        LEAVE
    }

    /**
     * Shows how a selection from a file differs from the current one, and asks what becomes of it.
     *
     * @param diff the current selection first
     * @param name of the file
     * @param warning a sentence on what should be known first; null for none
     */
    Import importSelection(SelectionDiff diff, String name, @Nullable String warning);

    /** Says something in passing that need not be answered. */
    void notify(String title, String sentence);
}
