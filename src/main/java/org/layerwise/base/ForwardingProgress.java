package org.layerwise.base;

/** Progress that passes everything on to another one. */
public class ForwardingProgress implements Progress {

    protected final Progress whole;

    protected ForwardingProgress(Progress whole) {
        this.whole = whole;
    }

    @Override
    public void report(double fraction, String message) {
        whole.report(fraction, message);
    }

    @Override
    public void note(String remark) {
        whole.note(remark);
    }

    @Override
    public boolean cancelled() {
        return whole.cancelled();
    }
}
