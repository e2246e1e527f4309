package org.layerwise.study.document;

import org.layerwise.selection.LayerSelection;

/** A selection that people put aside under a name, to come back to it or to compare it with another. */
public record KeptSelection(String name, LayerSelection selection) {}
