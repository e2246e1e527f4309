package org.layerwise.generation.answer;

/**
 * An answer that was found in a generated text.
 *
 * @param answer answer as written in the text
 * @param found pattern that found the answer
 */
public record ExtractedAnswer(String answer, AnswerPattern found) {}
