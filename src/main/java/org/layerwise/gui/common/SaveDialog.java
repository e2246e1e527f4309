package org.layerwise.gui.common;

import static org.layerwise.gui.common.Messages.text;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Asks where to write a file. The platform's dialog asks before it replaces a file that the user named. This class also
 * asks if adding the missing extension leads to an existing file.
 */
public record SaveDialog(FileDialogs files, Dialogs dialogs) {

    /**
     * Asks for a file to write.
     *
     * @param suggestedName initial file name, whose extension is added if the user's name lacks it
     * @return the file; empty if the user cancels
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
