package org.layerwise.study.evaluation;

/** Forms of a benchmark's questions in prompts. */
public enum PromptForm {
    /** Alpaca-style prompt, as in training on instruction data. */
    INSTRUCTION("instruction"),
    /** Prompt for models without instruction tuning. */
    PLAIN("plain");

    private final String id;

    PromptForm(String id) {
        this.id = id;
    }

    /** Returns the name in settings and files. */
    public String id() {
        return id;
    }
}
