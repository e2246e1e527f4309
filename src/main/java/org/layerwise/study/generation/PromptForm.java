package org.layerwise.study.generation;

/** How the questions of a benchmark are put to a model. */
public enum PromptForm {
    /** In the Alpaca-style prompt that instruction data are trained with. */
    INSTRUCTION("instruction"),
    /** In the form that models without instruction tuning are measured with. */
    PLAIN("plain");

    private final String id;

    PromptForm(String id) {
        this.id = id;
    }

    /** The word used in settings and files. */
    public String id() {
        return id;
    }
}
