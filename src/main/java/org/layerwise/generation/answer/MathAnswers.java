package org.layerwise.generation.answer;

import java.util.Optional;

/**
 * Answers in LaTeX, as in MATH (Hendrycks et al., 2021). The model's answer is the content of the last {@code
 * \boxed{}}, otherwise the text after the last "The answer is" (MetaMath, PiSSA); a text with neither has no answer.
 * Two answers are equal if they are spelled identically after MATH's normalization, or if they are the same number.
 */
public record MathAnswers() implements Answers {

    /**
     * Maximum length of an answer without a box in a cell of the data, in characters. A longer cell is a solution
     * without an answer.
     */
    private static final int LONGEST_PLAIN = 200;

    /**
     * Returns the content of the last box or the text after "The answer is"; otherwise the whole cell, if it is a short
     * single line, for data that give only answers.
     */
    @Override
    public Optional<String> gold(String solution) {
        return extract(solution).map(ExtractedAnswer::answer).or(() -> {
            String whole = solution.strip();
            boolean plain = !whole.isEmpty() && whole.length() <= LONGEST_PLAIN && whole.indexOf('\n') < 0;
            return plain ? Optional.of(whole) : Optional.empty();
        });
    }

    @Override
    public Optional<ExtractedAnswer> extract(String generated) {
        return BoxedAnswer.last(generated)
                .map(answer -> new ExtractedAnswer(answer.strip(), AnswerPattern.BOXED))
                .or(() ->
                        AnswerPhrase.last(generated).map(answer -> new ExtractedAnswer(answer, AnswerPattern.PHRASE)));
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
