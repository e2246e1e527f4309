package org.layerwise.analysis.inputs;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.ModuleImportance;

/**
 * Shares of the variance of the inputs of linear maps.
 *
 * @param tokens number of tokens whose inputs were counted
 * @param maps linear maps in the order of the computation
 */
public record InputVariances(long tokens, List<OfMap> maps) {

    /**
     * Share of the variance of a linear map's inputs that each principal component explains.
     *
     * @param name full name in HuggingFace's model
     * @param type name within its layer
     * @param layer index of its layer, from 0
     * @param ratios shares, the largest first; not copied
     * @param sharedWith name of the earlier map of the layer that has the same inputs; null for none
     */
    public record OfMap(String name, String type, int layer, double[] ratios, @Nullable String sharedWith) {}

    public InputVariances {
        maps = List.copyOf(maps);
    }

    /** Returns the share that the first components of each map explain together. */
    public ModuleImportance importance(int components) {
        return new ModuleImportance(maps.stream()
                .map(map -> new ModuleImportance.Module(
                        map.name,
                        map.type,
                        map.layer,
                        Arrays.stream(map.ratios).limit(components).sum()))
                .toList());
    }

    /** Returns the maps with their first components, as {@link EvaRanks} takes them. */
    public List<EvaRanks.Module> modules(int components) {
        return maps.stream()
                .map(map -> new EvaRanks.Module(map.name, map.ratios, map.sharedWith).first(components))
                .toList();
    }
}
