package org.layerwise.cli;

import java.util.List;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** The shape of an adapter as far as it was said; null = not said. */
record AdapterChoice(
        @Nullable SortedSet<Integer> layers,
        @Nullable List<String> targetModules,
        @Nullable Integer rank,
        @Nullable Double alpha) {}
