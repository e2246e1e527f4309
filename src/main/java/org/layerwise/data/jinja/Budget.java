package org.layerwise.data.jinja;

/**
 * The limits of one rendering, so that no template runs for ever: on its steps, on calls of macros within each other, and on the
 * characters and elements that its operations look at.
 */
final class Budget {

    private static final int MOST_STEPS = 1_000_000;
    private static final int MOST_CALLS = 100;
    private static final long MOST_WORK = 100_000_000;

    /** Characters that a search compares at once, about. */
    private static final int COMPARED_AT_ONCE = 16;

    private int steps;
    private int calls;
    private long work;

    /** Counts characters or elements that an operation is about to look at. */
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

    /** Counts an operation on a text: its characters, and a search for each text that the operation is given. */
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
