package org.layerwise.generation.answer;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Answers that are numbers, as in GSM8K (Cobbe et al., 2021). The model's answer is the number after the first
 * {@code ####} (as in GSM8K's own evaluation and the strict match of lm-evaluation-harness), otherwise the number in
 * the last {@code \boxed{}}, otherwise the first number after the last "The answer is" (MetaMath, PiSSA), otherwise the
 * last number of the text (the flexible match of lm-evaluation-harness). Values are compared exactly; MetaMath's
 * evaluation rounds them to whole numbers. A number in one of these places whose value is not supported, such as
 * {@code 2^10} or {@code 12:30}, is no answer: neither a part of it is, nor a number elsewhere.
 */
public record NumberAnswers() implements Answers {

    private static final Pattern SEVERAL = Pattern.compile("\\d\\s+[.\\d]");
    private static final Pattern MARKER = Pattern.compile("####[ \\t]*+([^\\n]{0,%s})".formatted(LONGEST));

    /**
     * Returns the number after {@code ####}, in a box, or after "The answer is"; otherwise the content of the cell, if
     * it is a single number.
     */
    @Override
    public Optional<String> gold(String solution) {
        return extract(solution)
                .filter(found -> found.found() != AnswerPattern.LAST_NUMBER
                        || solution.length() <= LONGEST && value(solution).isPresent())
                .map(ExtractedAnswer::answer);
    }

    @Override
    public Optional<ExtractedAnswer> extract(String generated) {
        return marked(generated)
                .or(() -> BoxedAnswer.last(generated)
                        .flatMap(NumberAnswers::number)
                        .map(answer -> new ExtractedAnswer(answer, AnswerPattern.BOXED)))
                .or(() -> AnswerPhrase.last(generated)
                        .flatMap(NumberAnswers::number)
                        .map(answer -> new ExtractedAnswer(answer, AnswerPattern.PHRASE)))
                .or(() -> NumbersInText.last(generated)
                        .map(answer -> new ExtractedAnswer(answer, AnswerPattern.LAST_NUMBER)))
                .filter(found -> value(found.answer()).isPresent());
    }

    @Override
    public boolean same(String answer, String gold) {
        Optional<Rational> value = value(answer);
        return value.isPresent() && value.equals(value(gold));
    }

    private static Optional<ExtractedAnswer> marked(String text) {
        Matcher matcher = MARKER.matcher(text);
        return matcher.find()
                ? number(matcher.group(1)).map(answer -> new ExtractedAnswer(answer, AnswerPattern.MARKER))
                : Optional.empty();
    }

    /** Returns the text if it is a number, otherwise the first number in it. */
    private static Optional<String> number(String text) {
        return value(text).isPresent() ? Optional.of(text.strip()) : NumbersInText.first(text);
    }

    /**
     * Returns the value of an answer. Two numbers with a space between them are not a number, although LaTeX ignores
     * the space.
     */
    private static Optional<Rational> value(String answer) {
        return SEVERAL.matcher(MathText.mixed(PlainCharacters.of(answer))).find()
                ? Optional.empty()
                : MathText.number(MathText.normalised(answer));
    }
}
