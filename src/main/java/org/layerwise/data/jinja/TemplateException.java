package org.layerwise.data.jinja;

/**
 * Thrown if a template cannot be read or rendered, or refuses its values; the message is a clause without a full stop.
 */
public final class TemplateException extends RuntimeException {

    private final boolean raised;

    TemplateException(String message) {
        this(message, false);
    }

    private TemplateException(String message, boolean raised) {
        super(message);
        this.raised = raised;
    }

    /** Creates the exception that {@code raise_exception} of a template throws. */
    static TemplateException raisedBy(String text) {
        return new TemplateException(text, true);
    }

    /** Returns true if the template itself refused its values, with a message of its own. */
    public boolean raised() {
        return raised;
    }
}
