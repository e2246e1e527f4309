package org.layerwise.model.config;

/**
 * Input of each layer beside the hidden state, made from the token alone (Gemma 4 E).
 *
 * @param vocabularySize number of rows of the table of all layers' vectors
 * @param width width of the input of one layer
 */
public record PerLayerInputConfig(int vocabularySize, int width) {}
