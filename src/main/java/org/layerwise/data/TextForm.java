package org.layerwise.data;

/** Form of the texts of a row, which decides how the text or the pair for the tokenizer is built. */
public enum TextForm {
    /** Text or pair of texts, used unchanged. */
    PLAIN,
    /** Instruction with its answer, in the Alpaca-style prompt on which instruction data are trained. */
    INSTRUCTION,
    /** Conversation as a JSON list of turns, in the checkpoint's chat template. */
    CHAT,
    /** Question about an image with its answer, in the prompt of a model that takes images. */
    IMAGE_QUESTION
}
