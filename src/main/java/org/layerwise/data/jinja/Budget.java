package org.layerwise.data.jinja;

/** How much a template may do, so that none runs for ever. */
final class Budget {

    private static final int MOST_STEPS = 1_000_000;
    private static final int MOST_CALLS = 100;

    private int steps;
    private int calls;

    /** To be called for everything that is done. */
    void step() {
        if (++steps > MOST_STEPS) {
            throw new TemplateException("it does more than a million steps");
        }
    }

    void enter() {
        if (++calls > MOST_CALLS) {
            throw new TemplateException("its macros call each other too deeply");
        }
    }

    void leave() {
        calls--;
    }
}
