package org.layerwise.data.jinja;

/** A template cannot be read or rendered, or refuses what it is given; the message is a clause without a full stop. */
public final class TemplateException extends RuntimeException {

    private final boolean raised;

    TemplateException(String message) {
        this(message, false);
    }

    private TemplateException(String message, boolean raised) {
        super(message);
        this.raised = raised;
    }

    /** What {@code raise_exception} of a template throws. */
    static TemplateException raisedBy(String text) {
        return new TemplateException(text, true);
    }

    /** Whether the template itself refused, in its own words. */
    public boolean raised() {
        return raised;
    }
}
