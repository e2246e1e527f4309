package org.layerwise.generation.answer;

import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the answer after the phrase "The answer is", "The final answer is:" or similar. */
final class AnswerPhrase {

    private static final Pattern PHRASE = Pattern.compile("\\banswer\\s+is\\b[ \\t]*:?", Pattern.CASE_INSENSITIVE);
    private static final Pattern SENTENCE_END = Pattern.compile("\\.(?=\\s)|\\n");

    private AnswerPhrase() {}

    /**
     * Returns the text after the last such phrase that is followed by any text, up to the end of the sentence or line;
     * empty if there is none.
     */
    static Optional<String> last(String text) {
        int[] ends = PHRASE.matcher(text).results().mapToInt(MatchResult::end).toArray();
        for (int i = ends.length - 1; i >= 0; i--) {
            String answer = sentence(text, ends[i]);
            if (!answer.isEmpty()) {
                return Optional.of(answer);
            }
        }
        return Optional.empty();
    }

    private static String sentence(String text, int from) {
        int start = from;
        while (start < text.length() && Character.isWhitespace(text.charAt(start))) {
            start++;
        }
        int longest = Math.min(text.length(), start + Answers.LONGEST);
        Matcher end = SENTENCE_END.matcher(text).region(start, longest).useTransparentBounds(true);
        String answer =
                text.substring(start, end.find() ? end.start() : longest).strip();
        return answer.endsWith(".") ? answer.substring(0, answer.length() - 1).strip() : answer;
    }
}
