package org.layerwise.cli;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.layerwise.base.UserException;

/** Groups of flags of which at most one may be used: any flag of one group excludes every flag of the others. */
record Rivals(List<Set<String>> groups) {

    /** Single flags that exclude each other. */
    static Rivals of(String... flags) {
        return new Rivals(List.of(flags).stream().map(Set::of).toList());
    }

    /** Whether a flag is shut out by flags that are given. */
    boolean shutOut(String flag, Predicate<String> given) {
        return groups.stream().anyMatch(group -> group.contains(flag))
                && groups.stream().filter(group -> !group.contains(flag)).anyMatch(group -> group.stream()
                        .anyMatch(given));
    }

    /**
     * Checks a command line.
     *
     * @throws UserException if flags of two groups are given
     */
    void check(Predicate<String> given) {
        List<String> used = groups.stream()
                .map(group -> group.stream().sorted().filter(given).findFirst())
                .flatMap(Optional::stream)
                .toList();
        if (used.size() > 1) {
            throw new UserException(
                    "%s and %s exclude each other; give only one of them.".formatted(used.get(0), used.get(1)));
        }
    }
}
