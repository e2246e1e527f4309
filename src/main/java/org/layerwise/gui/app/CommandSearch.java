package org.layerwise.gui.app;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.layerwise.gui.common.Command;

/**
 * Finds commands by typed text. A command matches if every typed word matches: best at the start of a word of the name,
 * then inside the name, then in the menu's name, and last as letters of the name in the same order.
 */
final class CommandSearch {

    private static final int EXACT = 0;
    private static final int WORD = 1;
    private static final int WITHIN = 3;
    private static final int PLACE = 4;
    private static final int LETTERS = 8;

    private CommandSearch() {}

    private record Scored(Command command, int score) {}

    /** Returns the matching commands, best match first. Disabled commands come last. */
    static List<Command> find(String typed, List<Command> commands) {
        return commands.stream()
                .flatMap(command -> {
                    OptionalInt score = score(typed, command);
                    return score.isPresent()
                            ? java.util.stream.Stream.of(new Scored(command, score.getAsInt()))
                            : java.util.stream.Stream.empty();
                })
                .sorted(Comparator.comparing((Scored found) -> !found.command.enabled())
                        .thenComparing(Scored::score))
                .map(Scored::command)
                .toList();
    }

    /** Returns the score of a command, lower for a better match; empty if the command does not match. */
    static OptionalInt score(String typed, Command command) {
        String name = command.name().toLowerCase(Locale.ROOT);
        String place = command.place().toLowerCase(Locale.ROOT);
        String all = typed.strip().toLowerCase(Locale.ROOT);
        if (!all.isEmpty() && name.startsWith(all)) {
            return OptionalInt.of(EXACT);
        }
        int score = 0;
        for (String word : all.split("\\s+")) {
            int found = word(word, name, place);
            if (found < 0) {
                return OptionalInt.empty();
            }
            score += found;
        }
        return OptionalInt.of(score);
    }

    private static int word(String word, String name, String place) {
        int at = name.indexOf(word);
        while (at > 0 && Character.isLetterOrDigit(name.charAt(at - 1)) && name.indexOf(word, at + 1) > 0) {
            at = name.indexOf(word, at + 1);
        }
        if (at == 0 || at > 0 && !Character.isLetterOrDigit(name.charAt(at - 1))) {
            return WORD;
        }
        if (at > 0) {
            return WITHIN;
        }
        if (place.startsWith(word)) {
            return PLACE;
        }
        return inOrder(word, name) ? LETTERS : -1;
    }

    private static boolean inOrder(String letters, String name) {
        int at = -1;
        for (char letter : letters.toCharArray()) {
            at = name.indexOf(letter, at + 1);
            if (at < 0) {
                return false;
            }
        }
        return true;
    }
}
