package org.layerwise.data;

/** How the texts of a row become the one text or the pair that a tokenizer gets. */
public enum TextForm {
    /** As they stand: a text, or a pair. */
    PLAIN,
    /** An instruction and its answer, in the Alpaca-style prompt that instruction data are trained with. */
    INSTRUCTION,
    /** A conversation, as a JSON list of turns, in the checkpoint's chat template. */
    CHAT,
    /** A question about an image and its answer, in the prompt of a model that sees images. */
    IMAGE_QUESTION
}
