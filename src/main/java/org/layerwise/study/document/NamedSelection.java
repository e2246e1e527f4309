package org.layerwise.study.document;

import org.layerwise.selection.LayerSelection;

/** Named selection of layers that people keep for later use or comparison. */
public record NamedSelection(String name, LayerSelection selection) {}
