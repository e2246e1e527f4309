package org.layerwise.model.config;

/** Configuration of the part of a layer that mixes the tokens of a row. */
public sealed interface MixerConfig permits AttentionConfig, DeltaNetConfig {}
