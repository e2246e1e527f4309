package org.layerwise.selection;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.layerwise.base.UserException;

/** Reads and writes lists of layers as users type them: {@code 1,3,5-7}, or {@code all}. */
public final class LayerList {

    private static final Pattern PART = Pattern.compile("(\\d+)(?:\\s*[-–]\\s*(\\d+))?");

    private LayerList() {}

    /**
     * Reads a list of 0-based layers and inclusive ranges: {@code 1,3,5-7}; {@code all} stands for all layers. The
     * order does not matter, repeated layers count once, and an empty text stands for no layer.
     *
     * @param of M, the model's number of layers
     * @throws UserException if a part is neither a number nor a range, a range runs backwards, or a layer is not one of
     *     the model's
     */
    public static SortedSet<Integer> parse(String text, int of) {
        SortedSet<Integer> layers = new TreeSet<>();
        if (text.isBlank()) {
            return Collections.unmodifiableSortedSet(layers);
        }
        if (text.strip().equalsIgnoreCase("all")) {
            IntStream.range(0, of).forEach(layers::add);
            return Collections.unmodifiableSortedSet(layers);
        }
        for (String part : text.split(",", -1)) {
            Matcher matcher = PART.matcher(part.strip());
            if (!matcher.matches()) {
                throw new UserException(
                        "\"%s\" in the layer list \"%s\" is no layer; write numbers and ranges, like 1,3,5-7."
                                .formatted(part.strip(), text));
            }
            int first = layer(matcher.group(1), of);
            int last = matcher.group(2) == null ? first : layer(matcher.group(2), of);
            if (last < first) {
                throw new UserException("The range \"%s\" in the layer list \"%s\" runs backwards; write %s-%s."
                        .formatted(part.strip(), text, last, first));
            }
            for (int layer = first; layer <= last; layer++) {
                layers.add(layer);
            }
        }
        return Collections.unmodifiableSortedSet(layers);
    }

    /** Returns the layers with the word before them: {@code layer 3}, {@code layers 0,2}. */
    static String named(Collection<Integer> layers) {
        return (layers.size() == 1 ? "layer " : "layers ") + format(layers);
    }

    /** Returns the shortest text that {@link #parse} reads as these layers. */
    public static String format(Collection<Integer> layers) {
        List<String> parts = new ArrayList<>();
        List<Integer> sorted = List.copyOf(new TreeSet<>(layers));
        int start = 0;
        for (int i = 0; i < sorted.size(); i++) {
            boolean runGoesOn = i + 1 < sorted.size() && sorted.get(i + 1) == sorted.get(i) + 1;
            if (runGoesOn) {
                continue;
            }
            if (i - start >= 2) {
                parts.add(sorted.get(start) + "-" + sorted.get(i));
            } else {
                sorted.subList(start, i + 1).forEach(layer -> parts.add(String.valueOf(layer)));
            }
            start = i + 1;
        }
        return String.join(",", parts);
    }

    /** @throws UserException if a layer is not one of {@code 0..of-1} */
    static void requireWithin(Collection<Integer> layers, int of) {
        for (int layer : layers) {
            if (layer < 0 || layer >= of) {
                throw outside(String.valueOf(layer), of);
            }
        }
    }

    static SortedSet<Integer> copy(Collection<Integer> layers) {
        return Collections.unmodifiableSortedSet(new TreeSet<>(layers));
    }

    private static int layer(String digits, int of) {
        try {
            int layer = Integer.parseInt(digits);
            requireWithin(List.of(layer), of);
            return layer;
        } catch (NumberFormatException e) {
            throw outside(digits, of);
        }
    }

    private static UserException outside(String layer, int of) {
        return new UserException(
                "There is no layer %s: the model has %s layers, numbered 0 to %s.".formatted(layer, of, of - 1));
    }
}
