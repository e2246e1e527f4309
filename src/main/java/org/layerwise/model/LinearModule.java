package org.layerwise.model;

/**
 * Linear map of a layer that an adapter can target.
 *
 * @param name full name of the module in HuggingFace's model with a task head
 * @param layer index of its layer, from 0
 * @param in width of its input
 * @param out width of its output
 */
public record LinearModule(String name, int layer, int in, int out) {}
