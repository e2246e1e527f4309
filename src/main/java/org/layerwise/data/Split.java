package org.layerwise.data;

/** Which part of a sample task is meant; files are one part and know no split. */
public enum Split {
    TRAIN,
    VALIDATION
}
