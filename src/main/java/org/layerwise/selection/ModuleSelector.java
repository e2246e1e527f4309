package org.layerwise.selection;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.base.UserException;

/** Selects linear maps by their importance. */
public final class ModuleSelector {

    /**
     * Number of linear maps to select.
     *
     * @param ratio share of them, above 0, at most 1; null if their number is given
     * @param n number of them, at least 1; not used with a share
     */
    public record Amount(@Nullable Double ratio, int n) {

        /** @throws UserException if the share is outside (0, 1], or the number is below 1 */
        public Amount {
            rule(ratio, n, new TreeSet<>());
        }

        /**
         * Reads a share ({@code 0.5}, {@code 50%}) or a whole number.
         *
         * @throws UserException if the text is neither, the share is outside (0, 1], or the number is below 1
         */
        public static Amount parse(String text) {
            Share share = Share.parse(text);
            if (share != null) {
                return new Amount(share.of1(), 0);
            }
            try {
                return new Amount(null, Integer.parseInt(text.strip()));
            } catch (NumberFormatException e) {
                throw new UserException("No model has %s linear maps; write a smaller number.".formatted(text), e);
            }
        }

        private static SelectionRule rule(@Nullable Double ratio, int n, SortedSet<Integer> layers) {
            return ratio == null
                    ? new SelectionRule.TopModules(n, layers)
                    : new SelectionRule.ModuleRatio(ratio, layers);
        }

        private int count(int candidates) {
            return ratio == null ? n : new SelectionRule.TopRatio(ratio).count(candidates);
        }
    }

    private ModuleSelector() {}

    /**
     * Selects the most important modules, equal ones in the order of the candidates. All modules of layers that are locked as always
     * selected are part of the selection and count towards the number; those of layers that are locked as never selected are
     * not.
     *
     * @param candidates names of the modules to select from
     * @param importance importance of a module by its name
     * @param of M, the model's number of layers
     * @throws UserException if a lock is not one of the model's layers, or no module is left to select
     */
    public static LayerSelection select(
            List<String> candidates, ToDoubleFunction<String> importance, Amount amount, LayerLocks locks, int of) {
        locks.within(of);
        List<String> allowed = candidates.stream()
                .filter(name -> !locks.never().contains(SelectedModules.layer(name)))
                .toList();
        int asked = amount.count(candidates.size());
        List<String> selected = new ArrayList<>(allowed.stream()
                .filter(name -> locks.always().contains(SelectedModules.layer(name)))
                .toList());
        allowed.stream()
                .filter(name -> !selected.contains(name))
                .sorted(Comparator.comparingDouble(importance).reversed())
                .limit(Math.max(0, asked - selected.size()))
                .forEach(selected::add);
        if (selected.isEmpty()) {
            throw new UserException("No linear map is left to select; change the targets or the locks.");
        }
        SelectedModules modules = SelectedModules.of(selected);
        String shortfall = selected.size() < asked
                ? "%s linear maps were asked for, %s could be selected.".formatted(asked, selected.size())
                : null;
        return new LayerSelection(
                modules.layers(),
                of,
                modules,
                new LayerSelection.Reason(
                        Amount.rule(amount.ratio, amount.n, modules.layers()),
                        locks,
                        UndefinedLayers.EXCLUDE,
                        shortfall));
    }
}
