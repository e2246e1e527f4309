package org.layerwise.model;

/** Model that can be evaluated on a task: a transformer, with or without adapters, and a head. */
public interface TaskModel {

    /** Returns the model to which the weights belong. */
    TransformerModel base();

    /** Returns the transformer without dropout, with the adapters if there are any. */
    default Transformer transformer() {
        return base().transformer();
    }

    /** Returns the head that reads the hidden states of the transformer. */
    OutputHead head();

    /** Model without adapters, and a head. */
    record Plain(TransformerModel base, OutputHead head) implements TaskModel {}
}
