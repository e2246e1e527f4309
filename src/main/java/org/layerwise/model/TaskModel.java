package org.layerwise.model;

/** Model that can be evaluated on a task: a transformer, with or without adapters, and a head. */
public interface TaskModel {

    /** Returns the model to which the weights belong. */
    TransformerModel base();

    /** Returns the transformer without dropout, with the adapters if there are any. */
    Transformer transformer();

    /** Returns the head that reads the hidden states of the transformer. */
    OutputHead head();

    /** Creates a task model from a model without adapters and a head. */
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
