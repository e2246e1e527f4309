package org.layerwise.analysis.inputs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Spreads ranks over linear maps by EVA's rule (Paischer et al., arXiv 2410.07170, section 3; PEFT's
 * {@code tuners/lora/eva.py}): of all components of the inputs of all maps, those that explain the largest shares of variance
 * are taken, as many as the ranks of all maps together, and a map gets as many ranks as components of its own were taken. A
 * map may get none.
 */
public final class EvaRanks {

    private EvaRanks() {}

    /**
     * Linear map.
     *
     * @param name full name
     * @param ratios share of the variance of its inputs that each component explains, the largest first
     * @param sharedWith name of an earlier map that has the same inputs, and so the same ratios; null for none
     */
    public record Module(String name, double[] ratios, @Nullable String sharedWith) {

        /** Returns this map with its first ratios. */
        public Module first(int most) {
            return new Module(name, Arrays.copyOf(ratios, Math.min(most, ratios.length)), sharedWith);
        }

        /** Returns this map as one that has the inputs of another one, or of none if null. */
        public Module sharing(@Nullable String other) {
            return new Module(name, ratios, other);
        }
    }

    /**
     * Returns the rank of each map, in the order of the maps: of the components in the order of their shares, as many are
     * taken as fit into a number of parameters, and none after the first that does not fit. Of equal shares, those of maps
     * with inputs of their own come first, then those of earlier maps, so that of maps with the same inputs the first gets
     * the largest of their ranks. It does in PEFT too, which leaves the order of the others to a sort that is not stable.
     * PEFT's ranks are those of one parameter a rank and {@code r * maps} parameters, with {@code rho * r} ratios a map,
     * rounded half to even.
     *
     * @param modules maps, each with as many ratios as it may have ranks
     * @param unit number of parameters of a rank of each map by its name, at least 1
     * @param parameters number of parameters, not negative
     */
    public static Map<String, Integer> of(List<Module> modules, ToLongFunction<String> unit, long parameters) {
        List<Component> components = new ArrayList<>();
        Stream.concat(
                        modules.stream().filter(module -> module.sharedWith == null),
                        modules.stream().filter(module -> module.sharedWith != null))
                .forEach(module -> {
                    for (double ratio : module.ratios) {
                        components.add(new Component(module.name, ratio));
                    }
                });
        components.sort(Comparator.comparingDouble(component -> -component.ratio)); // stable
        Map<String, Integer> ranks = new LinkedHashMap<>();
        modules.forEach(module -> ranks.put(module.name, 0));
        long left = parameters;
        for (Component component : components) {
            left -= unit.applyAsLong(component.module);
            if (left < 0) {
                break;
            }
            ranks.merge(component.module, 1, Integer::sum);
        }
        return ranks;
    }

    private record Component(String module, double ratio) {}
}
