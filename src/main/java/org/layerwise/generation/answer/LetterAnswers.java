package org.layerwise.generation.answer;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Answers that are the letter of a choice, as in ScienceQA (Lu et al., 2022). The model's answer is the letter that its
 * text consists of or begins with ({@code B}, {@code B.}, {@code (B)}, {@code B: the text}), otherwise the letter after
 * the last "The answer is", as in LLaVA's own evaluation. "Answer:" or "Option" may precede the letter, and asterisks
 * of Markdown are ignored. The last resort is a letter in {@code \boxed{}}.
 */
public record LetterAnswers() implements Answers {

    private static final Pattern FIRST =
            Pattern.compile("(?:(?i:answer|option)(?:\\s*+:)?\\s++)?\\(?([A-Z])(?:[.):,]|\\s*$|\\s*\\n)");
    private static final Pattern ALONE =
            Pattern.compile("(?:option\\s+)?\\(?([A-Z])(?![\\w'])", Pattern.CASE_INSENSITIVE);

    @Override
    public Optional<String> gold(String solution) {
        return extract(solution).map(ExtractedAnswer::answer);
    }

    @Override
    public Optional<ExtractedAnswer> extract(String generated) {
        String text = generated.replace("**", "").strip();
        return letter(FIRST, text)
                .or(() -> AnswerPhrase.last(text).flatMap(answer -> letter(ALONE, answer)))
                .or(() -> BoxedAnswer.last(text).flatMap(answer -> letter(FIRST, MathText.normalised(answer))))
                .map(answer -> new ExtractedAnswer(answer, AnswerPattern.LETTER));
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
