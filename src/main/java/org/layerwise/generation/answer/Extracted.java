package org.layerwise.generation.answer;

/**
 * An answer that was found in a generated text.
 *
 * @param answer as it stands there
 * @param found by what it was found
 */
public record Extracted(String answer, Found found) {}
