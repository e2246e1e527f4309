package org.layerwise.selection.export;

/**
 * Head of a classifier.
 *
 * @param outputs number of classes, 1 for regression
 * @param rows number of rows whose labels gave the number, so that other rows may have further classes; 0 if it is
 *     certain
 */
public record ExportedHead(int outputs, int rows) {}
