package org.layerwise.generation.answer;

/** By what an answer was found in a generated text. */
public enum Found {
    /** After {@code ####}, as GSM8K's own solutions end. */
    MARKER("marker"),
    /** In {@code \boxed{...}}, as MATH's own solutions do it. */
    BOXED("boxed"),
    /** After "The answer is", as MetaMathQA's solutions end. */
    PHRASE("phrase"),
    /** It was the last number of a text without any of these. */
    LAST_NUMBER("last_number"),
    /** As the letter of a choice. */
    LETTER("letter");

    private final String id;

    Found(String id) {
        this.id = id;
    }

    /** The name in files. */
    public String id() {
        return id;
    }
}
