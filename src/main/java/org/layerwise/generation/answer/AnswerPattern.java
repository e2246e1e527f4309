package org.layerwise.generation.answer;

/** Pattern by which an answer was found in a generated text. */
public enum AnswerPattern {
    /** The number after {@code ####}, as at the end of GSM8K's own solutions. */
    MARKER("marker"),
    /** The content of {@code \boxed{...}}, as in MATH's own solutions. */
    BOXED("boxed"),
    /** The text after "The answer is", as at the end of MetaMathQA's solutions. */
    PHRASE("phrase"),
    /** The last number of a text without any of the other patterns. */
    LAST_NUMBER("last_number"),
    /** The letter of a choice. */
    LETTER("letter");

    private final String id;

    AnswerPattern(String id) {
        this.id = id;
    }

    /** Returns the name in files. */
    public String id() {
        return id;
    }
}
