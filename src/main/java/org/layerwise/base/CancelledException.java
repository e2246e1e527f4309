package org.layerwise.base;

/**
 * Signals that work stopped because {@link Progress#cancelled()} returned true. It is not an error: the code that
 * started the work must expect it.
 */
public final class CancelledException extends RuntimeException {

    public CancelledException() {
        super("cancelled");
    }
}
