package org.layerwise.study.adapter;

/** Order in which the adapters of layers are removed. */
public enum PruningOrder {
    /** Least energy on the rows first, as LoRA-drop (arXiv 2402.07721) ranks layers. */
    ENERGY("energy", "those that add the least to the outputs first, as LoRA-drop ranks layers"),
    /** Smallest norm of the change of the weights first. */
    NORM("norm", "those that change the weights the least first"),
    /** The layer whose removal costs the least, measured anew after each removal. */
    LOSS("loss", "at each step the one without which the loss was the lowest");

    private final String id;
    private final String words;

    PruningOrder(String id, String words) {
        this.id = id;
        this.words = words;
    }

    /** Returns the name on the command line. */
    public String id() {
        return id;
    }

    /** Returns the words that follow "layers were removed one by one,". */
    String words() {
        return words;
    }
}
