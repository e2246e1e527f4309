package org.layerwise.study.training;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.layerwise.base.Decimals;
import org.layerwise.base.UserException;
import org.layerwise.lora.LoraConfig;
import org.layerwise.selection.SelectedModules;
import org.layerwise.study.report.MethodsParagraph;

/**
 * Words on adapters of single linear maps, whose names and ranks would be too many for a paragraph.
 *
 * @param modules modules that were trained, by their names and ranks
 */
record SingleModules(LoraConfig lora, SelectedModules modules) {

    private static final double ROUNDING = 1e-9;

    /** Returns the words; empty if a target means modules of several layers, or the scales differ. */
    static Optional<SingleModules> of(LoraConfig lora) {
        List<String> targets = lora.targetModules();
        if (lora.variant().sharded()
                || targets.isEmpty()
                || !targets.containsAll(lora.rankPattern().keySet())) {
            return Optional.empty();
        }
        try {
            Map<String, Integer> ranks = targets.stream()
                    .collect(Collectors.toMap(
                            Function.identity(), name -> lora.rankPattern().getOrDefault(name, lora.rank())));
            SelectedModules modules = SelectedModules.of(ranks);
            return Optional.of(new SingleModules(lora, modules)).filter(SingleModules::haveOneScale);
        } catch (UserException e) {
            return Optional.empty(); // a target without a layer
        }
    }

    private boolean haveOneScale() {
        return modules.names().stream().allMatch(name -> {
            double expected = lora.alphaOfScale(modules.rank(name).orElseThrow());
            double alpha = lora.alphaPattern().getOrDefault(name, lora.alpha());
            return Math.abs(alpha - expected) <= ROUNDING * expected;
        });
    }

    /** Returns the number of modules of each type: {@code 3 linear maps (2 self_attn.q_proj, 1 mlp.up_proj)}. */
    String subject() {
        Map<String, Long> types = modules.names().stream()
                .collect(Collectors.groupingBy(SelectedModules::type, TreeMap::new, Collectors.counting()));
        return "%s (%s)"
                .formatted(
                        MethodsParagraph.count(modules.names().size(), "linear map"),
                        types.entrySet().stream()
                                .map(type -> type.getValue() + " " + type.getKey())
                                .collect(Collectors.joining(", ")));
    }

    /** Returns the ranks and the scale: {@code ranks 2 to 24, alpha 2 times each}. */
    String size() {
        int lowest = modules.ranks().values().stream()
                .mapToInt(Integer::intValue)
                .min()
                .orElseThrow();
        int highest = modules.highestRank().orElseThrow();
        return lowest == highest
                ? "rank %s with alpha %s".formatted(highest, Decimals.plain(lora.alpha()))
                : "ranks %s to %s with alpha %s at rank %s, the same scale at all,"
                        .formatted(lowest, highest, Decimals.plain(lora.alpha()), highest);
    }
}
