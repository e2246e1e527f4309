package org.layerwise.selection;

import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;
import org.layerwise.base.UserException;

/**
 * Layers that are selected or left out whatever a rule says.
 *
 * @param always 0-based layers that are always selected; they count towards the number that a rule requires, and may
 *     have no importance
 * @param never 0-based layers that are never selected
 */
public record LayerLocks(SortedSet<Integer> always, SortedSet<Integer> never) {

    /** @throws UserException if a layer is locked both ways */
    public LayerLocks {
        always = LayerList.copy(always);
        never = LayerList.copy(never);
        SortedSet<Integer> both = new TreeSet<>(always);
        both.retainAll(never);
        if (!both.isEmpty()) {
            throw new UserException(
                    "Layer %s is locked both as always and as never selected; remove it from one of the two."
                            .formatted(both.first()));
        }
    }

    public static LayerLocks of(Collection<Integer> always, Collection<Integer> never) {
        return new LayerLocks(new TreeSet<>(always), new TreeSet<>(never));
    }

    public static LayerLocks none() {
        return of(new TreeSet<>(), new TreeSet<>());
    }

    /** Returns the locks for users, in words that follow the rule: {@code , always layers 0,2, never layer 5};
     * empty without locks. */
    public String words() {
        return (always.isEmpty() ? "" : ", always " + LayerList.named(always))
                + (never.isEmpty() ? "" : ", never " + LayerList.named(never));
    }

    /**
     * Returns these locks after checking that they fit a model.
     *
     * @param of M, the model's number of layers
     * @throws UserException if a locked layer is not one of the model's
     */
    public LayerLocks within(int of) {
        LayerList.requireWithin(always, of);
        LayerList.requireWithin(never, of);
        return this;
    }
}
