package org.layerwise.selection.export;

/**
 * Number of outputs of a classifier.
 *
 * @param outputs number of classes, 1 for regression
 * @param rows number of rows whose labels gave the number, so that other rows may have further classes; 0 if it is
 *     certain
 */
public record ExportedClasses(int outputs, int rows) {}
