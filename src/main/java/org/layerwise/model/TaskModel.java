package org.layerwise.model;

/** A model that can be measured on a task: a transformer, with or without adapters, and a head. */
public interface TaskModel {

    /** The model that the weights belong to. */
    TransformerModel base();

    /** Its transformer without dropout, with the adapters where there are some. */
    Transformer transformer();

    /** What reads the transformer's hidden states. */
    OutputHead head();

    /** A model as its checkpoint has it. */
    static TaskModel of(TransformerModel base, OutputHead head) {
        return new TaskModel() {
            @Override
            public TransformerModel base() {
                return base;
            }

            @Override
            public Transformer transformer() {
                return base.transformer();
            }

            @Override
            public OutputHead head() {
                return head;
            }
        };
    }
}
