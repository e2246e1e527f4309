package org.layerwise.data.jinja;

/**
 * Limits of one rendering, so that every template ends: the number of steps, the depth of nested macro calls, and the
 * number of characters and elements that its operations read.
 */
final class RenderLimits {

    private static final int MOST_STEPS = 1_000_000;
    private static final int MOST_CALLS = 100;
    private static final long MOST_WORK = 100_000_000;

    /** Approximate number of characters that a search compares at once. */
    private static final int COMPARED_AT_ONCE = 16;

    private int steps;
    private int calls;
    private long work;

    /** Counts characters or elements that an operation is about to read. */
    void work(long elements) {
        work += elements;
        if (work > MOST_WORK) {
            throw new TemplateException("it looks at more than a hundred million characters and elements");
        }
    }

    /** Counts a search for a part in a text. */
    void search(String text, String part) {
        work(text.length() + (long) text.length() * part.length() / COMPARED_AT_ONCE);
    }

    /** Counts an operation on a text: its characters, and a search for each text among the arguments. */
    void operation(Object on, Arguments given) {
        if (on instanceof String text) {
            work(text.length());
            given.positional().forEach(each -> searchFor(each, text));
            given.named().values().forEach(each -> searchFor(each, text));
        }
    }

    private void searchFor(Object part, String text) {
        if (part instanceof String wanted) {
            search(text, wanted);
        }
    }

    /** Counts a step; every operation must call this method. */
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
