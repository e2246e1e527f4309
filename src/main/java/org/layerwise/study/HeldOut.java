package org.layerwise.study;

/**
 * Rows that are only looked at.
 *
 * @param prefix of their metrics' names: {@code eval}, {@code test}, or {@code eval_NAME} for a second file
 */
public record HeldOut(String prefix, LabelledData rows) {}
