package org.layerwise.generation.answer;

import java.util.Optional;

/** Extraction and comparison of answers to the questions of a benchmark. A new kind is a class that a benchmark names. */
public interface Answers {

    /** Maximum number of characters of an answer. Longer text is not an answer, and comparing it would take long. */
    int LONGEST = 2000;

    /** Returns the correct answer from the solution in the data; empty if the solution has none. */
    Optional<String> gold(String solution);

    /** Returns the answer in a generated text; empty if there is none. */
    Optional<ExtractedAnswer> extract(String generated);

    /** Returns true if an answer equals the correct one. */
    boolean same(String answer, String gold);
}
