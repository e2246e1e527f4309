package org.layerwise.selection;

import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Kinds of a model's layers, as far as its layers differ in them.
 *
 * @param layers kinds of each layer; empty if all layers are alike, or their kinds are not known
 */
public record LayerKinds(List<Set<LayerKind>> layers) {

    /** Kinds of layers that are all alike, or unknown. */
    public static final LayerKinds NONE = new LayerKinds(List.of());

    /** Leaves out kinds that all layers have. */
    public LayerKinds {
        Set<LayerKind> common = EnumSet.allOf(LayerKind.class);
        layers.forEach(common::retainAll);
        List<Set<LayerKind>> differing = layers.stream()
                .map(kinds ->
                        kinds.stream().filter(kind -> !common.contains(kind)).collect(Collectors.toUnmodifiableSet()))
                .toList();
        layers = differing.stream().allMatch(Set::isEmpty) ? List.of() : differing;
    }

    /** Returns the kinds that some layers have and others do not, in the order of the enumeration. */
    public List<LayerKind> differing() {
        return Arrays.stream(LayerKind.values())
                .filter(kind -> layers.stream().anyMatch(kinds -> kinds.contains(kind)))
                .toList();
    }

    /** Returns the layers of a kind. */
    public SortedSet<Integer> layers(LayerKind kind) {
        return IntStream.range(0, layers.size())
                .filter(layer -> layers.get(layer).contains(kind))
                .boxed()
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns the kinds of a layer; empty if layers do not differ. */
    public List<LayerKind> of(int layer) {
        return differing().stream()
                .filter(kind -> layers.get(layer).contains(kind))
                .toList();
    }

    /** Returns the combinations of kinds that layers have, in the order of the enumeration. */
    public List<List<LayerKind>> groups() {
        return IntStream.range(0, layers.size())
                .mapToObj(this::of)
                .distinct()
                .sorted(Comparator.comparing(kinds -> kinds.stream()
                        .map(kind -> String.valueOf(kind.ordinal()))
                        .collect(Collectors.joining())))
                .toList();
    }

    /** Returns the kinds of a layer with commas between, for example by their titles; empty if layers do not differ. */
    public String words(int layer, Function<LayerKind, String> word) {
        return of(layer).stream().map(word).collect(Collectors.joining(", "));
    }
}
