package org.layerwise.gui.common;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.layerwise.selection.SelectionDiff;

/** Questions and messages to the user. An interface, so that view models can be tested without a window. */
public interface Dialogs {

    /** Shows an error in plain language, with expandable details if the problem has any. */
    void error(ReportedError problem);

    /**
     * Returns an action that shows an exception as an error.
     *
     * @param title action that failed
     * @param retry repeats the action; null if a repetition makes no sense
     */
    default Consumer<Throwable> failure(String title, @Nullable Runnable retry) {
        return thrown -> error(ReportedError.of(title, thrown, retry));
    }

    /**
     * Asks the user before something is lost.
     *
     * @param title title of the dialog
     * @param sentence consequence of the action
     * @param action text of the button that continues
     * @param keep text of the button that changes nothing, which Enter and Escape press
     * @return true to continue
     */
    boolean confirm(String title, String sentence, String action, String keep);

    /**
     * Asks the user to choose between several actions.
     *
     * @param title title of the dialog
     * @param sentence consequences of the actions
     * @param ways texts of the buttons; the action that loses least comes first
     * @param keep text of the button that changes nothing, which Enter and Escape press
     * @return index of the chosen action; empty to change nothing
     */
    OptionalInt choose(String title, String sentence, List<String> ways, String keep);

    /**
     * Asks for a passphrase. The typed text is hidden.
     *
     * @return the passphrase; empty to continue without a passphrase
     */
    Optional<char[]> passphrase(String title, String sentence);

    /** Asks how to export figures; empty if the user cancels. */
    Optional<ExportOptions> exportOptions(ExportForm question);

    /** Decision about an imported selection. */
    enum Import {
        /** Replace the current selection by the imported one. */
        SELECT,
        /** Save the imported selection in the study beside the current one. */
        KEEP,
        /** Discard the imported selection. */
        LEAVE
    }

    /**
     * Shows the difference between the current selection and one from a file, and asks what to do with the imported
     * one.
     *
     * @param diff difference, with the current selection as the first
     * @param name name of the file
     * @param warning sentence that the user should read first; null for none
     */
    Import importSelection(SelectionDiff diff, String name, @Nullable String warning);

    /** Shows a notification that needs no answer. */
    void notify(String title, String sentence);
}
