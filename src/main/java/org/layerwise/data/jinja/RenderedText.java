package org.layerwise.data.jinja;

/** Text that a template writes, up to a limit. */
final class RenderedText {

    private static final int LONGEST = 4 << 20;

    private final RenderLimits budget;
    private final StringBuilder text = new StringBuilder();

    RenderedText(RenderLimits budget) {
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
