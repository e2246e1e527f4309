package org.layerwise.lora;

import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the layer of a module from the module's full name, as PEFT does: the number after {@code layer.}. */
final class LayerIndex {

    private static final Pattern INDEX = Pattern.compile(".*\\.[^.]*\\.(\\d+)\\.");

    private LayerIndex() {}

    static SortedSet<Integer> of(Collection<String> modules) {
        SortedSet<Integer> layers = new TreeSet<>();
        for (String module : modules) {
            Matcher matcher = INDEX.matcher("." + module);
            if (matcher.lookingAt()) {
                layers.add(Integer.parseInt(matcher.group(1)));
            }
        }
        return layers;
    }
}
