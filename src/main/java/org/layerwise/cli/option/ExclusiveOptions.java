package org.layerwise.cli.option;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.layerwise.base.UserException;

/**
 * Groups of flags that exclude each other: at most one group may be used, with any of its flags.
 *
 * @param groups groups of flags
 */
public record ExclusiveOptions(List<Set<String>> groups) {

    /** Returns single flags that exclude each other. */
    public static ExclusiveOptions of(String... flags) {
        return new ExclusiveOptions(List.of(flags).stream().map(Set::of).toList());
    }

    /**
     * Returns true if a flag is excluded by flags that are given.
     *
     * @param given test that is true for a flag that is given
     */
    public boolean isExcluded(String flag, Predicate<String> given) {
        return groups.stream().anyMatch(group -> group.contains(flag))
                && groups.stream().filter(group -> !group.contains(flag)).anyMatch(group -> group.stream()
                        .anyMatch(given));
    }

    /**
     * Checks a command line.
     *
     * @param given test that is true for a flag that is given
     * @throws UserException if flags of two groups are given
     */
    public void check(Predicate<String> given) {
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
