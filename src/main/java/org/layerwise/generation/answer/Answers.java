package org.layerwise.generation.answer;

import java.util.Optional;

/** How the answers to the questions of a benchmark are found in texts and compared. */
public sealed interface Answers permits NumberAnswers, MathAnswers, LetterAnswers {

    /** The most characters of an answer. What is longer is none, and comparing it takes long. */
    int LONGEST = 2000;

    /** The right answer, from the solution that the data give; empty where it has none. */
    Optional<String> gold(String solution);

    /** The answer that a model's text gives; empty where it gives none. */
    Optional<Extracted> extract(String generated);

    /** Whether an answer is the right one. */
    boolean same(String answer, String gold);
}
