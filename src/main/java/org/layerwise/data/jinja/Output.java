package org.layerwise.data.jinja;

/** Text that a template writes, up to a limit. */
final class Output {

    private static final int LONGEST = 4 << 20;

    private final Budget budget;
    private final StringBuilder text = new StringBuilder();

    Output(Budget budget) {
        this.budget = budget;
    }

    void add(String more) {
        if (text.length() + more.length() > LONGEST) {
            throw new TemplateException("it writes more than 4 million characters");
        }
        budget.work(more.length());
        text.append(more);
    }

    String text() {
        return text.toString();
    }
}
