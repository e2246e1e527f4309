package org.layerwise.gui.dialog;

import static org.layerwise.gui.text.Messages.text;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Asks where to write a file. The platform's dialog asks before it replaces a file that people named; this one also asks where the
 * ending that completes a name makes it that of a file which is there.
 */
public record SaveDialog(FileDialogs files, Dialogs dialogs) {

    /**
     * Asks for a place.
     *
     * @param suggestedName a name to start from, whose ending the file gets
     * @return empty when people think better of it
     */
    public Optional<Path> ask(FileDialogs.Purpose purpose, String suggestedName) {
        String ending = suggestedName.substring(suggestedName.lastIndexOf('.'));
        return files.save(purpose, suggestedName).flatMap(chosen -> completed(chosen, ending));
    }

    private Optional<Path> completed(Path chosen, String ending) {
        String name = String.valueOf(chosen.getFileName());
        if (name.toLowerCase(Locale.ROOT).endsWith(ending.toLowerCase(Locale.ROOT))) {
            return Optional.of(chosen);
        }
        Path whole = chosen.resolveSibling(name + ending);
        boolean free = !Files.exists(whole)
                || dialogs.confirm(
                        text("save.replace.title", whole.getFileName()),
                        text("save.replace.sentence", whole),
                        text("action.replace"),
                        text("action.cancel"));
        return free ? Optional.of(whole) : Optional.empty();
    }
}
