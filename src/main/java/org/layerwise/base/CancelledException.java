package org.layerwise.base;

/** Work stopped because {@link Progress#cancelled()} said so. Not an error: whoever started the work expects it. */
public final class CancelledException extends RuntimeException {

    public CancelledException() {
        super("cancelled");
    }
}
