package org.layerwise.generation.answer;

import java.util.Optional;

/**
 * Answers in LaTeX, as MATH's (Hendrycks et al., 2021). The model's answer is the content of its last {@code \boxed{}}, else
 * what follows its last "The answer is" (MetaMath, PiSSA); a text with neither has none. Two are the same if they are spelt
 * alike after MATH's normalisation, or are the same number.
 */
public record MathAnswers() implements Answers {

    /** A cell that is longer than this and has no box is a solution that lacks its answer. */
    private static final int LONGEST_PLAIN = 200;

    /** The content of the last box; also the whole of a short cell of one line, where the data give answers alone. */
    @Override
    public Optional<String> gold(String solution) {
        return extract(solution).map(Extracted::answer).or(() -> {
            String whole = solution.strip();
            boolean plain = !whole.isEmpty() && whole.length() <= LONGEST_PLAIN && whole.indexOf('\n') < 0;
            return plain ? Optional.of(whole) : Optional.empty();
        });
    }

    @Override
    public Optional<Extracted> extract(String generated) {
        return Boxed.last(generated)
                .map(answer -> new Extracted(answer.strip(), Found.BOXED))
                .or(() -> AnswerPhrase.last(generated).map(answer -> new Extracted(answer, Found.PHRASE)));
    }

    @Override
    public boolean same(String answer, String gold) {
        String given = MathText.normalised(answer);
        String wanted = MathText.normalised(gold);
        if (given.equals(wanted)) {
            return true;
        }
        Optional<Rational> value = MathText.number(given);
        return value.isPresent() && value.equals(MathText.number(wanted));
    }
}
