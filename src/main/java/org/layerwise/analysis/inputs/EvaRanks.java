package org.layerwise.analysis.inputs;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Spreads ranks over linear maps by EVA's rule (Paischer et al., arXiv 2410.07170, section 3; PEFT's
 * {@code tuners/lora/eva.py}): of all components of the inputs of all maps, those that explain the largest shares of variance
 * are taken, as many as the ranks of all maps together, and a map gets as many ranks as components of its own were taken. No
 * map gets more than {@code rho} times the rank; a map may get none.
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
    public record Module(String name, double[] ratios, @Nullable String sharedWith) {}

    /**
     * Returns the rank of each map, in the order of the maps. Of equal shares, those of maps with inputs of their own come
     * first, then those of earlier maps, so that of maps with the same inputs the first gets the largest of their ranks. It
     * does in PEFT too, which leaves the order of the others to a sort that is not stable.
     *
     * @param modules maps with at least {@code rho * rank} ratios, or all that they have
     * @param rank rank that each map would get without a rule, at least 1
     * @param rho largest rank of a map as a multiple of the rank, rounded half to even; at least 1
     * @throws IllegalArgumentException if a number is out of range
     */
    public static Map<String, Integer> of(List<Module> modules, int rank, double rho) {
        if (rank < 1 || !(rho >= 1)) {
            throw new IllegalArgumentException("rank %s and rho %s are not at least 1".formatted(rank, rho));
        }
        long most = (long) Math.rint(rank * rho);
        List<Component> components = new ArrayList<>();
        Stream.concat(
                        modules.stream().filter(module -> module.sharedWith == null),
                        modules.stream().filter(module -> module.sharedWith != null))
                .forEach(module -> {
                    for (int i = 0; i < Math.min(most, module.ratios.length); i++) {
                        components.add(new Component(module.name, module.ratios[i]));
                    }
                });
        components.sort(Comparator.comparingDouble(component -> -component.ratio)); // stable
        Map<String, Integer> counts = new HashMap<>();
        components.stream()
                .limit((long) rank * modules.size())
                .forEach(component -> counts.merge(component.module, 1, Integer::sum));
        Map<String, Integer> ranks = new LinkedHashMap<>();
        modules.forEach(module -> ranks.put(module.name, counts.getOrDefault(module.name, 0)));
        return ranks;
    }

    private record Component(String module, double ratio) {}
}
