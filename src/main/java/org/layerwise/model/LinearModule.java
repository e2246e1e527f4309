package org.layerwise.model;

/**
 * A linear map of a layer, as adapters see it.
 *
 * @param name the module's full name in HuggingFace's model with a task head
 * @param layer that it belongs to, from 0
 * @param in the width of its input
 * @param out the width of its output
 */
public record LinearModule(String name, int layer, int in, int out) {}
