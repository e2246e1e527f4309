package org.layerwise.generation.answer;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Answers that are the letter of a choice, as ScienceQA's (Lu et al., 2022). The model's answer is the letter that its text
 * is or begins with ({@code B}, {@code B.}, {@code (B)}, {@code B: the text}), else that after its last "The answer is"; this
 * is how LLaVA's own evaluation reads it.
 */
public record LetterAnswers() implements Answers {

    private static final Pattern FIRST = Pattern.compile("\\(?([A-Z])(?:[.):,]|\\s*$|\\s*\\n)");
    private static final Pattern ALONE =
            Pattern.compile("(?:option\\s+)?\\(?([A-Z])(?![\\w'])", Pattern.CASE_INSENSITIVE);

    @Override
    public Optional<String> gold(String solution) {
        return extract(solution).map(Extracted::answer);
    }

    @Override
    public Optional<Extracted> extract(String generated) {
        String text = generated.strip();
        return letter(FIRST, text)
                .or(() -> AnswerPhrase.last(text).flatMap(answer -> letter(ALONE, answer)))
                .map(answer -> new Extracted(answer, Found.LETTER));
    }

    @Override
    public boolean same(String answer, String gold) {
        return answer.equals(gold);
    }

    private static Optional<String> letter(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.lookingAt() && Character.isUpperCase(matcher.group(1).charAt(0))
                ? Optional.of(matcher.group(1))
                : Optional.empty();
    }
}
